#pragma once

#include "model/document/DocumentState.h"
#include "model/document/TrainingCheckpoint.h"

#include <QString>

namespace layersmith {

/// What a recovery file says beside the model. JSON in the file; see RecoveryEntry.cpp for the bytes.
struct RecoveryLabel {
  QString key;   ///< one per document; names its files
  QString name;  ///< of the document
  QString url;   ///< where it is kept; empty: nowhere yet
  QString base;  ///< ModelLibrary::stamp() of what was there when it was opened or saved last
  int edits = 0;
};

/// The file of a document, or of a checkpoint of its training. Weights are written from where they are.
WeightBytes recoveryBytes(const RecoveryLabel& label, const DocumentState& state,
                          const TrainingCheckpoint* checkpoint = nullptr);

struct RecoveryEntry {
  RecoveryLabel label;
  QString owner;  ///< processMark() of the program that wrote it
  QDateTime written;
  DocumentState state;  ///< without its data
  std::shared_ptr<const TrainingCheckpoint> checkpoint;
};

/// Errors: Io; Format for a file that is not whole.
RecoveryEntry readRecoveryEntry(const QString& path);
QString ownerOf(const QString& path);  ///< its owner only; empty when it cannot be read

QString processMark();                      ///< of this program: told apart from others also after a restart
bool isOtherRunning(const QString& owner);  ///< whether that program runs still, and is not this one

}  // namespace layersmith
