#include "model/storage/folder/OtherModels.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/format/ModelJson.h"
#include "model/storage/folder/FolderEntries.h"
#include "model/storage/folder/FolderLayout.h"

#include <QFile>

namespace layersmith {

namespace {

constexpr qsizetype kMostJsons = 256;
constexpr std::int64_t kMostBytes = 64 * limits::kMiB;

/// "a/b/" and "a/" and "" of "a/b/c": a model may lie in each of them.
QStringList foldersAbove(const QStringList& files) {
  QStringList folders{QString()};
  for (const QString& file : files)
    for (qsizetype slash = file.lastIndexOf(u'/'); slash > 0; slash = file.lastIndexOf(u'/', slash - 1))
      folders.append(file.left(slash + 1));
  folders.removeDuplicates();
  return folders;
}

/// Those of `files` that this text names. One that is no model of ours counts as naming what is written in it.
QStringList namedIn(const QByteArray& json, const QStringList& files) {
  const auto isWritten = [&](const QString& file) { return json.contains(file.section(u'/', -1).toUtf8()); };
  QStringList written;
  for (const QString& file : files)
    if (json.contains('\\') || isWritten(file)) written.append(file);
  if (written.isEmpty()) return {};  // most of them: nothing to read further
  try {
    const QStringList named = namedFiles(parseModelJson(json, QStringLiteral("model.json")));
    written.removeIf([&](const QString& file) { return !named.contains(file); });
  } catch (const Error&) {
    written.removeIf([&](const QString& file) { return !isWritten(file); });
  }
  return written;
}

/// By the names that the disk has. Errors: Io.
std::vector<QByteArray> jsonsIn(const OpenFolder& folder, const QString& below) {
  std::vector<QByteArray> names;
  try {
    const QByteArray path = below.isEmpty() ? QByteArray(".") : QFile::encodeName(below);
    for (const FolderEntry& entry : entriesOf(path, folder.descriptor()))
      if (entry.name.toLower().endsWith(".json")) names.push_back(entry.name);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::NotFound) throw;
  }
  return names;
}

/// Negative: it went, or is no file, or a link, which no model is read through. Errors: Io.
std::int64_t sizeOfModel(const OpenFolder& folder, const QString& json) {
  try {
    return folder.sizeOf(json);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Io) throw;
    return -1;
  }
}

}  // namespace

QStringList namedByOthers(const OpenFolder& folder, const QString& jsonName, const QStringList& files) {
  QStringList named;
  qsizetype jsons = 0;
  std::int64_t bytes = 0;
  try {
    for (const QString& above : foldersAbove(files)) {
      QStringList below;
      for (const QString& file : files)
        if (file.startsWith(above)) below.append(file.mid(above.size()));
      for (const QByteArray& name : jsonsIn(folder, above)) {
        if (!isText(name)) return files;
        const QString json = above + QFile::decodeName(name);
        if (json == jsonName) continue;
        const std::int64_t size = sizeOfModel(folder, json);
        if (size < 0) continue;
        bytes += size;
        if (++jsons > kMostJsons || bytes > kMostBytes) return files;
        for (const QString& file : namedIn(folder.read(json, kMostBytes), below)) named.append(above + file);
      }
    }
  } catch (const Error&) {
    return files;
  }
  named.removeDuplicates();
  return named;
}

}  // namespace layersmith
