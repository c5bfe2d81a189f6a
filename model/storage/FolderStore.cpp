#include "model/storage/FolderStore.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/format/ContentKind.h"
#include "model/format/ModelJson.h"
#include "model/format/WeightsManifest.h"
#include "model/storage/FileAccess.h"
#include "model/storage/FolderWriter.h"
#include "model/storage/ModelLibrary.h"
#include "model/storage/ModelSummary.h"
#include "model/storage/WeightFileErrors.h"
#include "model/storage/WeightFileHashes.h"
#include "model/storage/WeightFileReading.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>
#include <span>

namespace layersmith {

namespace {

QString urlOf(const FolderLayout& layout) {
  return Place{QStringLiteral("file"), layout.isPair ? layout.jsonPath() : layout.folder}.url();
}

Error missingFile(const QString& file, std::int64_t expected) {
  return {ErrorKind::Format,
          QStringLiteral("Weight file %1 is missing: 0 bytes, %2 expected by the manifest. Copy or download it again.")
              .arg(file)
              .arg(expected)
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
    QString lastFile;
    for (const std::string& path : group.paths) {
      const QString name = weightFile(path);
      const std::int64_t bytes = folder.sizeOf(name);
      if (bytes < 0) artifacts.missingFiles.append(name);
      group.bytes.push_back(std::max<std::int64_t>(bytes, 0));
      found += group.bytes.back();
      lastFile = name;
    }
    if (artifacts.missingFiles.isEmpty() && found < expected) {
      requireWeights(folder.read(lastFile, 256), lastFile);
      throw shortFile(lastFile, found, expected);
    }
  }
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

QString fileState(const QString& path) {
  const QFileInfo info(path);
  return QStringLiteral("%1 %2").arg(info.size()).arg(info.lastModified().toMSecsSinceEpoch());
}

}  // namespace

ModelArtifacts FolderStore::loadOnce(const FolderLayout& layout, const LoadOptions& options) const {
  const OpenFolder folder(layout.folder);
  const std::int64_t jsonBytes = folder.sizeOf(layout.jsonName);
  if (jsonBytes < 0) throw notFound(layout.name(), layout.folder + QStringLiteral(" (no ") + layout.jsonName + u')');
  if (jsonBytes > limits::kModelJsonBytes)
    throw Error(ErrorKind::LimitExceeded,
                QStringLiteral("%1 is %2 bytes; the limit is %3 (setting json.bytes).")
                    .arg(layout.jsonPath())
                    .arg(jsonBytes)
                    .arg(limits::kModelJsonBytes)
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
    throw missingFile(artifacts.missingFiles.front(), storedBytes(artifacts.weightSpecs));
  }
  artifacts.weightData = readWeights(weights, artifacts, hashes, options);
  return artifacts;
}

ModelArtifacts FolderStore::load(const QString& path, const LoadOptions& options) {
  for (int attempt = 0;; ++attempt) {
    const FolderLayout layout = layoutOf(path);
    const QString before = fileState(layout.jsonPath());
    try {
      return loadOnce(layout, options);
    } catch (const Error& error) {
      // Another program published a new model between our reading of model.json and of the weights.
      if (attempt == 4 || error.kind() == ErrorKind::Cancelled || fileState(layout.jsonPath()) == before) throw;
    }
  }
}

SaveResult FolderStore::save(const QString& path, const ModelArtifacts& artifacts, const SaveOptions& options,
                             const StoreProgress& progress) {
  const FolderLayout layout = layoutOf(path);
  FolderWriter::KeepReplaced keep;
  if (options.replacedToTrash) keep = [&](const QString&, const QStringList& files) { m_trash.keep(layout, files); };
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
    if (!artifacts.missingFiles.isEmpty())
      throw missingFile(artifacts.missingFiles.front(), storedBytes(artifacts.weightSpecs));
  } catch (const Error& error) {
    entry.problem = QString::fromStdString(error.message());
  }
  return entry;
}

TrashEntry FolderStore::removeUnchanged(const QString& path, const QString& stamp) {
  const FolderLayout layout = layoutOf(path);
  if (!contains(path)) throw notFound(layout.name(), layout.folder);
  const FolderLock lock(layout.around());
  requireBase(stamp, stampOf(layout), layout.name(), QFileInfo(layout.jsonPath()).lastModified());
  if (!contains(path)) throw notFound(layout.name(), layout.folder);  // it went while we waited
  QStringList files;
  try {
    const ModelArtifacts artifacts =
        parseModelJson(OpenFolder(layout.folder).read(layout.jsonName, limits::kModelJsonBytes), layout.jsonName);
    for (const WeightsGroup& group : artifacts.groups)
      for (const std::string& manifestPath : group.paths) files.append(weightFile(manifestPath));
  } catch (const Error&) {
    files.clear();  // damaged: only its model.json is surely its own
  }
  const TrashEntry entry = m_trash.keep(layout, files + QStringList{layout.jsonName});
  QFile::remove(layout.jsonPath());
  for (const QString& file : files) QFile::remove(layout.folder + u'/' + file);
  if (!layout.isPair) QDir().rmdir(layout.folder);  // stays when something else is in it
  return entry;
}

void FolderStore::rename(const QString& from, const QString& to) {
  const FolderLayout source = layoutOf(from);
  if (!contains(from)) throw notFound(source.name(), source.folder);
  if (source.isPair) {
    SaveOptions options;
    options.addHashes = false;
    save(to, load(from), options);
    remove(from);
    return;
  }
  const QString target = layoutOf(to).folder;
  const FolderLock lock(source.around());
  if (QFileInfo::exists(target)) throw alreadyExists(QFileInfo(target).fileName(), QFileInfo(target).absolutePath());
  if (!QDir().rename(source.folder, target))
    throw Error(ErrorKind::Io,
                QStringLiteral("%1 could not be renamed. Nothing was changed.").arg(source.folder).toStdString(),
                "E201");
  syncFolder(QFileInfo(target).absolutePath());
}

}  // namespace layersmith
