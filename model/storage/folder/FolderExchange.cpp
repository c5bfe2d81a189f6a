#include "model/storage/folder/FolderExchange.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/format/ModelJson.h"
#include "model/storage/folder/FolderEntries.h"
#include "model/storage/folder/FolderFile.h"
#include "model/storage/folder/FolderLock.h"
#include "model/storage/folder/SyncedFolders.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QScopeGuard>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cstdio>
#include <optional>

namespace layersmith {

namespace {

/// ".NAME.what"; of a name that leaves no room for that its start and its hash, so that NAME leads to it again.
QString beside(const FolderLayout& layout, const char* what) {
  const QByteArray name = QFile::encodeName(QFileInfo(layout.folder).fileName());
  const QByteArray fitted = fittedName(name, 1 + qsizetype(qstrlen(what)));
  return layout.around() + QStringLiteral("/.") + QFile::decodeName(fitted) + QLatin1String(what);
}

QList<QByteArray> encoded(const QStringList& files) {
  QList<QByteArray> names;
  for (const QString& file : files) names.append(QFile::encodeName(file));
  return names;
}

bool isFolder(const QByteArray& path) {
  struct stat status {};
  return ::lstat(path.constData(), &status) == 0 && S_ISDIR(status.st_mode);
}

bool leadsToOneOf(const QByteArray& folder, const QList<QByteArray>& files) {
  return std::ranges::any_of(files, [&](const QByteArray& file) { return file.startsWith(folder + '/'); });
}

/// Brings all but `files` from one folder into another; under another name where the name is taken. `below`: the folder
/// in both, "sub/".
void moveOthers(const QByteArray& from, const QList<QByteArray>& files, const QByteArray& to,
                const QByteArray& below = {}) {
  for (const FolderEntry& entry : entriesOf(from + '/' + below)) {
    const QByteArray name = below + entry.name, path = from + '/' + name;
    if (files.contains(name)) continue;
    if (entry.type == DT_DIR && leadsToOneOf(name, files)) {
      moveOthers(from, files, to, name + '/');
      continue;
    }
    if (!isFolder(to + '/' + below)) MadeFolders(QFile::decodeName(to + '/' + below)).keep();
    if (renameToFree(path, to + '/' + name)) continue;
    if (entry.type == DT_DIR && isFolder(to + '/' + name)) {
      moveOthers(from, files, to, name + '/');
      ::rmdir(path.constData());
      continue;
    }
    for (int number = 2;; ++number) {
      const QByteArray free = cutName(QByteArray::number(number) + '-' + entry.name, kMostNameBytes);
      if (renameToFree(path, to + '/' + below + free)) break;
    }
  }
}

void moveOthers(const QString& from, const QStringList& files, const QString& to) {
  moveOthers(QFile::encodeName(from), encoded(files), QFile::encodeName(to));
}

/// As holdsOnly(), of the folder `below` in it, "sub/".
bool holdsOnly(const QByteArray& folder, const QList<QByteArray>& files, const QByteArray& below) {
  for (const FolderEntry& entry : entriesOf(folder + '/' + below)) {
    const QByteArray name = below + entry.name;
    const bool isOurs = entry.type == DT_DIR ? leadsToOneOf(name, files) && holdsOnly(folder, files, name + '/')
                                             : entry.type == DT_REG && files.contains(name);
    if (!isOurs) return false;
  }
  return true;
}

/// The files of a model that was put aside go, others come into `to`. The model.json is the last: as long as it is
/// there it says which files are the model's. Errors: E201; what is left then goes with the next save.
void empty(const QString& aside, const QStringList& weights, const FolderLayout& to) {
  const OpenFolder folder(aside);
  moveOthers(aside, weights + QStringList{to.jsonName}, to.folder);
  for (const QString& file : weights) FolderFile(folder, file).remove();
  FolderFile(folder, to.jsonName).remove();
  removeEmptyFolders(aside, weights);
  if (::rmdir(QFile::encodeName(aside).constData()) == 0) return;
  moveOthers(aside, {}, to.folder);  // what came in this moment
  ::rmdir(QFile::encodeName(aside).constData());
}

/// The same at the end of a save, which is done.
void emptyNowOrLater(const QString& aside, const QStringList& weights, const FolderLayout& to) {
  try {
    empty(aside, weights, to);
  } catch (const Error&) {
    // The next save goes on here.
  }
}

/// What its model.json names; empty: there is none, and all that is there came from others. Errors: Io.
QStringList weightsIn(const QString& aside, const FolderLayout& layout) {
  try {
    const OpenFolder folder(aside);
    const QByteArray json = folder.read(layout.jsonName, limits::kModelJsonBytes);
    return filesOf(folder, namedFiles(parseModelJson(json, layout.jsonName)));
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Io) throw;
    return {};
  }
}

}  // namespace

