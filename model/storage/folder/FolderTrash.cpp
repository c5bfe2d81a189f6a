#include "model/storage/folder/FolderTrash.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/format/BoundedJson.h"
#include "model/format/JsonAccess.h"
#include "model/storage/ModelLibrary.h"
#include "model/storage/ModelSummary.h"
#include "model/storage/folder/FileAccess.h"
#include "model/storage/folder/FolderFile.h"
#include "model/storage/folder/FolderLock.h"
#include "model/storage/folder/SyncedFolders.h"

#include <QDir>
#include <QFileInfo>
#include <QScopeGuard>
#include <QUuid>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <optional>

namespace layersmith {

namespace {

QString urlOf(const FolderLayout& layout) {
  return Place{QStringLiteral("file"), layout.isPair ? layout.jsonPath() : layout.folder}.url();
}

const QString kUnfinished = QStringLiteral(".unfinished");
const QString kInfo = QStringLiteral("info.json");

void makeFolder(const QString& path) {
  if (!QDir().mkpath(path)) throw unwritten(path, errno);
}

void renameFolder(const QString& from, const QString& to) {
  if (::rename(QFile::encodeName(from).constData(), QFile::encodeName(to).constData()) != 0) throw unwritten(to, errno);
}

struct Info {
  FolderLayout layout;
  QStringList files;
  TrashEntry entry;
};

QString text(const Json& json, const char* key) {
  const Json& value = memberOf(json, key);
  return value.is_string() ? QString::fromStdString(value.get<std::string>()) : QString();
}

bool isId(const QString& name) {
  const QUuid id = QUuid::fromString(name);
  return !id.isNull() && id.toString(QUuid::WithoutBraces) == name;
}

Json parsedInfo(const OpenFolder& folder) {
  return parseBoundedJson(folder.read(kInfo, 1 << 20), kInfo);
}

/// Whether a file of that name is there. Errors: NotFound, Io.
bool hasInfo(const OpenFolder& entry) {
  try {
    return entry.sizeOf(kInfo) >= 0;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Format) throw;
    return false;  // a link or a folder, which we never made
  }
}

/// An info.json that we wrote, or one that does not parse: no other tool's is likely to be that. Errors: Io.
bool holdsInfo(const QString& entryFolder) {
  try {
    const OpenFolder folder(entryFolder);
    if (!hasInfo(folder)) return false;
    const Json json = parsedInfo(folder);
    return memberOf(json, "folder").is_string() && memberOf(json, "jsonName").is_string() &&
           memberOf(json, "files").is_array();
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Io) throw;
    return error.kind() == ErrorKind::Format;
  }
}

/// Errors: NotFound, or what a damaged info.json gives.
Info readInfo(const QString& entryFolder) {
  const OpenFolder folder(entryFolder);
  const Json json = parsedInfo(folder);
  Info info;
  info.layout = {text(json, "folder"), text(json, "jsonName"), memberOf(json, "isPair") == Json(true)};
  for (const Json& file : memberOf(json, "files"))
    if (file.is_string()) info.files.append(weightFile(file.get<std::string>()));
  info.entry = {QFileInfo(entryFolder).fileName(), urlOf(info.layout), info.layout.name(),
                QDateTime::fromString(text(json, "deleted"), Qt::ISODateWithMs), 0};
  for (const QString& file : info.files) info.entry.bytes += FolderFile(folder, QStringLiteral("files/") + file).size();
  return info;
}

}  // namespace

QString FolderTrash::entryFolder(const QString& id) const {
  return m_folder + u'/' + id;
}

QString FolderTrash::unfinishedFolder(const QString& id) const {
  return m_folder + QStringLiteral("/.") + id + kUnfinished;
}

TrashEntry FolderTrash::keep(const FolderLayout& layout, const QStringList& files, const QStringList& staying) {
  MadeFolders trash(m_folder);
  const QString id = QUuid::createUuid().toString(QUuid::WithoutBraces);
  const QString folder = unfinishedFolder(id);
  auto undo = qScopeGuard([&] {
    for (const QString& path : {folder, entryFolder(id)}) QDir(path).removeRecursively();
  });
  std::optional<FolderLock> atWork;  // says to sweep() that somebody is
  {
    const FolderLock lock(m_folder);
    sweep();
    makeFolder(folder + QStringLiteral("/files"));
    atWork.emplace(folder);
  }
  Json names = Json::array();
  QStringList kept;
  const OpenFolder model(layout.folder), entryOpened(folder);
  for (const QString& file : filesOf(model, files)) {
    kept.append(QStringLiteral("files/") + file);
    const FolderFile from(model, file), to(entryOpened, kept.back(), FolderFile::Way::Made);
    staying.contains(file) ? to.placeCopy(from) : to.place(from);
    names.push_back(file.toStdString());
  }
  const QString deleted = QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs);
  const Json info{{"folder", layout.folder.toStdString()},
                  {"jsonName", layout.jsonName.toStdString()},
                  {"isPair", layout.isPair},
                  {"deleted", deleted.toStdString()},
                  {"files", std::move(names)}};
  writeSynced(folder + u'/' + kInfo, toJsonBytes(info));
  syncFoldersOf(folder, kept);
  renameFolder(folder, entryFolder(id));
  syncFolder(m_folder);
  const TrashEntry entry = readInfo(entryFolder(id)).entry;
  undo.dismiss();
  trash.keep();
  return entry;
}

