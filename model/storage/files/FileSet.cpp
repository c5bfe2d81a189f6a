#include "model/storage/files/FileSet.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/format/BoundedJson.h"
#include "model/format/ContentKind.h"
#include "model/format/JsonAccess.h"
#include "model/format/ModelJson.h"
#include "model/format/WeightsManifest.h"
#include "model/storage/ModelSummary.h"
#include "model/storage/WeightFileErrors.h"
#include "model/storage/WeightFileHashes.h"
#include "model/storage/folder/FolderLayout.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <optional>

namespace layersmith {

namespace {

QString baseName(const QString& name) {
  return name.mid(name.lastIndexOf(u'/') + 1);
}

QString folderOf(const QString& name) {
  return name.left(name.lastIndexOf(u'/') + 1);
}

/// The file of this name; null when there is none.
const FileSet::File* findFile(const FileSet& set, const QString& name) {
  const auto it = std::ranges::find(set.files(), name, &FileSet::File::name);
  return it == set.files().end() ? nullptr : &*it;
}

bool isJsonName(const FileSet::File& file) {
  return file.name.endsWith(QStringLiteral(".json"), Qt::CaseInsensitive);
}

bool isMetadata(const FileSet::File& file) {
  return baseName(file.name) == QStringLiteral("metadata.json");
}

Error twice(const QString& name) {
  return {ErrorKind::Format,
          QStringLiteral("There are two files called %1. Choose the one that belongs to the model.")
              .arg(name)
              .toStdString(),
          "E110", name.toStdString()};
}

/// model.json where there is one, least deep first; else the one .json that is a model.
const FileSet::File& modelFile(FileSet& set) {
  std::vector<const FileSet::File*> candidates;
  for (const FileSet::File& file : set.files())
    if (isJsonName(file) && !isMetadata(file)) candidates.push_back(&file);
  std::ranges::stable_sort(candidates, {}, [](const FileSet::File* file) {
    return std::pair(baseName(file->name) != QStringLiteral("model.json"), file->name.count(u'/'));
  });
  if (candidates.size() > 1 && candidates[0]->name == candidates[1]->name) throw twice(candidates[0]->name);
  for (const FileSet::File* file : candidates) {
    if (baseName(file->name) == QStringLiteral("model.json") || candidates.size() == 1) return *file;
    try {
      parseModelJson(set.readWhole(*file), file->name);
      return *file;
    } catch (const Error& error) {
      if (error.code() != "E104") throw;
    }
  }
  throw Error(ErrorKind::NotFound,
              QStringLiteral("There is no model.json in %1 (%2). Choose the model.json together with its weights.")
                  .arg(set.source(), set.files().size() == 1 ? QStringLiteral("1 file")
                                                             : QStringLiteral("%1 files").arg(set.files().size()))
                  .toStdString(),
              {}, set.source().toStdString());
}

/// By the path beside model.json, else by the name alone; either is there once.
const FileSet::File* weightsFile(const FileSet& set, const QString& jsonName, const QString& path) {
  const QString exact = folderOf(jsonName) + path;
  const bool isExact = findFile(set, exact) != nullptr;
  const FileSet::File* found = nullptr;
  for (const FileSet::File& file : set.files()) {
    if (isExact ? file.name != exact : baseName(file.name) != baseName(path)) continue;
    if (found) throw twice(baseName(path));
    found = &file;
  }
  return found;
}

/// A file's place is one run of bytes in the weights; which of two it belongs to nobody can tell.
Error usedTwice(const QString& name, const QString& first, const QString& second) {
  return {ErrorKind::Format,
          QStringLiteral("%1 would be used twice: the model names %2 and %3. Open the model's folder instead, or give "
                         "each weight file a name of its own.")
              .arg(name, first, second)
              .toStdString(),
          "E110", name.toStdString()};
}

/// Where each weight file lies in the set, in the order of the manifest; sizes checked before anything is read.
std::vector<const FileSet::File*> findWeights(FileSet& set, const QString& jsonName, ModelArtifacts& artifacts) {
  std::vector<const FileSet::File*> files;
  QHash<const FileSet::File*, QString> pathOf;
  std::size_t next = 0;
  for (WeightsGroup& group : artifacts.groups) {
    const std::int64_t expected = storedBytes(std::span(artifacts.weightSpecs).subspan(next, group.weights));
    next += group.weights;
    std::int64_t found = 0;
    std::vector<const FileSet::File*> ofGroup;
    for (const std::string& path : group.paths) {
      const FileSet::File* file = weightsFile(set, jsonName, weightFile(path));
      if (!file) artifacts.missingFiles.append(QString::fromStdString(path));
      if (file && pathOf.contains(file)) throw usedTwice(file->name, pathOf[file], QString::fromStdString(path));
      if (file) pathOf.insert(file, QString::fromStdString(path));
      group.bytes.push_back(file ? file->bytes : 0);
      found += group.bytes.back();
      if (file) ofGroup.push_back(file);
    }
    files.insert(files.end(), ofGroup.begin(), ofGroup.end());
    if (!artifacts.missingFiles.isEmpty() || found == expected) continue;
    QStringList names;
    for (const FileSet::File* file : ofGroup) {
      names.append(file->name);
      if (file->bytes <= limits::kModelJsonBytes) requireWeights(set.readWhole(*file), file->name);
    }
    if (found < expected && names.isEmpty()) throw shortFile(jsonName, 0, expected);
    if (found < expected) throw shortGroup(names, group.bytes, expected);
  }
  return files;
}

WeightData readWeights(FileSet& set, const std::vector<const FileSet::File*>& files, const StoreProgress& progress) {
  std::int64_t total = 0;
  for (const FileSet::File* file : files) total += file->bytes;
  requireMemory(total);
  const ByteBlock weights{std::size_t(total)};
  QHash<const FileSet::File*, char*> destinations;
  std::int64_t offset = 0;
  for (const FileSet::File* file : files) {
    destinations.insert(file, reinterpret_cast<char*>(weights.data()) + offset);
    offset += file->bytes;
  }
  report(progress, 0, total);
  set.read(destinations);
  report(progress, total, total);
  return std::make_shared<const WeightBytes>(weights.share());
}

void keepLabels(FileSet& set, const QString& jsonName, ModelArtifacts& artifacts) {
  const FileSet::File* file = findFile(set, folderOf(jsonName) + QStringLiteral("metadata.json"));
  if (!file) return;
  const Json metadata = parseBoundedJson(set.readWhole(*file), file->name);
  Json& ours = artifacts.userDefinedMetadata;
  if (!metadata.is_object() || !(ours.is_null() || ours.is_object())) return;
  if (ours.is_null()) ours = Json::object();
  if (memberOf(metadata, "labels").is_array() && !ours.contains("labels")) ours["labels"] = metadata["labels"];
  if (!ours.contains("teachableMachine")) ours["teachableMachine"] = metadata;
}

/// Files of one person's choice; equal names from two folders are refused only when a model needs them.
class PickedFiles final : public FileSet {
 public:
  explicit PickedFiles(const QStringList& paths) : m_paths(paths) {
    for (const QString& path : paths) {
      const QFileInfo info(path);
      if (!info.isFile())
        throw Error(ErrorKind::NotFound, "There is no file " + path.toStdString() + ".", {}, path.toStdString());
      m_files.push_back({info.fileName(), info.size()});
    }
  }
  QString source() const override { return QStringLiteral("the files chosen"); }
  const std::vector<File>& files() const override { return m_files; }
  void read(const QHash<const File*, char*>& destinations) override {
    for (std::size_t i = 0; i < m_files.size(); ++i) {
      char* const destination = destinations.value(&m_files[i]);
      if (!destination) continue;
      QFile file(m_paths[qsizetype(i)]);
      if (!file.open(QIODevice::ReadOnly) || file.read(destination, m_files[i].bytes) != m_files[i].bytes)
        throw Error(ErrorKind::Io,
                    QStringLiteral("%1 could not be read: %2.").arg(file.fileName(), file.errorString()).toStdString(),
                    {}, file.fileName().toStdString());
    }
  }

