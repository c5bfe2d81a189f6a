#include "app/cli/FitRun.h"

#include "model/core/Error.h"
#include "model/document/Edits.h"

#include <optional>

namespace layersmith {

namespace {

[[noreturn]] void reportDivergence(const FitResult& result, const Graph& graph, const KeptTraining& kept) {
  const LayerSpec* layer = graph.find(result.divergedLayer);
  std::string hint = "A learning rate ten times smaller usually helps.";
  if (kept.isKept()) hint += " " + kept.howToGoOn() + " --learning-rate R";
  throw Error(ErrorKind::Numeric,
              "The loss is no longer a number at epoch " + std::to_string(result.epoch + 1) + ", batch " +
                  std::to_string(result.batch + 1) + (layer ? ", first in `" + layer->name + "`" : std::string()) +
                  ". Nothing was saved.",
              "E401", {}, hint);
}

}  // namespace

TrainingCheckpoint Trained::checkpoint() const {
  return {state.weights, state.optimizer, end, -1, 0, {}, 0};
}

Trained runFit(const DocumentState& state, const TrainingData& data, const TrainingData* validation,
               const TrainerCallbacks& callbacks, KeptTraining& kept, const TrainingCheckpoint* from) {
  const ComputeChoice before = from ? from->position.compute : ComputeChoice{state.fit.threads, defaultComputePath()};
  Network network(state.graph, from ? from->weights : state.weights, state.fit.seed, before.kernels);
  Trainer trainer(network, state.training, from ? from->optimizer : state.optimizer);
  FitOptions options = state.fit;
  options.threads = before.threads;

  const Interrupt interrupt;
  const auto take = [&] {
    return TrainingCheckpoint{network.weights(), trainer.optimizerState(), trainer.position(), -1, 0, {}, 0};
  };
  std::optional<FitPosition> stoppedAt;
  TrainerCallbacks guarded;
  guarded.batchFinished = [&](const BatchLog& log) {
    const bool isStopped = interrupt.isAsked();
    if (isStopped || kept.isDue()) kept.keep(take);
    const bool goesOn = callbacks.batchFinished(log) && !isStopped;
    if (!goesOn) stoppedAt = trainer.position();
    return goesOn;
  };
  guarded.epochFinished = [&](const EpochLog& log) {
    if (callbacks.epochFinished) callbacks.epochFinished(log);
    const bool isStopped = interrupt.isAsked();
    if (isStopped) kept.keep(take);
    return !isStopped;
  };
  FitResult result = trainer.fit(data, validation, options, guarded, from ? &from->position : nullptr);
  if (result.end == FitResult::End::Diverged) reportDivergence(result, state.graph, kept);
  const auto run =
      std::make_shared<TrainingRun>(TrainingRun{result.history, state.training, state.fit, result.compute});
  const bool isStopped = interrupt.isAsked() && result.end == FitResult::End::Stopped;
  const FitPosition end =
      stoppedAt.value_or(FitPosition{int(result.history.size()), 0, {}, 0, result.history, result.compute});
  return {edits::setWeights(state, network.weights(), trainer.optimizerState(), run), std::move(result), end,
          isStopped};
}

}  // namespace layersmith
