#pragma once

#include "model/core/Error.h"
#include "model/storage/folder/FolderStore.h"
#include "model/storage/plugins/PluginLoader.h"
#include "model/storage/plugins/StorePlugin.h"

namespace layersmith {

/// A plug-in's place as one of ours. What is removed or replaced goes to a Trash of ours first: a folder per model in
/// `trashFolder`, with the address it had. Of a damaged one the bytes that can be read are kept, and it can be removed
/// and replaced as any other; one that cannot be read at the moment stays where it is.
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
  TrashEntry remove(const QString& name) override { return removeUnchanged(name, {}); }
  TrashEntry removeUnchanged(const QString& name, const QString& stamp) override;
  /// Errors: E203 when another program wrote to `from` meanwhile; then that stays, and nothing is at `to`.
  void rename(const QString& from, const QString& to) override;
  std::vector<TrashEntry> trash() override;
  void restore(const QString& trashId) override;
  void purge(const QString& trashId) override;
  void emptyTrash() override;
  StoreUsage usage() override { return {}; }

 private:
  /// What load() of the plug-in found: a model, one whose newer version may be lost, a damaged one, or none.
  struct Found {
    StorePlugin::Outcome outcome;
    StorePlugin::Model model;
    QString stamp = {};  ///< of readStamped()
    bool isThere() const { return outcome.kind != StorePlugin::Outcome::NotFound; }
    bool isSame(const Found& other) const;
  };

  QString urlOf(const QString& name) const { return m_plugin.scheme + QStringLiteral("://") + name; }
  Found read(const QString& name);         ///< Errors: all outcomes but those
  Found readStamped(const QString& name);  ///< Errors: also E203 when it was written meanwhile
  ModelArtifacts artifactsOf(const QString& name, const Found& found) const;
  /// Saves while the stamp is still `base`. Errors: E203 otherwise.
  void put(const QString& name, const StorePlugin::Model& model, const QString& base);
  void replaceKept(const QString& name, const StorePlugin::Model& model, const QString& base);
  TrashEntry keep(const QString& name, const Found& found);
  std::int64_t keepIn(const QString& folder, const QString& name, const Found& found, QString* damage);
  /// keep() around what may take the model away; the copy goes again when that failed and the model is surely there.
  TrashEntry keepWhile(const QString& name, const Found& found, const std::function<void()>& action);
  Found readToKeep(const QString& name);  ///< as readStamped()
  bool isStill(const QString& name, const Found& found);
  bool holds(const QString& name, const ModelArtifacts& artifacts);
  void takeBack(const QString& copy, const QString& stamp, const Error& cause);
  bool discard(const QString& trashId) const;           ///< from the Trash, for good; false: some of it is left
  void requireDiscarded(const QString& trashId) const;  ///< Errors: E201
  QString trashName(const QString& trashId);            ///< the name it had. Errors: NotFound

  const LoadedPlugin& m_plugin;
  QString m_trashFolder;
  FolderStore m_kept;
};

}  // namespace layersmith
