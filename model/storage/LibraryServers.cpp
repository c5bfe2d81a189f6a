// Models of store servers (model/server): sent, taken away, and moved like those of any other place.
#include "model/core/Error.h"
#include "model/storage/HttpStore.h"
#include "model/storage/ModelLibrary.h"
#include "model/storage/ModelSummary.h"
#include "model/storage/WeightFileHashes.h"
#include "model/storage/WeightHasher.h"

#include <QRegularExpression>

#include <optional>

namespace layersmith {

namespace {

/// A model of a store server: "https://lab.example/models/moons/model.json", or without its file.
struct ServerModel {
  QString root, name;

  QString url() const { return root + QStringLiteral("/models/") + name + QStringLiteral("/model.json"); }
  QString upload() const { return root + QStringLiteral("/upload/") + name; }
};

std::optional<ServerModel> serverModel(const QString& address) {
  static const QRegularExpression form(QStringLiteral("^(https?://.+)/models/([A-Za-z0-9._-]+)(/|/model\\.json)?$"));
  const QRegularExpressionMatch match = form.match(address);
  if (!match.hasMatch()) return {};
  return ServerModel{match.captured(1), match.captured(2)};
}

HttpStore& httpStore(ModelLibrary& library) {
  return dynamic_cast<HttpStore&>(library.store(QStringLiteral("http")));
}

/// One end of a move, on a server or not.
class End {
 public:
  End(ModelLibrary& library, const Place& place, const HttpOptions& access)
      : m_library(library), m_place(place), m_server(serverModel(place.name)), m_access(access) {}

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
    ModelArtifacts artifacts = httpStore(m_library).load(url(), options);
    const WeightFileHashes hashes = takeHashes(artifacts);
    if (hashes.files.empty() || !artifacts.weightData) return artifacts;
    WeightHasher hasher(*artifacts.weightData, fileBytes(artifacts.groups), artifacts.weightData->size(),
                        hashes.chunkBytes);
    verifyHashes(hashes, hasher.digests(), artifacts.groups);
    return artifacts;
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

}  // namespace

std::vector<ModelEntry> ModelLibrary::listServer(const QString& server, const HttpOptions& options) {
  return httpStore(*this).listServer(server, options);
}

void ModelLibrary::removeFromServer(const QString& url, const HttpOptions& options) {
  httpStore(*this).removeFromServer(url, options);
}

SaveResult ModelLibrary::sendToServer(const ModelArtifacts& artifacts, const QString& url, bool overwrite,
                                      const HttpOptions& options, const StoreProgress& progress) {
  const std::optional<ServerModel> model = serverModel(url);
  if (!model)
    throw Error(ErrorKind::InvalidConfig,
                url.toStdString() + " is no model's address on a Layersmith server. Nothing was sent.", {},
                url.toStdString(), "Give one as http://HOST/models/NAME/model.json.");
  SaveOptions saving;
  saving.http = options;
  if (!overwrite) saving.http.headers.append({QStringLiteral("If-None-Match"), QStringLiteral("*")});
  SaveResult result = httpStore(*this).save(model->upload(), artifacts, saving, progress);
  result.url = model->url();
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
