#pragma once

#include "model/storage/folder/FolderStore.h"
#include "model/storage/plugins/PluginLoader.h"
#include "model/storage/plugins/StorePlugin.h"

namespace layersmith {

/// A plug-in's place as one of ours. What is removed or replaced goes to a Trash of ours first: a folder per model in
/// `trashFolder`, with the address it had.
class PluginStore final : public ModelStore {
 public:
  PluginStore(const LoadedPlugin& plugin, QString trashFolder);

  QString scheme() const override { return m_plugin.scheme; }
  ModelArtifacts load(const QString& name, const LoadOptions& options = {}) override;
  SaveResult save(const QString& name, const ModelArtifacts& artifacts, const SaveOptions& options = {},
                  const StoreProgress& progress = {}) override;
  bool contains(const QString& name) override;
  QString stamp(const QString& name) override;  ///< empty: the plug-in cannot know
  std::vector<ModelEntry> list() override { return listBelow({}); }
  std::vector<ModelEntry> listBelow(const QString& where);
  TrashEntry remove(const QString& name) override { return removeUnchanged(name, stamp(name)); }
  TrashEntry removeUnchanged(const QString& name, const QString& stamp) override;
  void rename(const QString& from, const QString& to) override;
  std::vector<TrashEntry> trash() override;
  void restore(const QString& trashId) override;
  void purge(const QString& trashId) override;
  void emptyTrash() override;
  StoreUsage usage() override { return {}; }

 private:
  QString urlOf(const QString& name) const { return m_plugin.scheme + QStringLiteral("://") + name; }
  TrashEntry keep(const QString& name, const ModelArtifacts& artifacts);
  /// keep() around what may take the model away; the copy goes again when that failed and the model is surely there.
  TrashEntry keepWhile(const QString& name, const std::function<void()>& action);
  bool holds(const QString& name, const ModelArtifacts& artifacts);
  bool discard(const QString& trashId) const;           ///< from the Trash, for good; false: some of it is left
  void requireDiscarded(const QString& trashId) const;  ///< Errors: E201
  QString trashName(const QString& trashId);            ///< the name it had. Errors: NotFound

  const LoadedPlugin& m_plugin;
  QString m_trashFolder;
  FolderStore m_kept;
};

}  // namespace layersmith
