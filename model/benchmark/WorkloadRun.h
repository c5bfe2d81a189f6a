#pragma once

#include "model/benchmark/Repeats.h"
#include "model/benchmark/Workloads.h"
#include "model/core/Scalar.h"
#include "model/training/Trainer.h"

#include <optional>
#include <string>
#include <vector>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// Milliseconds of each repeat, in order, warm-up left out.
struct WorkloadTimes {
  std::vector<double> ms;
  std::optional<double> firstMs;  ///< Fit: the first in this process, which `ms` leaves out
  std::string threads;            ///< training: how many were chosen, and why
};

/// Runs a workload on made data (the same each time) as the product runs it: a fit is Network and Trainer, a training
/// step is one batch of a running fit, an inference is one predict().
/// Errors: Unsupported when a layer type of the workload is not known here.
WorkloadTimes runWorkload(const Workload& workload, const RepeatLimits& limits);

/// Milliseconds of training steps of a graph of one input and output: adam, made data. One endless fit, timed from one
/// finished batch to the next: what a person waits for, shuffling and gathering included.
/// Errors: as Network and Trainer; Numeric when the loss diverges.
WorkloadTimes timeTrainingSteps(const Graph& graph, const TrainingConfig& config, std::int64_t batch,
                                const RepeatLimits& limits);

/// Inputs uniform in [-1, 1), targets classes drawn evenly (one value: 0 or 1), for a graph of one input and output.
TrainingData makeWorkloadData(const Graph& graph, std::int64_t samples);

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith
