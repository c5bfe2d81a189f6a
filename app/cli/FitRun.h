#pragma once

#include "app/cli/Interrupt.h"
#include "app/cli/KeptTraining.h"

namespace layersmith {

struct Trained {
  DocumentState state;  ///< with the new weights
  FitResult fit;
  FitPosition end;
  bool isStopped = false;  ///< by Ctrl-C or SIGTERM; its checkpoint is in `kept`

  TrainingCheckpoint checkpoint() const;  ///< of its end
};

/// One fit on the command line. It keeps a checkpoint now and then, and where it is stopped, in `kept`.
/// `from`: where it goes on; null: from the beginning. Errors: E401; as Trainer.
Trained runFit(const DocumentState& state, const TrainingData& data, const TrainingData* validation,
               const TrainerCallbacks& callbacks, KeptTraining& kept, const TrainingCheckpoint* from = nullptr);

}  // namespace layersmith
