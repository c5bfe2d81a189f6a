#pragma once

#include "model/storage/folder/Descriptor.h"
#include "model/storage/folder/FileAccess.h"

struct stat;

namespace layersmith {

/// A file of a folder by its name there, "sub/weights.bin", with the folder it lies in held open: what is done to it is
/// done there and nowhere else, though folders on the way become links meanwhile. A link of that name stands for
/// itself, never for what it leads to.
class FolderFile {
 public:
  enum class Way { Found, Made };
  /// Way::Made: folders on the way are made where they are missing. A way that leads through a link is an error of the
  /// members that write; for the others nothing is there.
  FolderFile(const OpenFolder& folder, const QString& name, Way way = Way::Found);
  static FolderFile at(const QString& path);  ///< Errors: NotFound, Io when the folder around it cannot be opened

  const QString& path() const { return m_path; }
  bool isThere() const;  ///< anything of that name
  bool isFile() const;   ///< a regular file, or a link
  std::int64_t size() const;
  bool equals(const FolderFile& other) const;  ///< the same content, or links to the same; false when unread

  NewFile make(SaveRoom room) const;  ///< Errors: E131, E201
  void remove() const;                ///< what is not there is as good as removed. Errors: E131, E201
  bool tryRemove() const;             ///< as remove(); false instead of an error

  /// `from` under this name too, as a link or, where the file system has none, as a copy that is whole or not there;
  /// the folder is not synced. Errors: E131, E201, also when the name is taken.
  void place(const FolderFile& from) const;
  /// The same, but never a link: what is written into `from` later does not show here. Errors: as place().
  void placeCopy(const FolderFile& from) const;
  void detach() const;  ///< the same for a file that place() linked: it becomes a copy. Errors: E131, E201

 private:
  void walk(int from, const QStringList& names, Way way);
  bool status(struct stat& found) const;
  void requireFolder() const;
  QByteArray linkTarget() const;  ///< empty: it is no link
  void copy(const FolderFile& from, bool mayReplace = false) const;

  QString m_path;
  QByteArray m_name;  ///< in m_folder
  Descriptor m_folder;
  int m_code = 0;  ///< why there is no m_folder
};

/// Those of `names` that are files of the folder, or links in it that stand for themselves.
QStringList filesOf(const OpenFolder& folder, const QStringList& names);

/// A file or a folder gets another name, in one step; the folders are not synced. False: it was taken.
/// Errors: E201.
bool renameToFree(const QString& from, const QString& to);
bool renameToFree(const QByteArray& from, const QByteArray& to);

}  // namespace layersmith
