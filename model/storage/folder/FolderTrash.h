#pragma once

#include "model/storage/folder/FolderLayout.h"

namespace layersmith {

/// Removed and replaced models of folders: <home>/trash/<id>/ with info.json and files/. Files are linked where the
/// file system allows, else copied; originals go only when all of them are safe here, names and all. An entry comes and
/// goes whole: what a killed process left unfinished goes with the next removal.
/// Other tools keep things in a folder of that name too: an entry has a UUID for its name and holds an info.json of
/// ours, or one that is damaged. Nothing else is listed, restored or removed.
class FolderTrash {
 public:
  explicit FolderTrash(QString folder) : m_folder(std::move(folder)) {}

  /// Links the files here, or copies them; all or none. `staying`, those that will not be removed where they are, are
  /// copied: what is written into them later does not show here. Errors: E201.
  TrashEntry keep(const FolderLayout& layout, const QStringList& files, const QStringList& staying = {});

  /// Of an entry that keep() linked: these files stay after all. Errors: E201; then the entry is whole all the same.
  void detach(const QString& id, const QStringList& staying) const;

  std::vector<TrashEntry> list() const;
  bool contains(const QString& id) const;  ///< Errors: Io, when it cannot be known

  /// All files or none. One that is there with the same content, as a killed restore left it, is as good as put back.
  /// Errors: AlreadyExists when another is there, NotFound, E203, E201; then it stays here.
  void restore(const QString& id);
  /// As restore() for who holds the lock of the folder, and the entry stays.
  void putBack(const QString& id) const;
  void purge(const QString& id);          ///< Errors: NotFound, E201.
  void discard(const QString& id) const;  ///< purges what is not needed; what cannot go stays an entry
  void empty();                           ///< What cannot be read stays. Errors: E201.

 private:
  QStringList ids() const;  ///< of what may be entries
  bool isSurelyOurs(const QString& id) const;
  QString entryFolder(const QString& id) const;
  QString unfinishedFolder(const QString& id) const;
  bool take(const QString& id) const;       ///< away for good; false: some of it is left
  void takeWhole(const QString& id) const;  ///< Errors: E201
  void sweep() const;                       ///< REQUIRES: the lock of m_folder

  QString m_folder;
};

}  // namespace layersmith
