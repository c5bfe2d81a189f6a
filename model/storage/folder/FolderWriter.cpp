#include "model/storage/folder/FolderWriter.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/format/ModelJson.h"
#include "model/storage/ModelSummary.h"
#include "model/storage/WeightFileHashes.h"
#include "model/storage/folder/FileAccess.h"
#include "model/storage/folder/FolderExchange.h"
#include "model/storage/folder/FolderFile.h"
#include "model/storage/folder/FolderLock.h"
#include "model/storage/folder/OtherModels.h"
#include "model/storage/folder/SyncedFolders.h"

#include <QFile>
#include <QFileInfo>
#include <QScopeGuard>

#include <unistd.h>
#include <algorithm>
#include <deque>
#include <optional>

namespace layersmith {

namespace {

constexpr std::size_t kUnsyncedFiles = 64;

Error notSaved(const QString& path, const QString& reason) {
  return {
      ErrorKind::Io,
      QStringLiteral("Not saved: %1: %2. Your old file is unchanged. Save elsewhere.").arg(path, reason).toStdString(),
      "E201", path.toStdString()};
}

void requireStillThere(const OpenFolder& folder) {
  if (!folder.isStillThere()) throw notSaved(folder.path(), QStringLiteral("it was moved away or replaced meanwhile"));
}

/// What cannot be removed stays. They are this folder's, though it has another name by now.
void removeFiles(const OpenFolder& folder, const QStringList& names) {
  for (const QString& name : names) FolderFile(folder, name).tryRemove();
  if (folder.isStillThere()) removeEmptyFolders(folder.path(), names);
}

bool linkFile(const QString& from, const QString& to) {
  return ::link(QFile::encodeName(from).constData(), QFile::encodeName(to).constData()) == 0;
}

QString hashedName(const QString& preferred, const QByteArray& sha256) {
  const QByteArray digest = sha256.toHex().left(16);
  QString stem = preferred.endsWith(QStringLiteral(".bin")) ? preferred.chopped(4) : preferred;
  const QString kind = stem.endsWith(QStringLiteral(".weights")) ? QStringLiteral(".weights") : QString();
  const QString below = stem.left(stem.lastIndexOf(u'/') + 1);
  stem = QFile::decodeName(weightsStem(QFile::encodeName(stem.mid(below.size()).chopped(kind.size()))));
  return below + stem + kind + u'-' + QString::fromLatin1(digest) + QStringLiteral(".bin");
}

}  // namespace

FolderWriter::FolderWriter(FolderLayout layout, SaveOptions options, StoreProgress progress, KeepReplaced keepReplaced)
    : m_layout(std::move(layout)),
      m_options(std::move(options)),
      m_progress(std::move(progress)),
      m_keepReplaced(std::move(keepReplaced)) {}

void FolderWriter::requireNoFile() const {
  if (m_layout.isPair || !QFileInfo::exists(m_layout.folder) || QFileInfo(m_layout.folder).isDir()) return;
  throw Error(ErrorKind::AlreadyExists,
              QStringLiteral("%1 is a file, not a folder. Nothing was changed. Choose another name.")
                  .arg(m_layout.folder)
                  .toStdString(),
              "E201", m_layout.folder.toStdString(), "A save replaces models, never other files.");
}

QString FolderWriter::write(const ModelArtifacts& artifacts) {
  requireNoFile();
  const QString around = m_layout.around();
  MadeFolders made(around);
  const FolderLock lock(around);
  FolderExchange::sweep(m_layout);
  std::optional<FolderLock> own;  // pairs in the folder wait too
  if (!m_layout.isPair && QFileInfo(m_layout.folder).isDir()) own.emplace(m_layout.folder);
  m_replaces = QFileInfo::exists(m_layout.jsonPath());
  if (m_replaces && !m_options.overwrite) throw alreadyExists(m_layout.name(), around);
  requireBase(m_options.base, stampOf(m_layout), m_layout.name(), QFileInfo(m_layout.jsonPath()).lastModified());
  m_isOurs = !m_layout.isPair;
  if (m_replaces) readReplaced();
  const QStringList old = m_oldFiles + (m_replaces ? QStringList{m_layout.jsonName} : QStringList());
  m_isOurs = m_isOurs && (!own || holdsOnly(m_layout.folder, old));
  m_groups = groupsToWrite(artifacts, m_layout, m_options);
  report(m_progress, 0, artifacts.weightData ? artifacts.weightData->size() : 0);
  if (!m_isOurs || (m_options.addHashes && !takesOver())) startHashing(artifacts);
  if (!m_isOurs || !exchangeFolder(artifacts)) writeBeside(artifacts);
  made.keep();
  return stampOf(m_layout);
}

void FolderWriter::readReplaced() {
  try {
    const OpenFolder folder(m_layout.folder);
    m_oldJson = folder.read(m_layout.jsonName, limits::kModelJsonBytes);
    ModelArtifacts old = parseModelJson(m_oldJson, m_layout.jsonName);
    m_oldFiles = filesOf(folder, namedFiles(old));
    m_generation = takeHashes(old).generation + 1;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Io) throw notSaved(m_layout.jsonPath(), QStringLiteral("it cannot be read"));
    m_isOurs = false;  // what stands there is no model we understand: nothing but its model.json may be replaced
    m_oldFiles.clear();
  }
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
void FolderWriter::writeFiles(const OpenFolder& folder, const std::vector<File>& files, QStringList* made) {
  const std::int64_t total = totalOf(files);
  std::int64_t done = 0;
  std::deque<NewFile> unsynced;
  for (const File& file : files) {
    unsynced.push_back(FolderFile(folder, file.name, FolderFile::Way::Made).make(SaveRoom{total, done}));
    if (made) made->append(file.name);
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
  const std::vector<File> files = weightFiles(artifacts);
  const bool isLinked =
      takesOver() && linkFile(m_options.weightsFile.path, folder + u'/' + weightFile(m_groups[0].paths[0]));
  if (!isLinked) writeFiles(OpenFolder(folder), files);
  const std::int64_t written = isLinked ? 0 : totalOf(files);
  writeSynced(folder + u'/' + m_layout.jsonName, jsonBytes(artifacts), {written, written});
  syncFoldersOf(folder, newFiles());
}

QStringList FolderWriter::newFiles() const {
  QStringList names;
  for (const WeightsGroup& group : m_groups)
    for (const std::string& path : group.paths) names.append(weightFile(path));
  return names;
}

bool FolderWriter::exchangeFolder(const ModelArtifacts& artifacts) {
  requireNoFile();  // it came meanwhile
  FolderExchange exchange(m_layout);
  if (!exchange.begin()) return false;
  auto undo = qScopeGuard([this] { forgetReplaced(); });
  writeFresh(artifacts, exchange.fresh());
  keepReplaced({});
  const bool isPublished = exchange.publish(m_oldFiles, newFiles());
  undo.dismiss();
  return isPublished;
}

QString FolderWriter::freeName(const OpenFolder& folder, const File& file) {
  if (!FolderFile(folder, file.name).isThere()) return file.name;
  const QString hashed = hashedName(file.name, m_hasher->digests().at(file.index));
  for (int attempt = 1;; ++attempt) {
    const QString name = attempt == 1 ? hashed : QString::number(attempt) + u'-' + hashed;
    if (!FolderFile(folder, name).isThere()) return name;
    // A file of this very content is left by a save that was killed, or belongs to the model that is replaced.
    if (folder.holds(name, file.bytes)) return name;
  }
}

std::vector<FolderWriter::File> FolderWriter::giveFreeNames(std::vector<File> files) {
  const OpenFolder folder(m_layout.folder);
  std::vector<File> missing;
  std::size_t next = 0;
  for (WeightsGroup& group : m_groups)
    for (std::string& path : group.paths) {
      File& file = files[next++];
      if (const QString name = freeName(folder, file); name != file.name) {
        path = (QString::fromStdString(path).startsWith(QStringLiteral("./")) ? "./" : "") + name.toStdString();
        file.name = name;
      }
      if (!FolderFile(folder, file.name).isThere())
        missing.push_back(file);
      else  // the save that left it was perhaps killed before it was on the disk
        syncFile(m_layout.folder + u'/' + file.name);
    }
  return missing;
}

void FolderWriter::writeBeside(const ModelArtifacts& artifacts) {
  startHashing(artifacts);
  MadeFolders made(m_layout.folder);
  const OpenFolder folder(m_layout.folder);
  QStringList begun;
  bool isPublished = false;
  auto undo = qScopeGuard([&] {
    if (isPublished && !putJsonBack()) return;
    removeFiles(folder, begun);
    forgetReplaced();
  });
  const std::vector<File> missing = giveFreeNames(weightFiles(artifacts));
  writeFiles(folder, missing, &begun);
  requireStillThere(folder);
  keepReplaced(m_keepReplaced ? stayingFiles(folder) : QStringList());
  syncFoldersOf(m_layout.folder, newFiles());
  requireStillThere(folder);
  const std::int64_t written = totalOf(missing);
  replaceSynced(m_layout.jsonPath(), jsonBytes(artifacts), {written, written});
  isPublished = true;
  syncFolder(m_layout.folder);
  undo.dismiss();
  made.keep();
  removeReplaced(folder);
}

QStringList FolderWriter::stayingFiles(const OpenFolder& folder) const {
  QStringList staying = newFiles(), old = m_oldFiles;
  old.removeIf([&](const QString& name) { return staying.contains(name); });
  if (!old.isEmpty()) staying += namedByOthers(folder, m_layout.jsonName, old);
  return staying;
}

/// The save is done: what cannot be removed stays.
void FolderWriter::removeReplaced(const OpenFolder& folder) const {
  const QStringList staying = stayingFiles(folder);
  QStringList old = m_oldFiles;
  old.removeIf([&](const QString& name) { return staying.contains(name); });
  removeFiles(folder, old);
}

/// Errors do not leave it: it is part of undoing. False: the new one stays.
bool FolderWriter::putJsonBack() const {
  const bool isKnown = !m_oldJson.isNull() && m_oldJson.size() < limits::kModelJsonBytes;
  if (!m_replaces) return QFile::remove(m_layout.jsonPath());
  if (!isKnown) return false;
  try {
    replaceSynced(m_layout.jsonPath(), m_oldJson);
  } catch (const Error&) {
    return false;
  }
  return true;
}

void FolderWriter::keepReplaced(const QStringList& staying) {
  if (m_keepReplaced && QFileInfo::exists(m_layout.jsonPath()))
    m_forgetReplaced = m_keepReplaced(m_oldFiles + QStringList{m_layout.jsonName}, staying);
}

void FolderWriter::forgetReplaced() {
  if (m_forgetReplaced) m_forgetReplaced();
  m_forgetReplaced = {};
}

}  // namespace layersmith
