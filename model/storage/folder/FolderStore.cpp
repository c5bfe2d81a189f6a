#include "model/storage/folder/FolderStore.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/format/ContentKind.h"
#include "model/format/ModelJson.h"
#include "model/format/WeightsManifest.h"
#include "model/storage/ModelLibrary.h"
#include "model/storage/ModelSummary.h"
#include "model/storage/WeightFileErrors.h"
#include "model/storage/WeightFileHashes.h"
#include "model/storage/folder/FileAccess.h"
#include "model/storage/folder/FolderExchange.h"
#include "model/storage/folder/FolderFile.h"
#include "model/storage/folder/FolderLock.h"
#include "model/storage/folder/FolderWriter.h"
#include "model/storage/folder/OtherModels.h"
#include "model/storage/folder/SyncedFolders.h"
#include "model/storage/folder/WeightFileReading.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>
#include <deque>
#include <span>
#include <utility>

namespace layersmith {

namespace {

QString urlOf(const FolderLayout& layout) {
  return Place{QStringLiteral("file"), layout.isPair ? layout.jsonPath() : layout.folder}.url();
}

Error missingFile(const QString& file, std::int64_t expected) {
  return {ErrorKind::Format,
          QStringLiteral("Weight file %1 is missing: 0 bytes, %2 expected by the manifest. Copy or download it again.")
              .arg(file, QString::number(expected))
              .toStdString(),
          "E110", file.toStdString()};
}

/// The bytes of every weight file, measured before any is read.
void measureGroups(const OpenFolder& folder, ModelArtifacts& artifacts) {
  std::size_t next = 0;
  for (WeightsGroup& group : artifacts.groups) {
    const std::span specs(artifacts.weightSpecs.data() + next, group.weights);
    next += group.weights;
    const std::int64_t expected = storedBytes(specs);
    std::int64_t found = 0;
    QStringList files, missing;
    for (const std::string& path : group.paths) {
      files.append(weightFile(path));
      const std::int64_t bytes = folder.sizeOf(files.back());
      if (bytes < 0) missing.append(files.back());
      group.bytes.push_back(std::max<std::int64_t>(bytes, 0));
      found += group.bytes.back();
    }
    artifacts.missingFiles += missing;
    if (!artifacts.missingFiles.isEmpty() || files.isEmpty() || found == expected) continue;
    for (const QString& file : files) requireWeights(folder.read(file, 256), file);
    if (found < expected) throw shortGroup(files, group.bytes, expected);
  }
}

/// What is wrong with the first file that is missing.
Error missingFile(const ModelArtifacts& artifacts) {
  std::size_t next = 0;
  for (const WeightsGroup& group : artifacts.groups) {
    const std::span specs(artifacts.weightSpecs.data() + next, group.weights);
    next += group.weights;
    for (std::size_t i = 0; i < group.paths.size(); ++i)
      if (weightFile(group.paths[i]) == artifacts.missingFiles.front())
        return missingFile(artifacts.missingFiles.front(), expectedOf(group.bytes, i, storedBytes(specs)));
  }
  return missingFile(artifacts.missingFiles.front(), storedBytes(artifacts.weightSpecs));
}

/// All weight files, each checked against its hash.
WeightData readWeights(const OpenFolder& folder, const ModelArtifacts& artifacts, const WeightFileHashes& hashes,
                       const LoadOptions& options) {
  WeightFileRun files{{}, fileBytes(artifacts.groups)};
  for (const WeightsGroup& group : artifacts.groups)
    for (const std::string& path : group.paths) files.names.append(weightFile(path));
  const bool isChecked = !hashes.files.empty() && !options.acceptChangedFiles;
  std::vector<QByteArray> digests;
  WeightData weights = readWeightFiles(folder, files, options, hashes.chunkBytes, isChecked ? &digests : nullptr);
  if (isChecked) verifyHashes(hashes, digests, artifacts.groups);
  return weights;
}

/// Its weight files as its model.json names them; none when that is damaged: then only it is surely the model's own.
/// Errors: Io.
QStringList weightFilesOf(const FolderLayout& layout) {
  try {
    const OpenFolder folder(layout.folder);
    const QByteArray json = folder.read(layout.jsonName, limits::kModelJsonBytes);
    return filesOf(folder, namedFiles(parseModelJson(json, layout.jsonName)));
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Io) throw;
    return {};
  }
}

/// The files go for good, but those that another model of the folder names too, and that lasts. Errors: E201; then some
/// are gone and some are not.
void unlinkModel(const FolderLayout& layout, QStringList weights) {
  const OpenFolder folder(layout.folder);
  const QStringList ofOthers = namedByOthers(folder, layout.jsonName, weights);
  weights.removeIf([&](const QString& file) { return ofOthers.contains(file); });
  for (const QString& file : QStringList{layout.jsonName} + weights) FolderFile(folder, file).remove();
  removeEmptyFolders(layout.folder, weights);
  syncFoldersOf(layout.folder, weights);
  if (!layout.isPair && QDir().rmdir(layout.folder))  // stays when something else is in it
    syncFolder(layout.around());
}

constexpr int kAttempts = 4;

Error keepsChanging(const FolderLayout& layout) {
  return {ErrorKind::Changed,
          QStringLiteral("'%1' is written by another program again and again. Nothing was read. Try again in a moment.")
              .arg(layout.name())
              .toStdString(),
          "E203", layout.jsonPath().toStdString()};
}

Error notRemoved(const FolderLayout& layout, const Error& cause, const QString& outcome) {
  return {cause.kind(),
          QStringLiteral("'%1' was not removed: %2. %3").arg(layout.name(), causeOf(cause), outcome).toStdString(),
          "E201", layout.folder.toStdString()};
}

/// Those that are there, always in the same order: who wants the same two does not wait for us while we wait for them.
std::deque<FolderLock> lockedFolders(const QStringList& folders) {
  QStringList canonical;
  for (const QString& folder : folders)
    if (const QString path = QFileInfo(folder).canonicalFilePath(); !path.isEmpty()) canonical.append(path);
  canonical.sort();
  canonical.removeDuplicates();
  std::deque<FolderLock> locks;
  for (const QString& path : canonical) locks.emplace_back(path);
  return locks;
}

}  // namespace

