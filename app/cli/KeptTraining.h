#pragma once

#include "model/document/RecoveryJournal.h"
#include "model/session/CheckpointPace.h"

#include <functional>
#include <string>

namespace layersmith {

class Output;

/// A training of the command line in the folder `recovery/cli`, beside what the studio keeps: a checkpoint every 5 s,
/// or less often as CheckpointPace says, and one where it is stopped. What nobody goes on with goes after 30 days.
class KeptTraining {
 public:
  /// `state`: as the training began. Nothing is written yet. `name` of one that goes on; else made from `title`.
  KeptTraining(Output& output, const QString& title, const DocumentState& state, const QString& name = {});

  bool isDue() const { return m_pace.isDue(now()); }
  /// A write that fails is a warning, once: the training goes on.
  void keep(const std::function<TrainingCheckpoint()>& take);
  void forget();

  const QString& name() const { return m_label.key; }
  bool isKept() const { return m_isKept; }  ///< a checkpoint of it is on the disk
  /// "The training is kept in FOLDER. Go on with: layersmith-cli train --resume NAME"
  std::string howToGoOn() const;

  struct Found {
    QString name;
    RecoveredDocument training;
  };
  /// The one of that name, or with an empty one the newest that no process is at. Errors: NotFound; Busy, with the
  /// process that trains it; Format when no checkpoint of it can be read.
  static Found find(const std::string& name);

 private:
  static CheckpointPace::Seconds now();

  Output& m_output;
  RecoveryLabel m_label;
  const DocumentState m_state;
  RecoveryJournal m_journal;
  CheckpointPace m_pace;
  bool m_isKept;
  bool m_hasFailed = false;  ///< and said so
};

}  // namespace layersmith
