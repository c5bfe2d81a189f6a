#pragma once

#include "model/storage/http/HttpTransfer.h"
#include "model/storage/http/LostLoad.h"

namespace layersmith {

/// What a save says beside the form: without `overwrite` If-None-Match: *, which servers that know it answer with 412
/// for a name that is taken; with `base` If-Match, answered so when another model is there; with either `base` or
/// `replacedToTrash` Prefer: keep-replaced, which a store server knows.
QList<std::pair<QString, QString>> headersOfSave(const SaveOptions& options);

/// Models on HTTP servers: saving is one multipart request, loading is GET of model.json and of its weight files, which
/// keep its query string and headers (HttpLoad, WeightAddresses). A byte count that differs from the manifest is an
/// error; what was saved anew while its weights came is read once more, so that no two versions mix; how connections
/// fail and are tried again is HttpTransfer's. Runs in the calling thread with a local event loop: call it from a
/// storage worker, never from the GUI thread.
class HttpStore final : public ModelStore {
 public:
  /// `lost`: shared by the stores of several threads, so that any of them goes on where another was cut.
  explicit HttpStore(std::shared_ptr<LostLoad> lost = {});

  QString scheme() const override { return QStringLiteral("http"); }
  ModelArtifacts load(const QString& address, const LoadOptions& options = {}) override;
  ModelArtifacts loadStructure(const QString& address, const LoadOptions& options);  ///< model.json alone
  SaveResult save(const QString& address, const ModelArtifacts& artifacts, const SaveOptions& options = {},
                  const StoreProgress& progress = {}) override;
  bool contains(const QString& address) override;  ///< always false: a server is asked only to load or to save
  bool canRemove() const override { return false; }
  bool canReadBack() const override { return false; }

  /// The models of a store server (model/server): GET /models. `server`: its root, "https://lab.example:8080".
  /// Errors: Format when the answer is no such list; of HttpTransfer::get.
  std::vector<ModelEntry> listServer(const QString& server, const HttpOptions& options);
  /// DELETE /models/NAME of a model listed by it; it goes to the server's own Trash. `stamp`: E203, and it stays, when
  /// it was written there since. REQUIRES: listServer() did: other servers would remove something else. Errors:
  /// InvalidConfig for an address that is no ServerModel's; E301-E305.
  void removeFromServer(const QString& address, const HttpOptions& options, const QString& stamp = {});
  /// As ModelStore::stamp(), of a model's model.json there: its ETag, when that is a strong one. Errors: of
  /// HttpTransfer::get.
  QString stampOnServer(const QString& address, const HttpOptions& options);

  // Without a server to ask there is no such thing. Errors: Unsupported.
  std::vector<ModelEntry> list() override;
  TrashEntry remove(const QString& address) override;
  void rename(const QString& from, const QString& to) override;
  std::vector<TrashEntry> trash() override { return {}; }
  void restore(const QString& trashId) override;
  void purge(const QString& trashId) override;
  void emptyTrash() override {}
  StoreUsage usage() override { return {}; }

  HttpTransfer& transfer() { return m_transfer; }

 private:
  HttpTransfer m_transfer;
  std::shared_ptr<LostLoad> m_lost;
};

}  // namespace layersmith
