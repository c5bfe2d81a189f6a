// Models of store servers (model/server): sent, taken away, and moved like those of any other place.
#include "model/core/Error.h"
#include "model/storage/ModelLibrary.h"
#include "model/storage/ModelSummary.h"
#include "model/storage/http/HttpErrors.h"
#include "model/storage/http/HttpStore.h"
#include "model/storage/http/ServerModel.h"

#include <algorithm>
#include <optional>

namespace layersmith {

namespace {

HttpStore& httpStore(ModelLibrary& library) {
  return dynamic_cast<HttpStore&>(library.store(QStringLiteral("http")));
}

/// One end of a move, on a server or not.
class End {
 public:
  End(ModelLibrary& library, const Place& place, const HttpOptions& access)
      : m_library(library), m_place(place), m_server(ServerModel::at(place.name)), m_access(access) {}

  bool isOnServer() const { return m_server.has_value(); }
  QString url() const { return m_server ? m_server->url() : m_place.url(); }
  bool canRemove() { return m_server || own().canRemove(); }
  bool canReadBack() { return m_server || own().canReadBack(); }

  /// Other web servers would take a request and do something else. Errors: Format, of the connection.
  void requireOurServer() {
    if (m_server) m_library.listServer(m_server->root, m_access);
  }

  QString stamp() { return m_server ? httpStore(m_library).stampOnServer(url(), m_access) : own().stamp(m_place.name); }

  /// Without the hashes that a server keeps beside its weights, which it came through.
  ModelArtifacts load(const StoreProgress& progress) {
    LoadOptions options;
    options.http = m_access;
    options.progress = progress;
    if (!m_server) return own().load(m_place.name, options);
    return httpStore(m_library).load(url(), options);
  }

  SaveResult save(const ModelArtifacts& artifacts, bool overwrite, const StoreProgress& progress) {
    if (m_server) return m_library.sendToServer(artifacts, url(), overwrite, m_access, progress);
    SaveOptions options;
    options.overwrite = options.replacedToTrash = overwrite;
    options.addHashes = false;
    return own().save(m_place.name, artifacts, options, progress);
  }

  void removeUnchanged(const QString& stamp) {
    if (m_server)
      httpStore(m_library).removeFromServer(url(), m_access, stamp);
    else
      own().removeUnchanged(m_place.name, stamp);
  }

 private:
  ModelStore& own() { return m_library.store(m_place.scheme); }

  ModelLibrary& m_library;
  Place m_place;
  std::optional<ServerModel> m_server;
  HttpOptions m_access;
};

void requireSame(End& target, const QByteArray& hash, const StoreProgress& progress) {
  const std::string url = target.url().toStdString();
  QByteArray found;
  try {
    found = contentHash(target.load(progress));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Cancelled) throw;
    throw Error(ErrorKind::Cancelled,
                "Stopped. " + url + " was written but not compared, so the original stays where it is.", {}, url);
  }
  if (found != hash)
    throw Error(ErrorKind::Io, url + " does not read back as it was written. The original stays where it is.", "E111",
                url);
}

/// Errors: Unsupported for a web server that is none of ours; of the connection.
std::vector<ModelEntry> modelsOf(ModelLibrary& library, const QString& root, const HttpOptions& access) {
  HttpStore& store = httpStore(library);
  try {
    return store.listServer(root, access);
  } catch (const Error& error) {
    const bool isNotThere = store.transfer().wasRefused(error) && error.code() == "E305";
    if (error.kind() != ErrorKind::Format && !isNotThere) throw;
    const std::string name = shown(QUrl(root)).toStdString();
    throw Error(ErrorKind::Unsupported,
                name + " gives no list of models, so it is no Layersmith server. Nothing was removed.", {}, name,
                "Remove the model with the program that it was put there with.")
        .withDetails(error.message());
  }
}

}  // namespace

std::vector<ModelEntry> ModelLibrary::listServer(const QString& server, const HttpOptions& options) {
  return httpStore(*this).listServer(server, options);
}

/// A DELETE means something else to other web servers (WebDAV), so first this one shows that it is ours.
void ModelLibrary::removeFromServer(const QString& url, const HttpOptions& options) {
  const ServerModel model = ServerModel::require(url, "Nothing was removed.");
  const std::vector<ModelEntry> models = modelsOf(*this, model.root, options);
  if (!std::ranges::any_of(models, [&](const ModelEntry& entry) { return entry.name == model.name; }))
    throw Error(ErrorKind::NotFound,
                shown(QUrl(model.url())).toStdString() + " is no model of that server. Nothing was removed.", {},
                shown(QUrl(url)).toStdString(), "List the server's models.");
  httpStore(*this).removeFromServer(url, options);
}

SaveResult ModelLibrary::sendToServer(const ModelArtifacts& artifacts, const QString& url, bool overwrite,
                                      const HttpOptions& options, const StoreProgress& progress) {
  const ServerModel model = ServerModel::require(url, "Nothing was sent.");
  SaveOptions saving;
  saving.http = options;
  saving.overwrite = saving.replacedToTrash = overwrite;
  SaveResult result = httpStore(*this).save(model.upload(), artifacts, saving, progress);
  result.url = model.url();
  return result;
}

SaveResult ModelLibrary::moveOnServers(const Place& from, const Place& to, bool overwrite,
                                       const StoreProgress& progress, const ServerAccess& access) {
  End source(*this, from, access.source), target(*this, to, access.target);
  requireMovable(from, source.canRemove(), to, target.canReadBack());
  if (source.url() == target.url())
    throw Error(ErrorKind::AlreadyExists, "Source and destination are the same place. Nothing was moved.", {},
                target.url().toStdString());
  source.requireOurServer();
  target.requireOurServer();
  const StoreProgress asked = [&](std::int64_t, std::int64_t) { return !progress || progress(0, 0); };
  const QString stamp = source.stamp();
  const ModelArtifacts artifacts = source.load(source.isOnServer() ? progress : asked);
  const QByteArray hash = contentHash(artifacts);
  const SaveResult result = target.save(artifacts, overwrite, progress);
  requireSame(target, hash, target.isOnServer() ? progress : asked);
  source.removeUnchanged(stamp);
  return result;
}

}  // namespace layersmith
