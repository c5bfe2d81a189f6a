#pragma once

#include "model/document/DocumentState.h"

#include <QDateTime>
#include <QObject>
#include <QString>

#include <vector>

namespace layersmith {

/// Keeps unsaved work safe from a crash: each changed document is written, whole, to the recovery folder 2 s after a
/// change (artifacts and a small side note; atomically), and removed when saved or discarded.
struct RecoveredDocument {
  QString key;  ///< one per document and program run
  QString name;
  QString url;
  QDateTime written;
  int edits = 0;
  DocumentState state;
};

class RecoveryJournal {
 public:
  explicit RecoveryJournal(QString folder);

  void write(const QString& key, const QString& name, const QString& url, int edits, const DocumentState& state);
  void remove(const QString& key);

  /// Entries of programs that are not running any more. Damaged ones are passed over, never deleted.
  std::vector<RecoveredDocument> recoverable() const;

 private:
  QString m_folder;
};

}  // namespace layersmith
