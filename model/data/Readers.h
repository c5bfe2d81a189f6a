#pragma once

#include "model/data/Dataset.h"

#include <QString>

#include <functional>

namespace layersmith {

struct CsvOptions {
  char delimiter = 0;  ///< 0: guessed from , ; tab |
  enum class Header { Guess, Yes, No } header = Header::Guess;
  std::int64_t maxRows = 0;  ///< 0: all; 100 for a preview
};

/// Return false to stop; what was read so far is kept.
using ReadProgress = std::function<bool(std::int64_t bytesRead, std::int64_t bytesTotal)>;

/// Errors: Io; Format E140 with row and column (ragged row, unclosed quote); E102 for what is not text; LimitExceeded.
std::shared_ptr<const RawData> readCsv(const QString& path, const CsvOptions& options = {}, const ReadProgress& progress = {});

/// A table that comes with the program: "iris.csv". Errors: NotFound.
std::shared_ptr<const RawData> readBundledCsv(const QString& name);

/// A pair of IDX files (.gz too) as MNIST ships them. Errors: Format E140, E110 when the header and the bytes disagree.
std::shared_ptr<const RawData> readIdx(const QString& imagesPath, const QString& labelsPath);

/// The recipe a person would most likely want: target = last column or one named label/class/target/species,
/// standard scaling for features, classes where the target is text or has few whole numbers.
DataRecipe guessRecipe(const RawData& raw, const QString& source);

}  // namespace layersmith