 private:
  QStringList m_paths;
  std::vector<File> m_files;
};

}  // namespace

QByteArray FileSet::readWhole(const File& file) {
  if (file.bytes > limits::kModelJsonBytes)
    throw overLimit(file.name.toStdString(), file.bytes, limits::kModelJsonBytes, "json.bytes");
  QByteArray bytes(file.bytes, Qt::Uninitialized);
  read({{&file, bytes.data()}});
  return bytes;
}

ModelArtifacts loadFileSet(FileSet& set, const LoadOptions& options) {
  const FileSet::File& json = modelFile(set);
  ModelArtifacts artifacts = parseModelJson(set.readWhole(json), json.name);
  if (!options.allowMissingWeights) requireWhole(artifacts, json.name);
  const WeightFileHashes hashes = takeHashes(artifacts);
  const std::vector<const FileSet::File*> files = findWeights(set, json.name, artifacts);
  keepLabels(set, json.name, artifacts);
  if (artifacts.groups.empty() || (options.allowMissingWeights && !artifacts.missingFiles.isEmpty())) return artifacts;
  if (!artifacts.missingFiles.isEmpty())
    throw Error(
        ErrorKind::Format,
        QStringLiteral("Weight file %1 is missing in %2: 0 bytes, %3 expected by the manifest. Copy or "
                       "download it again.")
            .arg(artifacts.missingFiles.front(), set.source(), QString::number(storedBytes(artifacts.weightSpecs)))
            .toStdString(),
        "E110", artifacts.missingFiles.front().toStdString());
  artifacts.weightData = readWeights(set, files, options.progress);
  if (!options.acceptChangedFiles) verifyWeights(hashes, artifacts);
  artifacts.groups.clear();  // one file from now on: names of an archive are no paths
  return artifacts;
}

ModelArtifacts loadPickedFiles(const QStringList& paths, const LoadOptions& options) {
  PickedFiles files(paths);
  return loadFileSet(files, options);
}

}  // namespace layersmith
