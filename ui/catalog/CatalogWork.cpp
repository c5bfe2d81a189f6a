#include "ui/catalog/CatalogWork.h"

#include "model/document/DocumentIo.h"
#include "ui/catalog/CatalogPlaces.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSaveFile>
#include <QSet>
#include <QUrl>

#include <algorithm>

namespace layersmith {

namespace {

bool isOnServer(const QString& url) {
  return placeKind(url) == CatalogPlace::Kind::Server;
}

QString nameOf(const QString& url) {
  QString name = url.section(QLatin1Char('/'), -1);
  if (name == QStringLiteral("model.json")) name = url.section(QLatin1Char('/'), -2, -2);
  if (name.endsWith(QStringLiteral(".json"))) name.chop(5);
  return url.startsWith(QStringLiteral("file:")) ? QUrl::fromPercentEncoding(name.toUtf8()) : name;
}

/// A place that models go to: which names are taken there, and the URL of a name.
class Target {
 public:
  Target(ModelLibrary& library, const QString& place, const ServerAccess& servers)
      : m_library(library), m_place(place), m_kind(placeKind(place)) {
    if (m_kind != CatalogPlace::Kind::Server) return;
    for (const ModelEntry& entry : library.listServer(place, accessFor(servers, place))) m_onServer.insert(entry.name);
  }

  /// A server takes letters, digits, dots, dashes and underscores only.
  QString nameFor(const QString& url) const {
    QString name = nameOf(url);
    if (m_kind != CatalogPlace::Kind::Server) return name;
    static const QRegularExpression others(QStringLiteral("[^A-Za-z0-9._-]+"));
    name.replace(others, QStringLiteral("-"));
    while (name.startsWith(QLatin1Char('.'))) name.remove(0, 1);
    return name.isEmpty() ? QStringLiteral("model") : name.left(128);
  }

  QString urlOf(const QString& name) const {
    switch (m_kind) {
      case CatalogPlace::Kind::Server:
        return m_place + QStringLiteral("/models/") + name + QStringLiteral("/model.json");
      case CatalogPlace::Kind::Folder: return parsePlace(QDir(m_place).filePath(name)).url();
      default: return m_place + QStringLiteral("://") + name;
    }
  }

  bool isTaken(const QString& name) const {
    return m_kind == CatalogPlace::Kind::Server ? m_onServer.contains(name) : m_library.contains(urlOf(name));
  }

