#pragma once

#include "model/storage/FolderLayout.h"

namespace layersmith {

/// Removed and replaced models of folders: <home>/trash/<id>/ with info.json and files/. Files are linked where the
/// file system allows, else copied; originals go only when all of them are safe here.
class FolderTrash {
 public:
  explicit FolderTrash(QString folder) : m_folder(std::move(folder)) {}

  /// Copies or links the files here. Errors: E201.
  TrashEntry keep(const FolderLayout& layout, const QStringList& files);

  std::vector<TrashEntry> list() const;
  bool contains(const QString& id) const;

  /// Errors: AlreadyExists when one of the files is there again, NotFound, E201.
  void restore(const QString& id);
  void purge(const QString& id);  ///< Errors: NotFound.
  void empty();

 private:
  QString entryFolder(const QString& id) const;

  QString m_folder;
};

}  // namespace layersmith
