#pragma once

#include "model/data/Dataset.h"

#include <QString>

#include <functional>
#include <memory>

namespace layersmith {

struct CsvOptions {
  char delimiter = 0;  ///< 0: guessed from , ; tab |
  enum class Header { Guess, Yes, No } header = Header::Guess;
  std::int64_t maxRows = 0;  ///< 0: all; 100 for a preview
  QStringList textColumns;   ///< columns to read as text although they look like numbers
  bool skipBadRows = false;  ///< leave ragged rows and rows with text in a number column out, and say how many
};

/// Return false to stop; what was read so far is kept.
using ReadProgress = std::function<bool(std::int64_t bytesRead, std::int64_t bytesTotal)>;

/// Streams the file in pieces of 1 MiB. A column is numeric when, in the first 1,000 rows, at most one value in ten (or
/// a single one) is not a number; text found there later is an error. Missing: empty, NA, N/A, NaN, null, ?. Errors:
/// NotFound, Io; Format E140 with row and column (ragged row, text in a number column, unclosed quote, decimal comma);
/// E102 for what is not text; LimitExceeded E130.
std::shared_ptr<const RawData> readCsv(const QString& path, const CsvOptions& options = {},
                                       const ReadProgress& progress = {});

/// A table that comes with the program: "iris.csv". Errors: NotFound.
std::shared_ptr<const RawData> readBundledCsv(const QString& name);

/// A pair of IDX files (.gz too) as MNIST ships them. Errors: Format E140, E110 when the header and the bytes disagree.
std::shared_ptr<const RawData> readIdx(const QString& imagesPath, const QString& labelsPath);

/// An array that numpy.save() wrote, C order. Errors: Format E140, E110; E102; Unsupported; LimitExceeded E130.
Tensor readNpy(const QString& path);

/// The recipe a person would most likely want: target = last column or one named label/class/target/species,
/// standard scaling for features, classes where the target is text or has few whole numbers.
DataRecipe guessRecipe(const RawData& raw, const QString& source);

}  // namespace layersmith