 private:
  ModelLibrary& m_library;
  QString m_place;
  CatalogPlace::Kind m_kind;
  QSet<QString> m_onServer;
};

/// The files of a folder that belong to a model: all of its own folder, or a pair's.
QStringList filesOf(const QFileInfo& place) {
  if (place.isDir()) return QDir(place.filePath()).entryList(QDir::Files);
  const QStringList pair{place.fileName(), place.completeBaseName() + QStringLiteral(".weights*.bin")};
  return QDir(place.path()).entryList(pair, QDir::Files);
}

Error notWritten(const QString& path) {
  return {ErrorKind::Io, QStringLiteral("%1 could not be written.").arg(path).toStdString(), "E201",
          path.toStdString()};
}

/// Where the model that was at this URL a moment ago lies in Trash.
TrashEntry newestTrash(ModelLibrary& library, const QString& url) {
  TrashEntry newest;
  for (const TrashEntry& entry : library.trash())
    if (entry.url == url && (newest.id.isEmpty() || entry.deleted >= newest.deleted)) newest = entry;
  return newest;
}

template <class Work>
void untilFailure(CatalogChange& change, Work work) {
  try {
    work();
  } catch (...) {
    change.failure = currentError();
  }
}

/// "moons-2" when "moons" is taken.
QString freeName(const Target& target, const QString& name, const QSet<QString>& given) {
  QString candidate = name;
  for (int number = 2; given.contains(candidate) || target.isTaken(candidate); ++number)
    candidate = QStringLiteral("%1-%2").arg(name).arg(number);
  return candidate;
}

ModelLibrary::ServerAccess accessBetween(const ServerAccess& servers, const QString& from, const QString& to) {
  return {accessFor(servers, from), accessFor(servers, to)};
}

void transferOne(ModelLibrary& library, const Transfer& transfer, const QString& to, bool isMove,
                 const ServerAccess& servers, const StoreProgress& progress, CatalogChange& change) {
  const bool isReplacing = transfer.isTaken && transfer.ifTaken == Transfer::IfTaken::Replace;
  const bool isOnServers = isOnServer(transfer.from) || isOnServer(to);
  LoadOptions loading;
  loading.http = accessFor(servers, transfer.from);
  loading.progress = [&](std::int64_t done, std::int64_t total) {
    return !progress || (isOnServer(transfer.from) ? progress(done, total) : progress(0, 0));  // a disk is quick
  };
  if (isMove) {
    library.move(transfer.from, to, isReplacing, progress, accessBetween(servers, transfer.from, to));
  } else if (isOnServer(to)) {
    library.sendToServer(library.load(transfer.from, loading), to, isReplacing, accessFor(servers, to), progress);
    return;
  } else {
    library.copy(transfer.from, to, isReplacing, loading, progress);
  }
  // What a server replaced lies in a Trash that nothing here reaches; the original that went from here comes back.
  const bool isLost = isReplacing && isOnServer(to);
  if (isMove && isOnServers && !isLost) {
    change.movedOnServers.push_back({transfer.from, to});
  } else {
    if (!isLost) change.created << to;
    if (isMove && !isOnServer(transfer.from)) change.removed.push_back(newestTrash(library, transfer.from));
  }
  if (isReplacing && !isLost) change.removed.push_back(newestTrash(library, to));
}

}  // namespace

HttpOptions accessFor(const ServerAccess& servers, const QString& url) {
  const auto found = isOnServer(url) ? servers.find(placeOf(url)) : servers.end();
  return found == servers.end() ? HttpOptions() : found->second;
}

std::vector<Transfer> planTransfer(ModelLibrary& library, const QStringList& urls, const QString& place,
                                   const ServerAccess& servers) {
  const Target target(library, place, servers);
  std::vector<Transfer> transfers;
  for (const QString& url : urls) {
    Transfer transfer;
    transfer.from = url;
    transfer.name = target.nameFor(url);
    transfer.to = target.urlOf(transfer.name);
    // A copy beside its original gets a number unasked.
    transfer.isTaken = transfer.to != url && target.isTaken(transfer.name);
    transfers.push_back(std::move(transfer));
  }
  return transfers;
}

CatalogChange runTransfer(ModelLibrary& library, const std::vector<Transfer>& transfers, bool isMove,
                          const ServerAccess& servers, const StoreProgress& progress) {
  CatalogChange change;
  if (transfers.empty()) return change;
  untilFailure(change, [&] {
    const Target target(library, placeOf(transfers.front().to), servers);
    QSet<QString> given;
    for (const Transfer& transfer : transfers) {
      if (transfer.isTaken && transfer.ifTaken == Transfer::IfTaken::Skip) continue;
      const bool isReplacing = transfer.isTaken && transfer.ifTaken == Transfer::IfTaken::Replace;
      const QString name = isReplacing ? transfer.name : freeName(target, transfer.name, given);
      given.insert(name);
      transferOne(library, transfer, target.urlOf(name), isMove, servers, progress, change);
      ++change.done;
    }
  });
  return change;
}

CatalogChange removeModels(ModelLibrary& library, const QStringList& urls) {
  CatalogChange change;
  untilFailure(change, [&] {
    for (const QString& url : urls) {
      change.removed.push_back(library.remove(url));
      ++change.done;
    }
  });
  return change;
}

CatalogChange restoreModels(ModelLibrary& library, const QStringList& trashIds) {
  CatalogChange change;
  untilFailure(change, [&] {
    for (const QString& id : trashIds) {
      change.created << library.restore(id);
      ++change.done;
    }
  });
  return change;
}

CatalogChange renameModel(ModelLibrary& library, const QString& url, const QString& newName) {
  CatalogChange change;
  untilFailure(change, [&] {
    library.rename(url, newName);
    QString newUrl = url.section(QLatin1Char('/'), 0, -2) + QLatin1Char('/') + newName;
    if (url.startsWith(QStringLiteral("file:"))) {
      const QString path = QFileInfo(QUrl(url).toLocalFile()).path() + QLatin1Char('/') + newName;
      const bool isPair = url.endsWith(QStringLiteral(".json")) && !path.endsWith(QStringLiteral(".json"));
      newUrl = parsePlace(isPair ? path + QStringLiteral(".json") : path).url();
    }
    change.renamed.push_back({url, newUrl});
    change.done = 1;
  });
  return change;
}

CatalogChange removeFromServers(ModelLibrary& library, const QStringList& urls, const ServerAccess& servers) {
  CatalogChange change;
  untilFailure(change, [&] {
    for (const QString& url : urls) {
      library.removeFromServer(url, accessFor(servers, url));
      ++change.done;
    }
  });
  return change;
}

CatalogChange reversed(ModelLibrary& library, const CatalogChange& change, const ServerAccess& servers,
                       const StoreProgress& progress) {
  CatalogChange back;
  untilFailure(back, [&] {
    for (const QString& url : change.created) back.removed.push_back(library.remove(url));
    for (const CatalogChange::Rename& moved : change.movedOnServers) {
      library.move(moved.newUrl, moved.url, false, progress, accessBetween(servers, moved.newUrl, moved.url));
      back.movedOnServers.push_back({moved.newUrl, moved.url});
    }
    for (const TrashEntry& entry : change.removed) back.created << library.restore(entry.id);
    for (const CatalogChange::Rename& rename : change.renamed) {
      library.rename(rename.newUrl, nameOf(rename.url));
      back.renamed.push_back({rename.newUrl, rename.url});
    }
    back.done = change.done;
  });
  return back;
}

QString exportRawModel(ModelLibrary& library, const QString& url, const QString& folder) {
  if (isOnServer(url))
    throw Error(ErrorKind::Unsupported, "A server gives models, not its files. Copy the model instead.", {},
                url.toStdString());
  const QString name = nameOf(url);
  QString path = QDir(folder).filePath(name + QStringLiteral("-raw"));
  for (int number = 2; QFileInfo::exists(path); ++number)
    path = QDir(folder).filePath(QStringLiteral("%1-raw-%2").arg(name).arg(number));
  if (!QDir().mkpath(path)) throw notWritten(path);
  if (!url.startsWith(QStringLiteral("file:"))) {
    QSaveFile file(path + QLatin1Char('/') + name + QStringLiteral(".json"));
    const QByteArray dump = library.exportDump({url});
    if (!file.open(QIODevice::WriteOnly) || file.write(dump) != dump.size() || !file.commit())
      throw notWritten(file.fileName());
    return path;
  }
  const QFileInfo place(QUrl(url).toLocalFile());
  const QString from = place.isDir() ? place.filePath() : place.path();
  for (const QString& file : filesOf(place)) {
    const QString target = path + QLatin1Char('/') + file;
    if (!QFile::copy(from + QLatin1Char('/') + file, target)) throw notWritten(target);
  }
  return path;
}

QString checkModel(ModelLibrary& library, const QString& url, const ServerAccess& servers) {
  try {
    LoadOptions options;
    options.http = accessFor(servers, url);
    QStringList findings;
    for (const Issue& issue : documentFromArtifacts(library.load(url, options)).issues)
      if (issue.severity != Severity::Hint) findings << QString::fromStdString(issue.message);
    return findings.join(QLatin1Char('\n'));
  } catch (...) {
    return QString::fromStdString(currentError().message());
  }
}

}  // namespace layersmith