void FolderTrash::detach(const QString& id, const QStringList& staying) const {
  const OpenFolder entry(entryFolder(id));
  QStringList files;
  for (const QString& file : staying) files.append(QStringLiteral("files/") + file);
  for (const QString& file : filesOf(entry, files)) FolderFile(entry, file).detach();
  syncFoldersOf(entryFolder(id), files);
}

std::vector<TrashEntry> FolderTrash::list() const {
  std::vector<TrashEntry> entries;
  for (const QString& id : ids()) {
    try {
      if (!contains(id)) continue;
      entries.push_back(readInfo(entryFolder(id)).entry);
    } catch (const Error& error) {
      entries.push_back({id, {}, QStringLiteral("damaged: ") + QString::fromStdString(error.message()), {}, 0});
    }
  }
  return entries;
}

bool FolderTrash::contains(const QString& id) const {
  return isId(id) && !QFileInfo(entryFolder(id)).isSymLink() && holdsInfo(entryFolder(id));
}

bool FolderTrash::isSurelyOurs(const QString& id) const {
  try {
    return contains(id);
  } catch (const Error&) {
    return false;
  }
}

QStringList FolderTrash::ids() const {
  QStringList ids = QDir(m_folder).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
  ids.removeIf([](const QString& id) { return !isId(id); });
  return ids;
}

void FolderTrash::restore(const QString& id) {
  if (!contains(id)) throw notFound(id, QStringLiteral("the Trash"));
  const Info info = readInfo(entryFolder(id));
  try {
    MadeFolders around(info.layout.around());
    const FolderLock lock(info.layout.around());
    putBack(id);
    around.keep();
  } catch (const Error& error) {
    if (error.code() != "E201") throw;
    throw Error(error.kind(),
                QStringLiteral("Not restored: %1. Nothing was changed: '%2' stays in the Trash.")
                    .arg(causeOf(error), info.entry.name)
                    .toStdString(),
                "E201", error.where(), "Make room or allow writing there, then restore it again.");
  }
  discard(id);
}

void FolderTrash::putBack(const QString& id) const {
  const Info info = readInfo(entryFolder(id));
  const QString target = info.layout.folder;
  MadeFolders made(target);
  const OpenFolder model(target), files(entryFolder(id) + QStringLiteral("/files"));
  QStringList missing, placed;
  for (const QString& file : info.files) {
    const FolderFile there(model, file);
    if (!there.isThere())
      missing.append(file);
    else if (!there.equals(FolderFile(files, file)))
      throw alreadyExists(file, target);
  }
  auto undo = qScopeGuard([&] {
    for (const QString& file : placed) FolderFile(model, file).tryRemove();
    removeEmptyFolders(target, placed);
  });
  const auto place = [&](const QString& file) {
    FolderFile(model, file, FolderFile::Way::Made).place(FolderFile(files, file));
    placed.append(file);
  };
  for (const QString& file : missing)
    if (file != info.layout.jsonName) place(file);
  syncFoldersOf(target, info.files);
  if (missing.contains(info.layout.jsonName)) place(info.layout.jsonName);  // last: only then is it a model
  syncFolder(target);
  undo.dismiss();
  made.keep();
}

bool FolderTrash::take(const QString& id) const {
  const QString entry = entryFolder(id), unfinished = unfinishedFolder(id);
  if (::rename(QFile::encodeName(entry).constData(), QFile::encodeName(unfinished).constData()) == 0)
    QDir(unfinished).removeRecursively();
  return !QFileInfo::exists(entry) && !QFileInfo::exists(unfinished);  // gone, be it by another program
}

void FolderTrash::discard(const QString& id) const {
  if (isId(id)) take(id);
}

void FolderTrash::purge(const QString& id) {
  if (!contains(id)) throw notFound(id, QStringLiteral("the Trash"));
  takeWhole(id);
}

void FolderTrash::takeWhole(const QString& id) const {
  if (take(id)) return;
  throw Error(ErrorKind::Io,
              QStringLiteral("%1 could not be removed from the Trash %2. What is left of it goes when the Trash is "
                             "emptied.")
                  .arg(id, m_folder)
                  .toStdString(),
              "E201", entryFolder(id).toStdString());
}

void FolderTrash::sweep() const {
  const QStringList names =
      QDir(m_folder).entryList({u'*' + kUnfinished}, QDir::Dirs | QDir::Hidden | QDir::NoSymLinks);
  for (const QString& name : names) {
    const QString path = m_folder + u'/' + name;
    if (!name.startsWith(u'.') || !isId(name.mid(1).chopped(kUnfinished.size()))) continue;
    const int folder = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) continue;
    if (::flock(folder, LOCK_EX | LOCK_NB) == 0) QDir(path).removeRecursively();
    ::close(folder);
  }
}

void FolderTrash::empty() {
  if (!QFileInfo(m_folder).isDir()) return;
  for (const QString& id : ids())
    if (isSurelyOurs(id)) takeWhole(id);
  const FolderLock lock(m_folder);
  sweep();
}

}  // namespace layersmith
