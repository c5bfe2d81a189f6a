#pragma once

#include "model/document/RecoveryEntry.h"

#include <map>
#include <optional>
#include <vector>

namespace layersmith {

/// Work that a program left behind.
struct RecoveredDocument {
  RecoveryLabel label;
  QDateTime written;
  DocumentState state;  ///< with its data; as it was before the training that `checkpoint` is of
  std::shared_ptr<const TrainingCheckpoint> checkpoint;  ///< null: no training was under way

  DocumentState learned() const;  ///< with what the training had learned by its checkpoint
};

/// Keeps unsaved work safe from a crash, in files of the recovery folder: KEY.recovery is a changed document, written
/// whole; KEY.data its data, written once; KEY.1.checkpoint, ... the newest 3 of a training. Each is written and synced
/// beside its name and renamed, so that the one before stays until the new one is there.
/// Errors: E201 (model/storage/folder/FileAccess.h). Thread rule: one thread.
class RecoveryJournal {
 public:
  explicit RecoveryJournal(QString folder);

  void write(const RecoveryLabel& label, const DocumentState& state);
  /// `state` is the document as the training began. Weights that are not numbers are not written: false.
  bool writeCheckpoint(const RecoveryLabel& label, const DocumentState& state, const TrainingCheckpoint& checkpoint);
  void remove(const QString& key);
  void removeCheckpoints(const QString& key);

  /// Work of programs that are not running any more, newest first: each document with its newest checkpoint that can be
  /// read. Damaged files are passed over, never deleted.
  std::vector<RecoveredDocument> recoverable() const;
  /// The one of this key, whoever wrote it; nothing when none can be read.
  std::optional<RecoveredDocument> recovered(const QString& key) const;
  /// Removes what was being written when a process was killed.
  void sweep() const;

 private:
  void put(const QString& name, const WeightBytes& bytes);
  void writeData(const QString& key, const DocumentState& state);
  QStringList filesOf(const QString& key, const QString& ending) const;  ///< newest first
  void attachData(const QString& key, DocumentState& state) const;

  QString m_folder;
  std::map<QString, std::weak_ptr<const RawData>> m_data;  ///< what KEY.data holds
};

}  // namespace layersmith
