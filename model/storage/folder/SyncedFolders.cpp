#include "model/storage/folder/SyncedFolders.h"

#include "model/core/Error.h"
#include "model/storage/folder/FileAccess.h"

#include <QFile>
#include <QFileInfo>
#include <QScopeGuard>

#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>

namespace layersmith {

namespace {

/// Those below `folder`, a folder before the one around it.
QStringList foldersBelow(const QString& folder, const QStringList& files) {
  QStringList below;
  for (const QString& file : files)
    for (qsizetype slash = file.lastIndexOf(u'/'); slash > 0; slash = file.lastIndexOf(u'/', slash - 1))
      below.append(folder + u'/' + file.left(slash));
  below.removeDuplicates();
  std::ranges::sort(below, std::ranges::greater(), &QString::size);
  return below;
}

}  // namespace

MadeFolders::MadeFolders(const QString& path) {
  auto guard = qScopeGuard([this] { undo(); });
  make(path);
  guard.dismiss();
}

MadeFolders::~MadeFolders() {
  undo();
}

void MadeFolders::make(const QString& path) {
  const QFileInfo info(path);
  if (info.isDir()) return;
  const QString around = info.absolutePath();
  if (around != info.absoluteFilePath()) make(around);
  if (::mkdir(QFile::encodeName(path).constData(), 0777) == 0)
    m_made.append(path);
  else if (const int code = errno; code != EEXIST || !QFileInfo(path).isDir())
    throw unwritten(path, code);
  syncFolder(around);
}

void MadeFolders::undo() {
  while (!m_made.isEmpty()) ::rmdir(QFile::encodeName(m_made.takeLast()).constData());
}

void syncFoldersOf(const QString& folder, const QStringList& files) {
  for (const QString& path : foldersBelow(folder, files))
    if (QFileInfo(path).isDir()) syncFolder(path);
  syncFolder(folder);
}

void removeEmptyFolders(const QString& folder, const QStringList& files) {
  for (const QString& path : foldersBelow(folder, files)) ::rmdir(QFile::encodeName(path).constData());
}

}  // namespace layersmith
