#include "model/storage/folder/OtherModels.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/format/ModelJson.h"
#include "model/storage/folder/FolderLayout.h"

#include <QDir>

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

}  // namespace

QStringList namedByOthers(const OpenFolder& folder, const QString& jsonName, const QStringList& files) {
  QStringList named;
  qsizetype jsons = 0;
  std::int64_t bytes = 0;
  for (const QString& above : foldersAbove(files)) {
    QStringList below;
    for (const QString& file : files)
      if (file.startsWith(above)) below.append(file.mid(above.size()));
    for (const QString& name :
         QDir(folder.path() + u'/' + above).entryList({QStringLiteral("*.json")}, QDir::Files | QDir::Hidden)) {
      if (above + name == jsonName) continue;
      try {
        bytes += folder.sizeOf(above + name);
        if (++jsons > kMostJsons || bytes > kMostBytes) return files;
        for (const QString& file : namedIn(folder.read(above + name, kMostBytes), below)) named.append(above + file);
      } catch (const Error& error) {
        if (error.kind() == ErrorKind::Io) return files;  // else a link, which no model is read through
      }
    }
  }
  named.removeDuplicates();
  return named;
}

}  // namespace layersmith
