// Trains the two moons for kEpochs epochs and keeps it in FOLDER after the epochs given, whatever comes of that. Says
// "EPOCH failed: REASON" for each that failed, and at last the hash of its weights. usage: fault_trainer FOLDER
// EPOCH...
#include "model/core/Error.h"
#include "tests/model/document/FaultTraining.h"

#include <cstdio>

using namespace layersmith;
using namespace layersmith::fixtures;

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  RecoveryJournal journal(QString::fromLocal8Bit(argv[1]));
  const QByteArray hash =
      faultTraining([&](int epoch, const DocumentState& state, const TrainingCheckpoint& checkpoint) {
        const bool isAsked =
            std::any_of(argv + 2, argv + argc, [&](const char* text) { return std::atoi(text) == epoch; });
        if (!isAsked) return;
        try {
          RecoveryLabel label{QStringLiteral("one"), QStringLiteral("moons"), {}, {}, epoch};
          journal.write(label, state);
          journal.writeCheckpoint(label, state, checkpoint);
        } catch (const Error& error) {
          std::printf("%d failed: %s %s\n", epoch, error.code().c_str(), error.what());
        }
      });
  std::printf("%s\n", hash.constData());
  return 0;
}
