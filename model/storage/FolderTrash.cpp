#include "model/storage/FolderTrash.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/format/BoundedJson.h"
#include "model/format/JsonAccess.h"
#include "model/storage/FileAccess.h"
#include "model/storage/ModelLibrary.h"
#include "model/storage/ModelSummary.h"

#include <QDir>
#include <QFileInfo>
#include <QUuid>

#include <unistd.h>

namespace layersmith {

namespace {

void placeFile(const QString& from, const QString& to) {
  QDir().mkpath(QFileInfo(to).absolutePath());
  if (::link(QFile::encodeName(from).constData(), QFile::encodeName(to).constData()) == 0) return;
  QFile file(from);
  file.open(QIODevice::ReadOnly);
  NewFile copy(to, {file.size()});
  while (file.error() == QFileDevice::NoError && !file.atEnd()) copy.write(file.read(limits::kMiB));
  if (file.error() != QFileDevice::NoError)
    throw Error(ErrorKind::Io, QStringLiteral("%1 could not be read: %2.").arg(from, file.errorString()).toStdString(),
                {}, from.toStdString());
  copy.sync();
}

QString urlOf(const FolderLayout& layout) {
  return Place{QStringLiteral("file"), layout.isPair ? layout.jsonPath() : layout.folder}.url();
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

/// Errors: NotFound, or what a damaged info.json gives.
Info readInfo(const QString& entryFolder) {
  const OpenFolder folder(entryFolder);
  const Json json = parseBoundedJson(folder.read(QStringLiteral("info.json"), 1 << 20), QStringLiteral("info.json"));
  Info info;
  info.layout = {text(json, "folder"), text(json, "jsonName"), memberOf(json, "isPair") == Json(true)};
  for (const Json& file : memberOf(json, "files"))
    if (file.is_string()) info.files.append(weightFile(file.get<std::string>()));
  info.entry = {QFileInfo(entryFolder).fileName(), urlOf(info.layout), info.layout.name(),
                QDateTime::fromString(text(json, "deleted"), Qt::ISODateWithMs), 0};
  for (const QString& file : info.files)
    info.entry.bytes += std::max<std::int64_t>(0, folder.sizeOf(QStringLiteral("files/") + file));
  return info;
}

}  // namespace

QString FolderTrash::entryFolder(const QString& id) const {
  return m_folder + u'/' + id;
}

TrashEntry FolderTrash::keep(const FolderLayout& layout, const QStringList& files) {
  const QString id = QUuid::createUuid().toString(QUuid::WithoutBraces);
  const QString folder = entryFolder(id);
  if (!QDir().mkpath(folder + QStringLiteral("/files")))
    throw Error(ErrorKind::Io,
                QStringLiteral("The trash %1 cannot be written. Nothing was removed.").arg(m_folder).toStdString(),
                "E201");
  Json names = Json::array();
  for (const QString& file : files) {
    if (!QFileInfo(layout.folder + u'/' + file).isFile()) continue;
    placeFile(layout.folder + u'/' + file, folder + QStringLiteral("/files/") + file);
    names.push_back(file.toStdString());
  }
  const QString deleted = QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs);
  const Json info{{"folder", layout.folder.toStdString()},
                  {"jsonName", layout.jsonName.toStdString()},
                  {"isPair", layout.isPair},
                  {"deleted", deleted.toStdString()},
                  {"files", std::move(names)}};
  writeSynced(folder + QStringLiteral("/info.json"), toJsonBytes(info));
  syncFolder(folder + QStringLiteral("/files"));
  syncFolder(folder);
  return readInfo(folder).entry;
}

std::vector<TrashEntry> FolderTrash::list() const {
  std::vector<TrashEntry> entries;
  for (const QString& id : QDir(m_folder).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
    try {
      entries.push_back(readInfo(entryFolder(id)).entry);
    } catch (const Error& error) {
      entries.push_back({id, {}, QStringLiteral("damaged: ") + QString::fromStdString(error.message()), {}, 0});
    }
  }
  return entries;
}

bool FolderTrash::contains(const QString& id) const {
  return !id.isEmpty() && !id.contains(u'/') && !id.startsWith(u'.') && QFileInfo(entryFolder(id)).isDir();
}

void FolderTrash::restore(const QString& id) {
  if (!contains(id)) throw notFound(id, QStringLiteral("the Trash"));
  const Info info = readInfo(entryFolder(id));
  for (const QString& file : info.files)
    if (QFileInfo::exists(info.layout.folder + u'/' + file)) throw alreadyExists(file, info.layout.folder);
  QStringList ordered = info.files;
  ordered.removeAll(info.layout.jsonName);
  ordered.append(info.layout.jsonName);  // last: only then is it a model
  for (const QString& file : ordered)
    placeFile(entryFolder(id) + QStringLiteral("/files/") + file, info.layout.folder + u'/' + file);
  syncFolder(info.layout.folder);
  QDir(entryFolder(id)).removeRecursively();
}

void FolderTrash::purge(const QString& id) {
  if (!contains(id)) throw notFound(id, QStringLiteral("the Trash"));
  QDir(entryFolder(id)).removeRecursively();
}

void FolderTrash::empty() {
  for (const QString& id : QDir(m_folder).entryList(QDir::Dirs | QDir::NoDotAndDotDot))
    QDir(entryFolder(id)).removeRecursively();
}

}  // namespace layersmith
