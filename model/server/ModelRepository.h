#pragma once

#include "model/server/HttpMessage.h"
#include "model/storage/ModelStore.h"

#include <memory>
#include <optional>

namespace layersmith {

/// One file of a kept model: "model.json" or a weight file its manifest names.
struct ServedFile {
  std::unique_ptr<ByteSource> source;
  std::string etag;  ///< strong, quotes included: another for every save
};

/// The models a server keeps, by plain names. Saves are those of model/storage: old or new, whole.
/// Thread rule: any thread; publish and remove one at a time.
class ModelRepository {
 public:
  virtual ~ModelRepository() = default;

  virtual std::vector<ModelEntry> list() = 0;
  virtual bool contains(const QString& name) = 0;
  virtual std::optional<ServedFile> open(const QString& name, const QString& file) = 0;  ///< nullopt: no such thing

  /// `options.weightsFile` is used where the place can. Errors: of the store.
  virtual SaveResult publish(const QString& name, const ModelArtifacts& artifacts, const SaveOptions& options) = 0;
  virtual QString stamp(const QString& name) = 0;  ///< ModelStore::stamp()
  /// To Trash, unless somebody wrote it since it had this stamp (empty: whatever is there). Errors: NotFound, E203, of
  /// the store.
  virtual TrashEntry remove(const QString& name, const QString& stamp) = 0;

  virtual void purgeTrash(const QDateTime& before) = 0;  ///< for good, what was removed before then

  /// Of the models, without Trash. What other programs changed in a folder since recount() may be missing.
  virtual std::int64_t usedBytes() = 0;
  virtual void recount() {}
  /// A folder on the same volume, for uploads on their way.
  virtual QString stagingFolder() const = 0;
};

/// Models in folders below `root`; Trash in root/.trash. Errors: Io when the folder cannot be made.
std::unique_ptr<ModelRepository> folderRepository(const QString& root);

/// The indexeddb:// models of an SQLite store file.
std::unique_ptr<ModelRepository> storeRepository(const QString& file);

/// Whether a client may use this as a name: [A-Za-z0-9._-]{1,128}, no dot first, not ending in .json.
bool isModelName(std::string_view name);

/// Whether a client may ask for this file of a model: model.json or a .bin file by a plain name.
bool isModelFile(std::string_view name);

}  // namespace layersmith
