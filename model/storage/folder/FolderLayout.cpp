#include "model/storage/folder/FolderLayout.h"

#include "model/core/Error.h"
#include "model/format/ModelJson.h"
#include "model/storage/folder/FileAccess.h"
#include "model/storage/folder/FolderEntries.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSet>

#include <sys/stat.h>

namespace layersmith {

namespace {

/// Whether the files the artifacts came from can be written again as they were.
bool canKeepGroups(const ModelArtifacts& artifacts) {
  if (artifacts.groups.empty() || !artifacts.weightData) return false;
  std::int64_t bytes = 0;
  std::size_t weights = 0;
  QSet<QString> names;
  for (const WeightsGroup& group : artifacts.groups) {
    if (group.paths.size() != group.bytes.size()) return false;
    weights += group.weights;
    for (std::size_t i = 0; i < group.paths.size(); ++i) {
      const QString name = weightFile(group.paths[i]);
      if (names.contains(name) || name == QStringLiteral("model.json") || group.bytes[i] < 0) return false;
      names.insert(name);
      bytes += group.bytes[i];
    }
  }
  return bytes == artifacts.weightData->size() && weights == artifacts.weightSpecs.size();
}

}  // namespace

QString FolderLayout::around() const {
  return isPair ? folder : QFileInfo(folder).absolutePath();
}

QString FolderLayout::name() const {
  return isPair ? QFileInfo(jsonName).completeBaseName() : QFileInfo(folder).fileName();
}

QString FolderLayout::preferredWeights() const {
  const QString end = QStringLiteral("weights.bin");
  if (!isPair) return end;
  const QByteArray whole = QFile::encodeName(name());
  const bool hasRoom = whole.size() + 1 + end.size() <= kMostNameBytes;
  return QFile::decodeName(hasRoom ? whole : weightsStem(whole)) + u'.' + end;
}

QByteArray weightsStem(const QByteArray& name) {
  return cutName(name, 220);
}

FolderLayout layoutOf(const QString& path) {
  const QFileInfo given(QDir::cleanPath(path));
  const bool isJson = given.fileName().endsWith(QStringLiteral(".json"), Qt::CaseInsensitive) && !given.isDir();
  FolderLayout layout;
  layout.folder = isJson ? given.absolutePath() : given.absoluteFilePath();
  layout.jsonName = isJson ? given.fileName() : QStringLiteral("model.json");
  layout.isPair = layout.jsonName != QStringLiteral("model.json");
  const QFileInfo folder(layout.folder);
  if (folder.exists()) layout.folder = folder.canonicalFilePath();
  return layout;
}

QString stampOf(const FolderLayout& layout) {
  struct stat status {};
  if (::stat(QFile::encodeName(layout.jsonPath()).constData(), &status) != 0) return {};
  return QStringLiteral("%1.%2 %3 %4")
      .arg(status.st_mtim.tv_sec)
      .arg(status.st_mtim.tv_nsec)
      .arg(status.st_size)
      .arg(status.st_ino);
}

QString weightFile(const std::string& manifestPath) {
  return safeRelativePath(QString::fromStdString(manifestPath));
}

QStringList namedFiles(const ModelArtifacts& artifacts) {
  QStringList files;
  for (const WeightsGroup& group : artifacts.groups)
    for (const std::string& path : group.paths) {
      try {
        files.append(weightFile(path));
      } catch (const Error&) {
        // No file of this model.
      }
    }
  files.removeDuplicates();
  return files;
}

std::vector<WeightsGroup> groupsToWrite(const ModelArtifacts& artifacts, const FolderLayout& layout,
                                        const SaveOptions& options) {
  if (options.shardBytes > 0 && !layout.isPair) return shardedGroup(artifacts, options.shardBytes);
  if (!layout.isPair && canKeepGroups(artifacts)) return artifacts.groups;
  const QString prefix = layout.isPair ? QStringLiteral("./") : QString();
  return singleGroup(artifacts, (prefix + layout.preferredWeights()).toStdString());
}

}  // namespace layersmith
