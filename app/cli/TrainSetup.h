#pragma once

#include "app/cli/DataOptions.h"
#include "model/document/DocumentState.h"

#include <QString>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace layersmith {

class Program;

struct TrainOptions {
  std::string place;
  std::string templateName;
  DataOptions data;
  std::string dataJson;
  std::optional<int> steps;
  std::optional<int> epochs;
  std::optional<int> batchSize;
  std::optional<std::uint64_t> seed;
  std::string optimizer;
  std::optional<double> learningRate;
  std::string loss;
  std::vector<std::string> metrics;
  bool hasNoShuffle = false;
  std::string save;
  bool includesOptimizer = false;
  bool isForced = false;
  QString base;                       ///< stamp of the model at `place` that `save` replaces, from before it was read
  std::optional<std::string> resume;  ///< name of a kept training; empty: the newest
  std::function<std::vector<std::string>()> given;  ///< names of the options on the command line
};

/// The model, its data and its training settings, as the options ask for them, ready to run.
/// Errors: usage; as openModel and loadData; ShapeMismatch when model and data do not fit.
DocumentState setUpTraining(Program& program, const TrainOptions& options);

/// The same for --data-json, where the data is not part of the document.
DocumentState setUpStepTraining(Program& program, const TrainOptions& options);

}  // namespace layersmith
