#pragma once

#include "model/storage/ModelStore.h"

#include <QByteArray>
#include <QUrl>

#include <memory>

class QNetworkAccessManager;
class QNetworkReply;
class QNetworkRequest;

namespace layersmith {

/// Models on HTTP servers: saving is one multipart request, loading is GET of model.json and of its weight files, which
/// keep its query string. HTTP/2 is off, redirects are followed up to five times and never to a less safe address,
/// every wait has an end, and a byte count that differs from the manifest is an error. Runs in the calling thread with
/// a local event loop: call it from a storage worker, never from the GUI thread.
class HttpStore final : public ModelStore {
 public:
  HttpStore();
  ~HttpStore() override;

  QString scheme() const override { return QStringLiteral("http"); }
  ModelArtifacts load(const QString& address, const LoadOptions& options = {}) override;
  SaveResult save(const QString& address, const ModelArtifacts& artifacts, const SaveOptions& options = {},
                  const StoreProgress& progress = {}) override;
  bool contains(const QString& address) override;  ///< always false: a server is asked only to load or to save

  // A server has no such thing. Errors: Unsupported.
  std::vector<ModelEntry> list() override;
  TrashEntry remove(const QString& address) override;
  void rename(const QString& from, const QString& to) override;
  std::vector<TrashEntry> trash() override { return {}; }
  void restore(const QString& trashId) override;
  void purge(const QString& trashId) override;
  void emptyTrash() override {}
  StoreUsage usage() override { return {}; }

 private:
  struct Reply;
  Reply get(const QUrl& url, const HttpOptions& options, std::int64_t limit, const StoreProgress& progress);
  /// `limit` bounds the answer; `uploadBytes` is what is sent, 0 for a GET.
  Reply wait(QNetworkReply* reply, const HttpOptions& options, std::int64_t limit, const StoreProgress& progress,
             std::int64_t uploadBytes);
  QNetworkAccessManager& manager();

  std::unique_ptr<QNetworkAccessManager> m_manager;
};

}  // namespace layersmith