ModelArtifacts FolderStore::loadOnce(const FolderLayout& layout, const LoadOptions& options) const {
  const OpenFolder folder(layout.folder);
  const std::int64_t jsonBytes = folder.sizeOf(layout.jsonName);
  if (jsonBytes < 0) throw notFound(layout.name(), layout.folder + QStringLiteral(" (no ") + layout.jsonName + u')');
  if (jsonBytes > limits::kModelJsonBytes)
    throw Error(ErrorKind::LimitExceeded,
                QStringLiteral("%1 is %2 bytes; the limit is %3 (setting json.bytes).")
                    .arg(layout.jsonPath(), QString::number(jsonBytes), QString::number(limits::kModelJsonBytes))
                    .toStdString(),
                "E130", layout.jsonPath().toStdString());
  ModelArtifacts artifacts = parseModelJson(folder.read(layout.jsonName, jsonBytes), layout.jsonName);
  if (!options.allowMissingWeights) requireWhole(artifacts, layout.jsonName);
  const WeightFileHashes hashes = takeHashes(artifacts);
  const OpenFolder weights(options.weightPathPrefix.isEmpty() ? layout.folder : options.weightPathPrefix);
  measureGroups(weights, artifacts);
  if (artifacts.groups.empty()) return artifacts;
  if (!artifacts.missingFiles.isEmpty()) {
    if (options.allowMissingWeights) return artifacts;
    throw missingFile(artifacts);
  }
  artifacts.weightData = readWeights(weights, artifacts, hashes, options);
  return artifacts;
}

ModelArtifacts FolderStore::load(const QString& path, const LoadOptions& options) {
  for (int attempt = 0;; ++attempt) {
    const FolderLayout layout = layoutOf(path);
    const QString before = stampOf(layout);
    // Another program may publish a new model between our reading of model.json and of the weights.
    const auto isChanged = [&] { return stampOf(layout) != before; };
    try {
      ModelArtifacts loaded = loadOnce(layout, options);
      if (!isChanged()) return loaded;
    } catch (const Error& error) {
      if (attempt == kAttempts || error.kind() == ErrorKind::Cancelled || !isChanged()) throw;
    }
    if (attempt == kAttempts) throw keepsChanging(layout);
  }
}

SaveResult FolderStore::save(const QString& path, const ModelArtifacts& artifacts, const SaveOptions& options,
                             const StoreProgress& progress) {
  const FolderLayout layout = layoutOf(path);
  QString kept;
  FolderWriter::KeepReplaced keep;
  if (options.replacedToTrash)
    keep = [&](const QStringList& files, const QStringList& staying) {
      if (kept.isEmpty())
        kept = m_trash.keep(layout, files, staying).id;
      else
        m_trash.detach(kept, staying);
      return [&] { m_trash.discard(std::exchange(kept, {})); };
    };
  SaveResult result = saveResult(urlOf(layout), artifacts, QDateTime::currentDateTimeUtc());
  result.stamp = FolderWriter(layout, options, progress, keep).write(artifacts);
  return result;
}

bool FolderStore::contains(const QString& path) {
  return QFileInfo(layoutOf(path).jsonPath()).isFile();
}

