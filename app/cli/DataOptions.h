#pragma once

#include "model/data/Dataset.h"
#include "model/data/Readers.h"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>
#include <vector>

namespace layersmith {

/// The options that say which data to use and how: shared by train and evaluate.
struct DataOptions {
  std::string data;
  std::string labels;
  std::vector<std::string> targets;
  std::vector<std::string> features;
  std::vector<std::string> textColumns;
  std::string scaling;
  std::string targetType;
  std::string delimiter;
  bool hasHeader = false;
  bool hasNoHeader = false;
  bool skipsBadRows = false;
  std::optional<double> validationSplit;
  std::optional<int> samples;
  std::optional<double> noise;
  std::optional<std::uint64_t> splitSeed;

  void addTo(CLI::App& command);
  bool choosesColumns() const {
    return !targets.empty() || !features.empty() || !scaling.empty() || !targetType.empty();
  }
};

/// The data as read, with the recipe a person would most likely want, changed as the options say.
struct LoadedData {
  std::shared_ptr<const RawData> raw;
  DataRecipe recipe;
};

/// --data is a sample's name, a CSV file, or with --labels an IDX file. Errors: as the readers; NotFound for columns.
LoadedData loadData(const DataOptions& options);

/// The split of the options and its seed put into a recipe.
void applySplit(const DataOptions& options, DataRecipe& recipe);

}  // namespace layersmith
