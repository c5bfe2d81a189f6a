#pragma once

#include "model/nn/Graph.h"
#include "model/training/TrainingConfig.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace layersmith {

/// What one repeat of a workload is.
enum class WorkloadKind {
  Fit,           ///< a whole model.fit(), building the model included
  TrainingStep,  ///< one step of a fit: gather the batch, forward, loss, backward, optimizer
  Inference      ///< one predict() of a batch
};

/// One of the networks that engines are compared on: sizes, optimizer and loss are fixed, data is made.
/// Thread rule: pure.
struct Workload {
  std::string_view name;  ///< "W4"
  std::string_view help;  ///< one sentence
  WorkloadKind kind;
  std::int64_t batch;    ///< samples of one repeat (Fit: of one step)
  double gflop;          ///< arithmetic of one repeat, 10^9; a training step counts as three forward passes; 0: unknown
  double goal;           ///< wanted: our time divided by the best PyTorch variant's in the same run; 0: none
  Graph (*makeGraph)();  ///< input shapes are in the graph
  std::string_view loss;  ///< TensorFlow.js' name; empty for Inference
  double learningRate = 1e-3;

  TrainingConfig trainingConfig() const;  ///< adam, `loss`, no metrics
};

/// W1, W2, W3, W3s, W4, W5, W6, W6b, W7, in this order.
std::span<const Workload> workloads();

/// nullptr when there is no such workload.
const Workload* findWorkload(std::string_view name);

}  // namespace layersmith
