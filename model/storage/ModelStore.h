#pragma once

#include "model/format/ModelArtifacts.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <functional>
#include <memory>
#include <vector>

namespace layersmith {

/// How to reach an HTTP server. Secrets live in memory only and are never logged.
struct HttpOptions {
  QString method = QStringLiteral("POST");  ///< POST or PUT, for saving
  QList<std::pair<QString, QString>> headers;
  int timeoutMs = 30'000;
  bool checkCertificate = true;
  QString caFile;  ///< PEM; trusted beside the system's certificates

  void setBasicAuth(const QString& user, const QString& password);
  void setBearerToken(const QString& token);
};

/// A synced file that holds exactly a model's weights: a save may take it over instead of writing them once more.
struct WeightsFile {
  QString path;    ///< on the volume saved to; may be gone afterwards
  QString sha256;  ///< hex, of its bytes in one piece
};

struct SaveOptions {
  bool overwrite = false;        ///< false: AlreadyExists when the name is taken
  std::int64_t shardBytes = 0;   ///< 0: one file (folders only)
  bool addHashes = true;         ///< folders only: userDefinedMetadata.layersmith gets sha256 and bytes (RELIABILITY 2)
  QString base;                  ///< not empty: stamp of what this replaces; another one there now is E203
  bool replacedToTrash = false;  ///< with overwrite: the model replaced goes to Trash
  WeightsFile weightsFile;       ///< folders and indexeddb; empty path: none
  QString idempotencyKey;        ///< HTTP only: of one save over all its tries; empty: a fresh one
  HttpOptions http;
};

/// Progress in bytes, total 0 while it is not known; return false to cancel. Called on the working thread.
using StoreProgress = std::function<bool(std::int64_t done, std::int64_t total)>;

struct LoadOptions {
  HttpOptions http;
  bool allowMissingWeights = false;  ///< true: give the structure, name what is missing in missingFiles
  bool acceptChangedFiles = false;   ///< true: open although a file was changed after saving (E111)
  /// Folders only: weights stay in their files, mapped, for a moment's use such as a prediction. What another program
  /// writes into a file is then seen; a file cut short gives E110 (MappedBytes.h).
  bool mapWeights = false;
  QString weightPathPrefix;  ///< what stands before a weight file's path instead of where model.json is: a
                             ///< folder, or an address that ends in '/'. Files and HTTP only
  /// HTTP only: what came before a connection was lost stays in memory, and the next load of the same model by the same
  /// store goes on there. Another load drops it.
  bool keepsUnfinished = false;
  QString* stamp = nullptr;  ///< not null: gets the stamp of what was loaded, for SaveOptions::base. ModelLibrary only
  StoreProgress progress;
};

/// What a save says of itself: TensorFlow.js' SaveResult and, for HTTP, the server's answer.
struct SaveResult {
  QString url;
  ModelArtifactsInfo info;
  QString stamp;  ///< ModelStore::stamp() of what was saved; empty where nobody can know
  int httpStatus = 0;
  QList<std::pair<QString, QString>> replyHeaders;
  QByteArray replyBody;  ///< first 4 KiB
};

struct ModelEntry {
  QString url;  ///< "indexeddb://moons", "file:///home/a/models/moons"
  QString name;
  ModelArtifactsInfo info;
  int layerCount = 0;
  std::int64_t parameters = 0;
  QString problem;  ///< not empty: the entry is damaged, and why
};

struct TrashEntry {
  QString id;   ///< what restore() takes
  QString url;  ///< where it was
  QString name;
  QDateTime deleted;
  std::int64_t bytes = 0;
};

struct StoreUsage {
  std::int64_t used = 0;
  std::int64_t quota = 0;  ///< 0: no quota
};

/// One kind of place that keeps models. Saves are atomic: afterwards the old model or the new one is there, whole.
/// Names are plain ("moons"); a store with a path per model (folders) takes the path.
/// Thread rule: an object belongs to the thread that made it. Errors: Error with the codes of RELIABILITY section 6.
class ModelStore {
 public:
  virtual ~ModelStore() = default;

  virtual QString scheme() const = 0;  ///< "indexeddb"
  virtual ModelArtifacts load(const QString& name, const LoadOptions& options = {}) = 0;
  virtual SaveResult save(const QString& name, const ModelArtifacts& artifacts, const SaveOptions& options = {},
                          const StoreProgress& progress = {}) = 0;
  virtual bool contains(const QString& name) = 0;

  /// A few words that change whenever the model there is written; empty: there is none, or nobody can know.
  virtual QString stamp(const QString&) { return {}; }

  virtual bool canRemove() const { return true; }    ///< false: a source from here can be copied, not moved
  virtual bool canReadBack() const { return true; }  ///< false: what was saved cannot be loaded by the same name

  // Errors of the following: Unsupported where the kind of place has no such thing (HTTP).
  virtual std::vector<ModelEntry> list() = 0;
  virtual TrashEntry remove(const QString& name) = 0;  ///< into this store's Trash
  /// As remove(), but E203 when another program wrote there since it had this stamp (empty: whatever is there). Check
  /// and removal are one step where several programs may write.
  virtual TrashEntry removeUnchanged(const QString& name, const QString&) { return remove(name); }
  virtual void rename(const QString& from, const QString& to) = 0;
  virtual std::vector<TrashEntry> trash() = 0;
  virtual void restore(const QString& trashId) = 0;
  virtual void purge(const QString& trashId) = 0;  ///< one entry of the Trash, for good
  virtual void emptyTrash() = 0;
  virtual StoreUsage usage() = 0;
};

}  // namespace layersmith
