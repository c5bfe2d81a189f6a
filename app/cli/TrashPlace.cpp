#include "app/cli/TrashPlace.h"

#include "app/cli/Program.h"
#include "model/core/Error.h"
#include "model/storage/folder/FolderTrash.h"

#include <QFileInfo>

namespace layersmith {

namespace {

FolderTrash trashIn(const QString& root) {
  const QString folder = QFileInfo(root).canonicalFilePath();
  if (folder.isEmpty())
    throw Error(ErrorKind::NotFound, "There is no folder " + root.toStdString() + ".", {}, root.toStdString());
  return FolderTrash(folder + QStringLiteral("/.trash"));
}

}  // namespace

std::vector<TrashEntry> TrashPlace::list() const {
  return m_root.isEmpty() ? m_program.library().trash() : trashIn(m_root).list();
}

QString TrashPlace::restore(const TrashEntry& entry) const {
  if (m_root.isEmpty()) return m_program.library().restore(entry.id);
  trashIn(m_root).restore(entry.id);
  return entry.url;
}

void TrashPlace::purge(const TrashEntry& entry) const {
  if (m_root.isEmpty())
    m_program.library().purge(entry.id);
  else
    trashIn(m_root).purge(entry.id);
}

void TrashPlace::empty() const {
  if (m_root.isEmpty())
    m_program.library().emptyTrash();
  else
    trashIn(m_root).empty();
}

}  // namespace layersmith
