#include "ui/catalog/CatalogWork.h"

#include "model/document/DocumentIo.h"
#include "model/document/ModelCheck.h"
#include "model/storage/ModelSummary.h"
#include "model/storage/http/ServerModel.h"
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

constexpr qint64 kPiece = 1 << 20;

bool isOnServer(const QString& url) {
  return placeKind(url) == CatalogPlace::Kind::Server;
}

/// One that is no way out of the folder, is not hidden, and is not read as a file's.
QString folderNameFor(QString name) {
  static const QRegularExpression fileEnds(QStringLiteral("\\.(json|zip)$"), QRegularExpression::CaseInsensitiveOption);
  name.replace(QLatin1Char('/'), QLatin1Char('-')).replace(fileEnds, QStringLiteral("-\\1"));
  while (name.startsWith(QLatin1Char('.'))) name.remove(0, 1);
  return name.trimmed().isEmpty() ? QStringLiteral("model") : name;
}

/// A place that models go to: which names are taken there, and the URL of a name.
class Target {
 public:
  Target(ModelLibrary& library, const QString& place, const ServerAccess& servers)
      : m_library(library), m_place(place), m_kind(placeKind(place)) {
    if (m_kind != CatalogPlace::Kind::Server) return;
    for (const ModelEntry& entry : library.listServer(place, accessFor(servers, place))) m_onServer.insert(entry.name);
  }

  QString nameFor(const QString& url) const {
    if (m_kind == CatalogPlace::Kind::Server) return ServerModel::nameFor(modelNameOf(url));
    return m_kind == CatalogPlace::Kind::Folder ? folderNameFor(modelNameOf(url)) : modelNameOf(url);
  }

