#pragma once

#include "model/storage/folder/FolderLayout.h"

namespace layersmith {

/// A model's folder that is written anew beside itself, as .NAME.layersmith-saving, and then exchanged in one step (of
/// a NAME that leaves no room for that, its start and its hash). The old one is .NAME.layersmith-replaced until its
/// files are gone; what other programs put into it meanwhile comes along into the new one. REQUIRES: the lock of the
/// folder around.
class FolderExchange {
 public:
  explicit FolderExchange(FolderLayout layout);
  ~FolderExchange();  ///< what was not published goes
  FolderExchange(const FolderExchange&) = delete;
  FolderExchange& operator=(const FolderExchange&) = delete;

  /// Ends what a killed save left: its own files go, others come back into the model's folder. What cannot go stays.
  static void sweep(const FolderLayout& layout);

  bool begin();  ///< false: folders cannot be exchanged here. Errors: E201
  const QString& fresh() const { return m_fresh; }

  /// What is in fresh() takes the model's place, and that lasts. `oldFiles` and `newFiles`: all of a model but its
  /// model.json. False: it cannot; nothing was changed. Errors: E201; then the old model is back.
  bool publish(const QStringList& oldFiles, const QStringList& newFiles);

 private:
  bool exchange();
  void takeBack(const QStringList& newFiles);

  FolderLayout m_layout;
  QString m_fresh;
  QString m_aside;
  bool m_replaces = false;  ///< a folder is there
  unsigned m_mode = 0;      ///< its access
};

/// Whether the folder holds nothing but these files: no others, be their names UTF-8 or not, no links, no folders
/// without one of them. False when it cannot be read.
bool holdsOnly(const QString& folder, const QStringList& files);

}  // namespace layersmith