bool holdsOnly(const QString& folder, const QStringList& files) {
  try {
    return holdsOnly(QFile::encodeName(folder), encoded(files), {});
  } catch (const Error&) {
    return false;  // what cannot be looked into may hold anything
  }
}

FolderExchange::FolderExchange(FolderLayout layout)
    : m_layout(std::move(layout)),
      m_fresh(beside(m_layout, ".layersmith-saving")),
      m_aside(beside(m_layout, ".layersmith-replaced")) {}

FolderExchange::~FolderExchange() {
  QDir(m_fresh).removeRecursively();
}

void FolderExchange::sweep(const FolderLayout& layout) {
  if (layout.isPair) return;
  QDir(beside(layout, ".layersmith-saving")).removeRecursively();
  const QString aside = beside(layout, ".layersmith-replaced");
  if (!QFileInfo(aside).isDir()) return;
  try {
    empty(aside, weightsIn(aside, layout), layout);
  } catch (const Error&) {
    // It stays, and begin() finds it.
  }
}

bool FolderExchange::begin() {
  const QString around = m_layout.around();
  const QFileInfo target(m_layout.folder);
  if (!QFileInfo(around).isWritable() || target.isRoot() || QFileInfo::exists(m_fresh) || QFileInfo::exists(m_aside))
    return false;
  struct stat folder {
  }, outer{};
  m_replaces = ::stat(QFile::encodeName(m_layout.folder).constData(), &folder) == 0;
  const bool isVolume =
      m_replaces && ::stat(QFile::encodeName(around).constData(), &outer) == 0 && folder.st_dev != outer.st_dev;
  if (isVolume || (m_replaces && !S_ISDIR(folder.st_mode))) return false;
  if (::mkdir(QFile::encodeName(m_fresh).constData(), 0777) != 0) throw unwritten(m_fresh, errno);
  m_mode = folder.st_mode & 07777;
  return true;
}

bool FolderExchange::exchange() {
  if (!m_replaces) return renameToFree(m_fresh, m_layout.folder);
  ::chmod(QFile::encodeName(m_fresh).constData(), m_mode);
  if (!renameToFree(m_fresh, m_aside)) return false;
  auto undo =
      qScopeGuard([&] { ::rename(QFile::encodeName(m_aside).constData(), QFile::encodeName(m_fresh).constData()); });
  const bool isDone = exchangePaths(m_aside, m_layout.folder);
  if (isDone) undo.dismiss();
  return isDone;
}

bool FolderExchange::publish(const QStringList& oldFiles, const QStringList& newFiles) {
  const FolderLock lock(m_fresh);  // who comes into the new folder waits until all of the old one is there
  if (!exchange()) return false;
  auto undo = qScopeGuard([&] { takeBack(newFiles); });
  syncFolder(m_layout.around());
  undo.dismiss();
  if (m_replaces) emptyNowOrLater(m_aside, oldFiles, m_layout);
  return true;
}

/// The new one is not surely on the disk.
void FolderExchange::takeBack(const QStringList& newFiles) {
  const QByteArray folder = QFile::encodeName(m_layout.folder), aside = QFile::encodeName(m_aside);
  if (!m_replaces)
    ::rename(folder.constData(), QFile::encodeName(m_fresh).constData());
  else if (::renameat2(AT_FDCWD, aside.constData(), AT_FDCWD, folder.constData(), RENAME_EXCHANGE) == 0)
    emptyNowOrLater(m_aside, newFiles, m_layout);
}

}  // namespace layersmith
