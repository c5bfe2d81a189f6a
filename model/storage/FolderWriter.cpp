#include "model/storage/FolderWriter.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/format/ModelJson.h"
#include "model/storage/FileAccess.h"
#include "model/storage/LockHolder.h"
#include "model/storage/ModelSummary.h"
#include "model/storage/WeightFileHashes.h"

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>
#include <QThread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <deque>

namespace layersmith {

namespace {

constexpr std::size_t kUnsyncedFiles = 64;

Error notSaved(const QString& path, const QString& reason) {
  return {
      ErrorKind::Io,
      QStringLiteral("Not saved: %1: %2. Your old file is unchanged. Save elsewhere.").arg(path, reason).toStdString(),
      "E201", path.toStdString()};
}

/// Every file below the folder, by relative name; links and special files make it not ours.
QStringList filesBelow(const QString& folder, bool* hasOthers) {
  QStringList names;
  QDirIterator it(folder, QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                  QDirIterator::Subdirectories);
  while (it.hasNext()) {
    const QFileInfo info(it.next());
    if (info.isSymLink() || !(info.isFile() || info.isDir())) *hasOthers = true;
    if (info.isFile()) names.append(QDir(folder).relativeFilePath(info.filePath()));
  }
  return names;
}

void removeFolder(const QString& path) {
  if (QFileInfo::exists(path) && !QDir(path).removeRecursively())
    throw notSaved(path, QStringLiteral("it cannot be removed"));
}

void makeFolder(const QString& path) {
  if (!QDir().mkpath(path)) throw notSaved(path, QStringLiteral("the folder cannot be made"));
}

bool linkFile(const QString& from, const QString& to) {
  return ::link(QFile::encodeName(from).constData(), QFile::encodeName(to).constData()) == 0;
}

QString hashedName(const QString& preferred, const QByteArray& sha256) {
  const QByteArray digest = sha256.toHex().left(16);
  const qsizetype stem = preferred.endsWith(QStringLiteral(".bin")) ? preferred.size() - 4 : preferred.size();
  return preferred.left(stem) + u'-' + QString::fromLatin1(digest) + QStringLiteral(".bin");
}

}  // namespace

FolderLock::FolderLock(const QString& folder)
    : m_descriptor(::open(QFile::encodeName(folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (m_descriptor < 0) throw notSaved(folder, QStringLiteral("the folder cannot be opened"));
  for (int waitedMs = 0; ::flock(m_descriptor, LOCK_EX | LOCK_NB) != 0; waitedMs += 20) {
    if (errno != EWOULDBLOCK && errno != EINTR) return;  // a file system without locks
    if (waitedMs >= 10'000) {
      ::close(m_descriptor);
      const QString holder = lockHolder(folder);
      throw Error(ErrorKind::Busy,
                  QStringLiteral("A model in %1 is being saved by %2. Nothing was changed. Try again in a moment.")
                      .arg(folder, holder.isEmpty() ? QStringLiteral("another program") : holder)
                      .toStdString(),
                  "E203", folder.toStdString());
    }
    QThread::msleep(20);
  }
}

FolderLock::~FolderLock() {
  ::close(m_descriptor);
}

FolderWriter::FolderWriter(FolderLayout layout, SaveOptions options, StoreProgress progress, KeepReplaced keepReplaced)
    : m_layout(std::move(layout)),
      m_options(std::move(options)),
      m_progress(std::move(progress)),
      m_keepReplaced(std::move(keepReplaced)) {}

QString FolderWriter::write(const ModelArtifacts& artifacts) {
  const QString around = m_layout.around();
  makeFolder(around);
  const FolderLock lock(around);
  const bool exists = m_replaces = QFileInfo::exists(m_layout.jsonPath());
  if (exists && !m_options.overwrite) throw alreadyExists(m_layout.name(), around);
  requireBase(m_options.base, stampOf(m_layout), m_layout.name(), QFileInfo(m_layout.jsonPath()).lastModified());
  bool hasOthers = false;
  if (exists) {
    try {
      const OpenFolder folder(m_layout.folder);
      m_oldJson = folder.read(m_layout.jsonName, limits::kModelJsonBytes);
      ModelArtifacts old = parseModelJson(m_oldJson, m_layout.jsonName);
      for (const WeightsGroup& group : old.groups)
        for (const std::string& path : group.paths) m_oldFiles.append(weightFile(path));
      m_generation = takeHashes(old).generation + 1;
    } catch (const Error&) {
      hasOthers = true;  // what stands there is no model we understand: nothing but its model.json may be replaced
      m_oldFiles.clear();
    }
  }
  if (!m_layout.isPair && QFileInfo::exists(m_layout.folder))
    for (const QString& name : filesBelow(m_layout.folder, &hasOthers))
      hasOthers = hasOthers || (name != m_layout.jsonName && !m_oldFiles.contains(name));
  m_isOurs = !m_layout.isPair && !hasOthers;
  m_groups = groupsToWrite(artifacts, m_layout, m_options);
  report(m_progress, 0, artifacts.weightData ? artifacts.weightData->size() : 0);
  if (!m_isOurs || (m_options.addHashes && !takesOver())) startHashing(artifacts);
  if (!m_isOurs || !exchangeFolder(artifacts)) writeBeside(artifacts);
  return stampOf(m_layout);
}

std::int64_t FolderWriter::totalOf(const std::vector<File>& files) {
  std::int64_t total = 0;
  for (const File& file : files) total += file.bytes.size();
  return total;
}

std::vector<FolderWriter::File> FolderWriter::weightFiles(const ModelArtifacts& artifacts) const {
  std::vector<File> files;
  std::int64_t offset = 0;
  for (const WeightsGroup& group : m_groups)
    for (std::size_t i = 0; i < group.paths.size(); ++i) {
      files.push_back({weightFile(group.paths[i]), artifacts.weightData->sliced(offset, group.bytes[i]), files.size()});
      offset += group.bytes[i];
    }
  return files;
}

QByteArray FolderWriter::jsonBytes(const ModelArtifacts& artifacts) {
  ModelArtifacts written = artifacts;
  if (m_options.addHashes && takesOver())
    addHashes(written,
              hashesOf({QByteArray::fromHex(m_options.weightsFile.sha256.toLatin1())}, m_groups, m_generation, 0));
  else if (m_options.addHashes && m_hasher)
    addHashes(written, hashesOf(m_hasher->digests(), m_groups, m_generation, WeightHasher::kHashChunkBytes));
  return toJsonBytes(modelJson(written, m_groups));
}

/// Some files stay open while the disk works on them: waiting for each alone would take a shard's time every time.
void FolderWriter::writeFiles(const QString& folder, const std::vector<File>& files) {
  const std::int64_t total = totalOf(files);
  std::int64_t done = 0;
  std::deque<NewFile> unsynced;
  for (const File& file : files) {
    const QString path = folder + u'/' + file.name;
    makeFolder(QFileInfo(path).absolutePath());
    unsynced.emplace_back(path, SaveRoom{total, done});
    unsynced.back().write(file.bytes,
                          [&](std::int64_t ofFile) { report(m_progress, std::min(done + ofFile, total), total); });
    done += file.bytes.size();
    if (unsynced.size() < kUnsyncedFiles) continue;
    unsynced.front().sync();
    unsynced.pop_front();
  }
  for (NewFile& file : unsynced) {
    file.sync();
    report(m_progress, total, total);
  }
}

bool FolderWriter::takesOver() const {
  return !m_options.weightsFile.path.isEmpty() && m_groups.size() == 1 && m_groups[0].paths.size() == 1;
}

void FolderWriter::startHashing(const ModelArtifacts& artifacts) {
  if (artifacts.weightData && !m_hasher)
    m_hasher.emplace(*artifacts.weightData, fileBytes(m_groups), artifacts.weightData->size());
}

void FolderWriter::writeFresh(const ModelArtifacts& artifacts, const QString& folder) {
  removeFolder(folder);  // left by a save that was killed; we hold the lock
  makeFolder(folder);
  const std::vector<File> files = weightFiles(artifacts);
  const bool isLinked =
      takesOver() && linkFile(m_options.weightsFile.path, folder + u'/' + weightFile(m_groups[0].paths[0]));
  if (!isLinked) writeFiles(folder, files);
  const std::int64_t written = isLinked ? 0 : totalOf(files);
  writeSynced(folder + u'/' + m_layout.jsonName, jsonBytes(artifacts), {written, written});
  QDirIterator it(folder, QDir::Dirs | QDir::NoDotAndDotDot, QDirIterator::Subdirectories);
  while (it.hasNext()) syncFolder(it.next());
  syncFolder(folder);
}

bool FolderWriter::exchangeFolder(const ModelArtifacts& artifacts) {
  const QFileInfo target(m_layout.folder);
  const QString around = target.absolutePath();
  const QString fresh = around + QStringLiteral("/.") + target.fileName() + QStringLiteral(".layersmith-saving");
  if (!QFileInfo(around).isWritable() || target.isRoot()) return false;
  struct stat status {};
  const bool replaces = ::stat(QFile::encodeName(m_layout.folder).constData(), &status) == 0;
  try {
    writeFresh(artifacts, fresh);
    keepReplaced();
    if (replaces) ::chmod(QFile::encodeName(fresh).constData(), status.st_mode & 07777);
    if (replaces ? !exchangePaths(fresh, m_layout.folder) : !QDir().rename(fresh, m_layout.folder)) {
      removeFolder(fresh);
      return false;
    }
  } catch (const Error&) {
    QDir(fresh).removeRecursively();
    throw;
  }
  try {
    syncFolder(around);
  } catch (const Error&) {  // the new one is not surely on the disk: the old one comes back
    if (!(replaces ? exchangePaths(fresh, m_layout.folder) : QDir().rename(m_layout.folder, fresh))) throw;
    QDir(fresh).removeRecursively();
    throw;
  }
  QDir(fresh).removeRecursively();  // saved; what cannot be removed now goes at the next save
  return true;
}

QString FolderWriter::freeName(const File& file) {
  if (!QFileInfo::exists(m_layout.folder + u'/' + file.name)) return file.name;
  const QString hashed = hashedName(file.name, m_hasher->digests().at(file.index));
  for (int attempt = 1;; ++attempt) {
    const QString name = attempt == 1 ? hashed : QString::number(attempt) + u'-' + hashed;
    const QString path = m_layout.folder + u'/' + name;
    if (!QFileInfo::exists(path)) return name;
    // A file of this very content is left by a save that was killed, or belongs to the model that is replaced.
    if (OpenFolder(m_layout.folder).holds(name, file.bytes)) return name;
  }
}

void FolderWriter::writeBeside(const ModelArtifacts& artifacts) {
  startHashing(artifacts);
  makeFolder(m_layout.folder);
  std::vector<File> files = weightFiles(artifacts);
  std::vector<File> missing;
  QStringList newFiles;
  std::size_t next = 0;
  for (WeightsGroup& group : m_groups)
    for (std::string& path : group.paths) {
      File& file = files[next++];
      if (const QString name = freeName(file); name != file.name) {
        path = (QString::fromStdString(path).startsWith(QStringLiteral("./")) ? "./" : "") + name.toStdString();
        file.name = name;
      }
      newFiles.append(file.name);
      if (!QFileInfo::exists(m_layout.folder + u'/' + file.name)) missing.push_back(file);
    }
  try {
    writeFiles(m_layout.folder, missing);
    keepReplaced();
    syncFolder(m_layout.folder);
    const std::int64_t written = totalOf(missing);
    replaceSynced(m_layout.jsonPath(), jsonBytes(artifacts), {written, written});
  } catch (const Error&) {
    remove(missing);
    throw;
  }
  try {
    syncFolder(m_layout.folder);
  } catch (const Error&) {  // the new one is not surely on the disk: the old one comes back
    putJsonBack();
    remove(missing);
    throw;
  }
  for (const QString& name : m_oldFiles)
    if (!newFiles.contains(name)) QFile::remove(m_layout.folder + u'/' + name);
}

void FolderWriter::remove(const std::vector<File>& files) const {
  for (const File& file : files) QFile::remove(m_layout.folder + u'/' + file.name);
}

void FolderWriter::putJsonBack() const {
  const bool isKnown = !m_oldJson.isNull() && m_oldJson.size() < limits::kModelJsonBytes;
  if (!m_replaces)
    QFile::remove(m_layout.jsonPath());
  else if (isKnown)
    replaceSynced(m_layout.jsonPath(), m_oldJson);
  else
    throw notSaved(m_layout.jsonPath(), QStringLiteral("the folder cannot be synced"));
}

void FolderWriter::keepReplaced() const {
  if (m_keepReplaced && QFileInfo::exists(m_layout.jsonPath()))
    m_keepReplaced(m_layout.folder, m_oldFiles + QStringList{m_layout.jsonName});
}

}  // namespace layersmith
