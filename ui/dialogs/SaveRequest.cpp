#include "ui/dialogs/SaveRequest.h"

#include "model/storage/ModelLibrary.h"
#include "model/storage/http/HttpErrors.h"
#include "model/storage/http/ServerModel.h"
#include "ui/catalog/CatalogPlaces.h"

#include <QDir>
#include <QFileInfo>
#include <QUrl>

#include <algorithm>

namespace layersmith {

namespace {

QString schemeOf(const QString& url) {
  const qsizetype mark = url.indexOf(QStringLiteral("://"));
  return mark < 0 ? QStringLiteral("file") : url.left(mark).toLower();
}

/// "/a/moons" of "file:///a/moons/model.json".
QFileInfo modelFile(const QString& url) {
  const QFileInfo file(QUrl(url).isLocalFile() ? QUrl(url).toLocalFile() : url);
  return file.fileName() == QStringLiteral("model.json") ? QFileInfo(file.path()) : file;
}

bool isPair(const QFileInfo& file) {
  return file.suffix() == QStringLiteral("json");
}

/// Root of the server that a request goes to, where it is a Layersmith server's; empty: it is none.
QString serverOf(const SaveRequest& request) {
  if (!request.server.isEmpty()) return request.server;
  const auto sent = ServerModel::sentTo(request.url);
  return sent ? sent->root : QString();
}

}  // namespace

std::optional<SaveTarget> targetOf(const QString& url) {
  const QString scheme = schemeOf(url);
  if (scheme == QStringLiteral("indexeddb")) return SaveTarget::IndexedDb;
  if (scheme == QStringLiteral("localstorage")) return SaveTarget::LocalStorage;
  if (scheme == QStringLiteral("http") || scheme == QStringLiteral("https")) return SaveTarget::Http;
  if (isInPlugin(url)) return SaveTarget::Plugin;
  const QFileInfo file = modelFile(url);
  if (scheme != QStringLiteral("file") || file.suffix() == QStringLiteral("zip")) return {};
  return isPair(file) ? SaveTarget::Pair : SaveTarget::Folder;
}

QString folderOf(const QString& url) {
  return modelFile(url).path();
}

bool knowsTakenNames(const SaveRequest& request) {
  const std::optional<SaveTarget> target = targetOf(request.url);
  return target && (target != SaveTarget::Http || !serverOf(request).isEmpty());
}

QString ownUrl(const SaveRequest& request) {
  if (!request.server.isEmpty()) return ServerModel{request.server, ServerModel::nameFor(request.name)}.url();
  return request.url.startsWith(QStringLiteral("http")) ? shown(QUrl(request.url)) : parsePlace(request.url).url();
}

QString sendingUrl(const SaveRequest& request) {
  if (!request.server.isEmpty()) return ServerModel{request.server, ServerModel::nameFor(request.name)}.upload();
  return parsePlace(request.url).url();
}

SaveRequest asAnother(SaveRequest request) {
  request.options.idempotencyKey.clear();
  return request;
}

SaveRequest renamed(SaveRequest request, const QString& name) {
  if (const QString server = serverOf(request); !server.isEmpty()) {
    request.url = ServerModel{server, ServerModel::nameFor(name)}.upload();
  } else if (schemeOf(request.url) == QStringLiteral("file")) {
    const QFileInfo file = modelFile(request.url);
    request.url = QDir(file.path()).filePath(isPair(file) ? name + QStringLiteral(".json") : name);
  } else if (isInPlugin(request.url)) {
    request.url = request.url.left(startOfPluginName(request.url)) + name;
  } else {
    request.url = Place{schemeOf(request.url), name}.url();
  }
  request.name = name;
  return request;
}

QString freeNameFor(ModelLibrary& library, const SaveRequest& request) {
  const QString server = serverOf(request);
  if (server.isEmpty())
    return freeName(request.name, [&](const QString& name) {
      return library.contains(parsePlace(renamed(request, name).url).url());
    });
  const std::vector<ModelEntry> entries = library.listServer(server, request.options.http);
  return freeName(ServerModel::nameFor(request.name), [&](const QString& name) {
    return std::ranges::find(entries, name, &ModelEntry::name) != entries.end();
  });
}

}  // namespace layersmith
