#pragma once

#include "model/document/RecoveryJournal.h"
#include "model/document/Templates.h"

#include <QCryptographicHash>

#include <functional>

namespace layersmith::fixtures {

inline constexpr int kEpochs = 4;

inline QByteArray hashOf(const WeightSet& weights) {
  QCryptographicHash hash(QCryptographicHash::Sha256);
  for (const WeightSet::Entry& entry : weights) {
    const auto bytes = entry.buffer->bytes.span();
    hash.addData(QByteArrayView(reinterpret_cast<const char*>(bytes.data()), qsizetype(bytes.size())));
  }
  return hash.result().toHex();
}

/// A short training, the same each time; `kept` is called after each epoch, counted from 1. Gives hashOf() the end.
inline QByteArray faultTraining(
    const std::function<void(int epoch, const DocumentState& state, const TrainingCheckpoint& checkpoint)>& kept) {
  DocumentState state = makeTemplate(QStringLiteral("twoMoons"));
  state.fit.epochs = kEpochs;
  Network network(state.graph, state.weights, state.fit.seed);
  Trainer trainer(network, state.training);
  TrainerCallbacks callbacks;
  callbacks.epochFinished = [&](const EpochLog& log) {
    kept(log.epoch + 1, state,
         {network.weights(), trainer.optimizerState(), trainer.position(), log.epoch, 0, network.weights(), 0});
    return true;
  };
  trainer.fit(state.dataset->training, &state.dataset->validation, state.fit, callbacks);
  return hashOf(network.weights());
}

}  // namespace layersmith::fixtures
