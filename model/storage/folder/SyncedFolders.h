#pragma once

#include <QString>
#include <QStringList>

namespace layersmith {

/// Makes a folder and those above it that are missing, and syncs every folder that names a new one, so that all of them
/// outlast a power cut. Unless keep() is called the new ones go again, where they are still empty.
class MadeFolders {
 public:
  explicit MadeFolders(const QString& path);  ///< Errors: E201; then none is left
  ~MadeFolders();
  MadeFolders(const MadeFolders&) = delete;
  MadeFolders& operator=(const MadeFolders&) = delete;

  void keep() { m_made.clear(); }

 private:
  void make(const QString& path);
  void undo();

  QStringList m_made;  ///< the outermost first
};

/// Syncs the folder and those below it that these files lie in, the deepest first. Errors: E201.
void syncFoldersOf(const QString& folder, const QStringList& files);

/// Removes the folders below `folder` that these files lay in, those that are empty now.
void removeEmptyFolders(const QString& folder, const QStringList& files);

}  // namespace layersmith