std::vector<ModelEntry> FolderStore::list() {
  std::vector<ModelEntry> entries;
  for (const QString& folder : m_folders)
    for (ModelEntry& entry : listFolder(folder)) entries.push_back(std::move(entry));
  return entries;
}

ModelEntry FolderStore::describe(const FolderLayout& layout, FolderIndex::WeightFiles* files) const {
  ModelEntry entry;
  entry.url = urlOf(layout);
  entry.name = layout.name();
  entry.info.dateSaved = QFileInfo(layout.jsonPath()).lastModified().toUTC();
  try {
    const OpenFolder folder(layout.folder);
    ModelArtifacts artifacts = parseModelJson(folder.read(layout.jsonName, limits::kModelJsonBytes), layout.jsonName);
    const ModelSummary summary = summarise(artifacts);
    entry.layerCount = summary.layerCount;
    entry.parameters = summary.parameters;
    entry.info = artifactsInfo(artifacts, entry.info.dateSaved);
    measureGroups(folder, artifacts);
    const QByteArray below =
        layout.isPair ? QByteArray() : QFile::encodeName(QFileInfo(layout.folder).fileName()) + '/';
    for (const WeightsGroup& group : artifacts.groups)
      for (std::size_t i = 0; i < group.bytes.size(); ++i) {
        entry.info.weightDataBytes += group.bytes[i];
        if (files) files->append(below + QFile::encodeName(weightFile(group.paths[i])), group.bytes[i]);
      }
    if (!artifacts.missingFiles.isEmpty()) throw missingFile(artifacts);
  } catch (const Error& error) {
    entry.problem = QString::fromStdString(error.message());
  }
  return entry;
}

TrashEntry FolderStore::removeUnchanged(const QString& path, const QString& stamp) {
  const FolderLayout layout = layoutOf(path);
  if (!contains(path)) throw notFound(layout.name(), layout.folder);
  const FolderLock lock(layout.around());
  FolderExchange::sweep(layout);
  requireBase(stamp, stampOf(layout), layout.name(), QFileInfo(layout.jsonPath()).lastModified());
  if (!contains(path)) throw notFound(layout.name(), layout.folder);  // it went while we waited
  const QString kept = QStringLiteral("Nothing was changed: the model stays where it is.");
  TrashEntry entry;
  QStringList files;
  try {
    files = weightFilesOf(layout);
    const QStringList staying = namedByOthers(OpenFolder(layout.folder), layout.jsonName, files);
    entry = m_trash.keep(layout, files + QStringList{layout.jsonName}, staying);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Io && error.kind() != ErrorKind::NoSpace) throw;
    throw notRemoved(layout, error, kept);
  }
  try {
    unlinkModel(layout, files);
  } catch (const Error& error) {
    takeBack(layout, entry.id, error);
    throw notRemoved(layout, error, kept);
  }
  return entry;
}

void FolderStore::takeBack(const FolderLayout& layout, const QString& trashId, const Error& cause) const {
  try {
    m_trash.putBack(trashId);
  } catch (const Error&) {
    throw notRemoved(layout, cause, QStringLiteral("Part of it is gone; all of it lies in the Trash: restore it."));
  }
  m_trash.discard(trashId);
}

void FolderStore::rename(const QString& from, const QString& to) {
  const FolderLayout source = layoutOf(from);
  if (!contains(from)) throw notFound(source.name(), source.folder);
  if (source.isPair) {
    SaveOptions options;
    options.addHashes = false;
    const QString before = stamp(from);
    save(to, load(from), options);
    try {
      removeUnchanged(from, before);
    } catch (const Error&) {
      m_trash.discard(remove(to).id);
      throw;
    }
    return;
  }
  const QString target = layoutOf(to).folder;
  const std::deque<FolderLock> locks = lockedFolders({source.around(), QFileInfo(target).absolutePath()});
  FolderExchange::sweep(source);  // what a killed save left belongs to this model, not to the next of its name
  if (QFileInfo::exists(target)) throw alreadyExists(QFileInfo(target).fileName(), QFileInfo(target).absolutePath());
  const auto failed = [&](const QString& reason) {
    return Error(
        ErrorKind::Io,
        QStringLiteral("'%1' was not renamed: %2. Nothing was changed.").arg(source.name(), reason).toStdString(),
        "E201", source.folder.toStdString());
  };
  if (!QDir().rename(source.folder, target)) throw failed(target + QStringLiteral(" cannot be made"));
  try {
    syncFolder(QFileInfo(target).absolutePath());
    syncFolder(source.around());
  } catch (const Error& error) {  // not surely on the disk: it gets its old name back
    if (!QDir().rename(target, source.folder)) throw;
    throw failed(causeOf(error));
  }
}

}  // namespace layersmith
