#pragma once

#include "model/core/Error.h"
#include "model/storage/folder/FolderIndex.h"
#include "model/storage/folder/FolderTrash.h"

namespace layersmith {

/// Models in folders and download pairs: file://. A name is a path: a folder, its model.json, or a NAME.json.
class FolderStore final : public ModelStore {
 public:
  /// `index` makes the lists of large folders quick; null: they are read anew each time.
  explicit FolderStore(const QString& trashFolder, FolderIndex* index = nullptr)
      : m_trash(trashFolder), m_index(index) {}

  QString scheme() const override { return QStringLiteral("file"); }
  ModelArtifacts load(const QString& path, const LoadOptions& options = {}) override;
  SaveResult save(const QString& path, const ModelArtifacts& artifacts, const SaveOptions& options = {},
                  const StoreProgress& progress = {}) override;
  bool contains(const QString& path) override;
  QString stamp(const QString& path) override { return stampOf(layoutOf(path)); }

  std::vector<ModelEntry> list() override;  ///< of the folders set
  TrashEntry remove(const QString& path) override { return removeUnchanged(path, {}); }
  TrashEntry removeUnchanged(const QString& path, const QString& stamp) override;
  void rename(const QString& from, const QString& to) override;
  std::vector<TrashEntry> trash() override { return m_trash.list(); }
  void restore(const QString& trashId) override { m_trash.restore(trashId); }
  void purge(const QString& trashId) override { m_trash.purge(trashId); }
  void emptyTrash() override { m_trash.empty(); }
  StoreUsage usage() override { return {}; }

  std::vector<ModelEntry> listFolder(const QString& folder);
  void setFolders(const QStringList& folders) { m_folders = folders; }
  const QStringList& folders() const { return m_folders; }
  bool hasTrash(const QString& id) const { return m_trash.contains(id); }

 private:
  ModelArtifacts loadOnce(const FolderLayout& layout, const LoadOptions& options) const;
  ModelEntry describe(const FolderLayout& layout, FolderIndex::WeightFiles* files = nullptr) const;
  /// After a removal that failed half-way: the model is where it was. Errors: E201, of `cause`, when it cannot be.
  void takeBack(const FolderLayout& layout, const QString& trashId, const Error& cause) const;
  bool findRows(const QString& folder, std::size_t expected, std::vector<FolderIndex::Row>& rows);
  void remember(const QString& folder, const std::vector<FolderIndex::Row>& changed,
                const std::vector<QByteArray>& gone);

  FolderTrash m_trash;
  FolderIndex* m_index;
  QStringList m_folders;
};

}  // namespace layersmith
