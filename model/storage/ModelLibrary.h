#pragma once

#include "model/storage/ModelStore.h"

#include <memory>

namespace layersmith {

class LostLoad;

/// A place as a person writes it: a folder, a model.json, "file:///x", "localstorage://NAME", "indexeddb://NAME",
/// "http(s)://...", "X.zip". Split into the store's scheme and the name inside it.
struct Place {
  QString scheme;  ///< "file", "zip", "localstorage", "indexeddb", "http", "https", or a plug-in's
  QString name;    ///< "moons"; for files an absolute path; for HTTP the whole address
  QString url() const;
};

/// Errors: InvalidConfig for an unknown scheme or an empty name.
Place parsePlace(const QString& text);

/// Where the program keeps its things: LAYERSMITH_HOME, else $XDG_DATA_HOME/layersmith (DESIGN section 10).
QString defaultStorePath();  ///< .../store.sqlite
QString defaultRecoveryFolder();

/// One way to all stores, by URL: tf.io's listModels, copyModel, moveModel, removeModel, kept safer.
/// Thread rule: belongs to the thread that made it; make one per thread, they may share a store file.
class ModelLibrary {
 public:
  /// `lost`: shared by the libraries of several threads; any of them goes on with a load that another one lost.
  explicit ModelLibrary(QString storePath = defaultStorePath(), std::shared_ptr<LostLoad> lost = {});
  ~ModelLibrary();

  ModelArtifacts load(const QString& url, const LoadOptions& options = {});
  /// Structure and metadata alone; weights are not read where the kind of place allows (folders, indexeddb, servers).
  ModelArtifacts peek(const QString& url, const LoadOptions& options = {});
  SaveResult save(const QString& url, const ModelArtifacts& artifacts, const SaveOptions& options = {},
                  const StoreProgress& progress = {});
  bool contains(const QString& url);
  QString stamp(const QString& url);  ///< for SaveOptions::base; empty for a server, which is not asked
  QString stamp(const QString& url, const HttpOptions& http);  ///< a server is asked. Errors: of HttpTransfer::get

  /// All models of the SQLite store (both schemes), of the plug-ins' own places and of the watched folders.
  std::vector<ModelEntry> list();
  std::vector<ModelEntry> listPlugin(const QString& scheme, const QString& where);  ///< Errors: InvalidConfig
  std::vector<ModelEntry> listFolder(const QString& folder);  ///< model folders and download pairs directly inside

  /// The models of a Layersmith server at its root address. Errors: of HttpStore::listServer.
  std::vector<ModelEntry> listServer(const QString& server, const HttpOptions& options);
  void removeFromServer(const QString& url, const HttpOptions& options);  ///< nothing here brings it back
  /// `url`: what listServer gives, "http://lab.example/models/moons/model.json". A name that is taken is AlreadyExists
  /// unless `overwrite`; what is replaced goes to the server's Trash.
  SaveResult sendToServer(const ModelArtifacts& artifacts, const QString& url, bool overwrite,
                          const HttpOptions& options, const StoreProgress& progress = {});

  /// Refuses with AlreadyExists unless `overwrite`; what is replaced goes to Trash. `loading.http` is for the server
  /// that it comes from, `saving` for the one that it goes to.
  SaveResult copy(const QString& from, const QString& to, bool overwrite, const LoadOptions& loading,
                  const StoreProgress& progress, const HttpOptions& saving);
  /// With `loading.http` for a server at either end; between two servers headers are refused, for they may hold the
  /// secret of one (InvalidConfig).
  SaveResult copy(const QString& from, const QString& to, bool overwrite = false, const LoadOptions& loading = {},
                  const StoreProgress& progress = {});
  /// Copies, reads back, compares hashes, and only then moves the source to Trash. Errors: as copy; Unsupported, before
  /// anything is done, from a place that cannot remove or to one that cannot be read back; E111; E203 when another
  /// program wrote to either place meanwhile, and the source stays. A model's address on a Layersmith server is a place
  /// too, reached with `access`; what goes from there lies in the server's own Trash.
  struct ServerAccess {
    HttpOptions source, target;
  };
  SaveResult move(const QString& from, const QString& to, bool overwrite, const StoreProgress& progress,
                  const ServerAccess& access);
  SaveResult move(const QString& from, const QString& to, bool overwrite = false, const StoreProgress& progress = {}) {
    return move(from, to, overwrite, progress, {});
  }
  void rename(const QString& url, const QString& newName);
  TrashEntry remove(const QString& url);
  /// What lies in the Trash of each place. Of one that cannot be read an entry without an id says why in its name.
  std::vector<TrashEntry> trash();
  QString restore(const QString& trashId);  ///< the URL it is at again
  void purge(const QString& trashId);       ///< removes one entry of the Trash for good
  void emptyTrash();                        ///< of all places that it can be done for. Errors: that of the first other
  StoreUsage usage(const QString& scheme);
  void setQuota(const QString& scheme, std::int64_t quota);  ///< localstorage (UTF-16 units) and indexeddb (bytes) only

  /// Brings the models of a browser dump into the store, byte for byte; what it gives are their URLs. `only`: these
  /// URLs, empty for all. One transaction a model. Errors: AlreadyExists unless `overwrite` (what is replaced goes to
  /// Trash), E202, NotFound for a URL that the dump lacks, as readDump.
  QStringList importDump(QByteArrayView dump, const QString& fileName, const QStringList& only = {},
                         bool overwrite = false);
  /// The dump of these models; empty: of all that both stores hold. Errors: InvalidConfig for a place of another kind.
  QByteArray exportDump(const QStringList& urls = {});

  /// What is not as it should be with the place of the store; empty: nothing, or the store was not used yet.
  QString storeWarning() const;

  void setFolders(const QStringList& folders);  ///< folders of interest, listed by list()
  QStringList folders() const;

  ModelStore& store(const QString& scheme);

 private:
  /// Where the entry lies, and where it was. Errors: NotFound, or that of a place whose Trash cannot be read.
  ModelStore& storeOf(const QString& trashId, QString* url = nullptr);
  /// Loads and saves; `hash` gets the contentHash() when it is not null.
  SaveResult transfer(const Place& source, const Place& target, bool overwrite, const LoadOptions& loading,
                      const StoreProgress& progress, const HttpOptions& saving, QByteArray* hash);
  SaveResult moveOnServers(const Place& from, const Place& to, bool overwrite, const StoreProgress& progress,
                           const ServerAccess& access);
  static void requireMovable(const Place& from, bool canRemove, const Place& to, bool canReadBack);
  /// Errors: E111 when the model does not read back with this hash, E203 when another program wrote there since.
  void requireReadBack(const Place& place, const QString& stamp, const QByteArray& hash);

  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace layersmith
