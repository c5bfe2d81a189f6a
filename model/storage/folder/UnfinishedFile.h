#pragma once

#include "model/storage/folder/FileAccess.h"

namespace layersmith {

/// A file that gets its name when it is whole. Until then it is ".NAME.RANDOM.layersmith-new", no other writer's, and
/// locked, so that no sweep takes it. What does not get its name goes; what killed processes left of the same NAME goes
/// when the next one begins.
class UnfinishedFile {
 public:
  /// `name` is relative to the open folder, which outlives this; `path` is for messages. Errors: E201.
  UnfinishedFile(int folder, QByteArray name, QString path, SaveRoom room);
  ~UnfinishedFile();
  UnfinishedFile(const UnfinishedFile&) = delete;
  UnfinishedFile& operator=(const UnfinishedFile&) = delete;

  NewFile& file() { return *m_file; }
  void replace();  ///< takes the name, and the access of what had it. Errors: E201
  bool place();    ///< takes the name; false: it is taken. Errors: E201

 private:
  bool isNamed() const;

  int m_folder;
  QByteArray m_name;
  QByteArray m_fresh;
  QString m_path;
  SaveRoom m_room;
  std::optional<NewFile> m_file;
  bool m_isPlaced = false;
};

/// renameat2 that never replaces, also where the file system has no such thing: a file by a link, a folder in two
/// steps. 0 or errno.
int renameNoReplace(int fromFolder, const QByteArray& from, int toFolder, const QByteArray& to);

}  // namespace layersmith
