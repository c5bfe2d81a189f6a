#pragma once

#include "model/storage/ModelStore.h"

namespace layersmith {

/// Models in .zip files, as Teachable Machine gives them: they are read, never written. A name is a path.
class ZipStore final : public ModelStore {
 public:
  QString scheme() const override { return QStringLiteral("zip"); }
  ModelArtifacts load(const QString& path, const LoadOptions& options = {}) override;
  bool contains(const QString& path) override;
  bool canRemove() const override { return false; }
  std::vector<ModelEntry> list() override { return {}; }
  std::vector<TrashEntry> trash() override { return {}; }
  void emptyTrash() override {}
  StoreUsage usage() override { return {}; }

  // Errors: Unsupported.
  SaveResult save(const QString& path, const ModelArtifacts& artifacts, const SaveOptions& options = {},
                  const StoreProgress& progress = {}) override;
  TrashEntry remove(const QString& path) override;
  void rename(const QString& from, const QString& to) override;
  void restore(const QString& trashId) override;
  void purge(const QString& trashId) override;
};

}  // namespace layersmith