  QString urlOf(const QString& name) const {
    switch (m_kind) {
      case CatalogPlace::Kind::Server: return ServerModel{m_place, name}.url();
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

void copyFile(const QString& from, const QString& to, std::int64_t& done, std::int64_t total,
              const StoreProgress& progress) {
  QFile source(from), target(to);
  const auto requireRead = [&](bool isRead) {
    if (!isRead)
      throw Error(ErrorKind::Io,
                  QStringLiteral("%1 could not be read: %2.").arg(from, source.errorString()).toStdString(), {},
                  from.toStdString());
  };
  requireRead(source.open(QIODevice::ReadOnly));
  if (!target.open(QIODevice::WriteOnly | QIODevice::NewOnly)) throw notWritten(to);
  while (!source.atEnd()) {
    report(progress, done, total);
    const QByteArray piece = source.read(kPiece);
    requireRead(source.error() == QFileDevice::NoError);
    if (target.write(piece) != piece.size()) throw notWritten(to);
    done += piece.size();
  }
  if (!target.flush()) throw notWritten(to);
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

ModelLibrary::ServerAccess accessBetween(const ServerAccess& servers, const QString& from, const QString& to) {
  return {accessFor(servers, from), accessFor(servers, to)};
}

void transferOne(ModelLibrary& library, const Transfer& transfer, const QString& to, bool isMove, bool isReplacing,
                 const ServerAccess& servers, const StoreProgress& progress, CatalogChange& change) {
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
    if (isMove && !isOnServer(transfer.from)) {
      change.removed.push_back(newestTrash(library, transfer.from));
      change.moved.push_back({transfer.from, to});
    }
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

CatalogChange runTransfer(ModelLibrary& library, const std::vector<Transfer>& transfers, const QString& place,
                          bool isMove, const ServerAccess& servers, const StoreProgress& progress) {
  CatalogChange change;
  if (transfers.empty()) return change;
  untilFailure(change, [&] {
    const Target target(library, place, servers);
    QSet<QString> given;
    for (const Transfer& transfer : transfers) {
      if (transfer.isTaken && transfer.ifTaken == Transfer::IfTaken::Skip) continue;
      // Two of one name: the second does not replace the first.
      const bool isReplacing =
          transfer.isTaken && transfer.ifTaken == Transfer::IfTaken::Replace && !given.contains(transfer.name);
      const auto isTaken = [&](const QString& name) { return given.contains(name) || target.isTaken(name); };
      const QString name = isReplacing ? transfer.name : freeName(transfer.name, isTaken);
      given.insert(name);
      transferOne(library, transfer, target.urlOf(name), isMove, isReplacing, servers, progress, change);
      ++change.done;
    }
  });
  return change;
}

CatalogChange removeModels(ModelLibrary& library, const QStringList& urls, const StoreProgress& progress) {
  CatalogChange change;
  untilFailure(change, [&] {
    for (const QString& url : urls) {
      report(progress, 0, 0);
      change.removed.push_back(library.remove(url));
      ++change.done;
    }
  });
  return change;
}

CatalogChange restoreModels(ModelLibrary& library, const QStringList& trashIds, bool replaces,
                            const StoreProgress& progress) {
  CatalogChange change;
  untilFailure(change, [&] {
    const std::vector<TrashEntry> trash = replaces ? library.trash() : std::vector<TrashEntry>();
    for (const QString& id : trashIds) {
      report(progress, 0, 0);
      const auto entry = std::ranges::find(trash, id, &TrashEntry::id);
      std::optional<TrashEntry> replaced;
      if (entry != trash.end() && library.contains(entry->url)) replaced = library.remove(entry->url);
      QString url;
      try {
        url = library.restore(id);
      } catch (const Error&) {
        if (replaced) library.restore(replaced->id);
        throw;
      }
      ++change.done;
      if (change.created.contains(url)) continue;  // another version of it, which goes back to where it was
      if (replaced) change.removed.push_back(*replaced);
      change.created << url;
    }
  });
  return change;
}

namespace {

void purgeIfThere(ModelLibrary& library, const QString& id) {
  try {
    library.purge(id);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::NotFound) throw;  // another program was quicker
  }
}

}  // namespace

QString renamedUrl(const QString& url, const QString& newName) {
  if (isInBrowser(url)) return Place{parsePlace(url).scheme, newName}.url();
  if (isInPlugin(url)) return url.left(startOfPluginName(url)) + newName;
  if (!url.startsWith(QStringLiteral("file:")))
    return url.section(QLatin1Char('/'), 0, -2) + QLatin1Char('/') + newName;
  const QString path = QFileInfo(QUrl(url).toLocalFile()).path() + QLatin1Char('/') + newName;
  const bool isPair = url.endsWith(QStringLiteral(".json")) && !path.endsWith(QStringLiteral(".json"));
  return parsePlace(isPair ? path + QStringLiteral(".json") : path).url();
}

CatalogChange renameModel(ModelLibrary& library, const QString& url, const QString& newName) {
  CatalogChange change;
  untilFailure(change, [&] {
    library.rename(url, newName);
    change.renamed.push_back({url, renamedUrl(url, newName)});
    change.done = 1;
  });
  return change;
}

CatalogChange removeFromServers(ModelLibrary& library, const QStringList& urls, const ServerAccess& servers,
                                const StoreProgress& progress) {
  CatalogChange change;
  untilFailure(change, [&] {
    for (const QString& url : urls) {
      report(progress, 0, 0);
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
    for (const QString& url : change.created) {
      report(progress, 0, 0);
      back.removed.push_back(library.remove(url));
      ++back.done;
    }
    for (const CatalogChange::Rename& moved : change.movedOnServers) {
      library.move(moved.newUrl, moved.url, false, progress, accessBetween(servers, moved.newUrl, moved.url));
      back.movedOnServers.push_back({moved.newUrl, moved.url});
      ++back.done;
    }
    for (const TrashEntry& entry : change.removed) {
      report(progress, 0, 0);
      back.created << library.restore(entry.id);
      ++back.done;
    }
    for (const CatalogChange::Rename& rename : change.renamed) {
      library.rename(rename.newUrl, modelNameOf(rename.url));
      back.renamed.push_back({rename.newUrl, rename.url});
    }
    for (const CatalogChange::Rename& one : change.moved) back.moved.push_back({one.newUrl, one.url});
    back.done = change.done;
  });
  return back;
}

bool CatalogChange::needs(const QStringList& trashIds) const {
  return std::ranges::any_of(removed, [&](const TrashEntry& entry) { return trashIds.contains(entry.id); });
}

CatalogChange purgeModels(ModelLibrary& library, const QStringList& trashIds, const StoreProgress& progress) {
  CatalogChange change;
  untilFailure(change, [&] {
    for (const QString& id : trashIds) {
      report(progress, 0, 0);
      purgeIfThere(library, id);
      change.purged << id;
      ++change.done;
    }
  });
  return change;
}

bool emptyTrash(ModelLibrary& library, const QStringList& trashIds, const StoreProgress& progress) {
  std::vector<TrashEntry> entries = library.trash();
  // One without an id is a place that cannot be read, which the last line tells.
  const auto others = std::ranges::stable_partition(
      entries, [&](const TrashEntry& entry) { return !entry.id.isEmpty() && trashIds.contains(entry.id); });
  const bool hasOthers = std::ranges::any_of(others, [](const TrashEntry& entry) { return !entry.id.isEmpty(); });
  entries.erase(others.begin(), others.end());
  std::int64_t total = 0, done = 0;
  for (const TrashEntry& entry : entries) total += entry.bytes;
  for (const TrashEntry& entry : entries) {
    report(progress, done, total);
    purgeIfThere(library, entry.id);
    done += entry.bytes;
  }
  if (!hasOthers) library.emptyTrash();  // what a removal that was cut short left there is in no list
  return !hasOthers;
}

namespace {

/// The files or the dump of a model, into `path`.
void writeRaw(ModelLibrary& library, const QString& url, const QString& path, const QString& name,
              const StoreProgress& progress) {
  report(progress, 0, 0);
  if (!url.startsWith(QStringLiteral("file:"))) {
    QSaveFile file(path + QLatin1Char('/') + name + QStringLiteral(".json"));
    const QByteArray dump = library.exportDump({url});
    report(progress, 0, dump.size());
    if (!file.open(QIODevice::WriteOnly) || file.write(dump) != dump.size() || !file.commit())
      throw notWritten(file.fileName());
    return;
  }
  const QFileInfo place(QUrl(url).toLocalFile());
  const QDir from(place.isDir() ? place.filePath() : place.path());
  const QStringList files = filesOf(place);
  std::int64_t done = 0, total = 0;
  for (const QString& file : files) total += QFileInfo(from.filePath(file)).size();
  for (const QString& file : files)
    copyFile(from.filePath(file), path + QLatin1Char('/') + file, done, total, progress);
}

}  // namespace

QString exportRawModel(ModelLibrary& library, const QString& url, const QString& folder,
                       const StoreProgress& progress) {
  if (isOnServer(url))
    throw Error(ErrorKind::Unsupported, "A server gives models, not its files. Copy the model instead.", {},
                url.toStdString());
  const QString name = modelNameOf(url).replace(QLatin1Char('/'), QLatin1Char('-'));
  QString path = QDir(folder).filePath(name + QStringLiteral("-raw"));
  for (int number = 2; QFileInfo::exists(path); ++number)
    path = QDir(folder).filePath(QStringLiteral("%1-raw-%2").arg(name).arg(number));
  if (!QDir().mkpath(path)) throw notWritten(path);
  try {
    writeRaw(library, url, path, name, progress);
  } catch (...) {
    QDir(path).removeRecursively();
    throw;
  }
  return path;
}

CheckResult checkModel(ModelLibrary& library, const QString& url, const ServerAccess& servers,
                       const StoreProgress& progress) {
  LoadOptions options;
  options.http = accessFor(servers, url);
  options.progress = progress;
  report(progress, 0, 0);
  try {
    QStringList findings;
    for (const Issue& issue : documentFromArtifacts(library.load(url, options)).issues)
      if (issue.severity != Severity::Hint) findings << QString::fromStdString(issue.message);
    return {findings.join(QLatin1Char('\n'))};
  } catch (const Error& error) {
    if (!isFinding(error)) throw;
    return {QString::fromStdString(withoutQuestions(error.message())),
            error.kind() != ErrorKind::Unsupported && error.kind() != ErrorKind::LimitExceeded};
  }
}

}  // namespace layersmith
