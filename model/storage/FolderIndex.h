#pragma once

#include "model/storage/ModelStore.h"
#include "model/storage/Sqlite.h"

#include <map>

struct stat;

namespace layersmith {

/// What a list shows of the models in folders, kept from list to list so that only what changed is read again: columns
/// of the store file's table `listed`. A row holds as long as its model.json is the same file of the same time and size
/// and its weight files have their sizes. Losing it costs time only. Errors of all members: as SqliteDatabase.
class FolderIndex {
 public:
  using OpenDatabase = std::function<SqliteDatabase&()>;
  explicit FolderIndex(OpenDatabase database) : m_database(std::move(database)) {}

  /// When a model.json was written, how long it is, and which file it is.
  struct Version {
    std::int64_t changedNs = 0;
    std::int64_t bytes = 0;
    std::int64_t inode = 0;
    static Version of(const struct stat& status);
    bool operator==(const Version&) const = default;
  };
  struct Row {
    Version version;
    std::vector<std::pair<QByteArray, std::int64_t>> weightFiles;  ///< relative to the listed folder, with their sizes
    ModelEntry entry;
  };

  /// The rows of one folder by file name ("moons", "pair.json").
  std::map<QString, Row> rows(const QString& folder);
  void replace(const QString& folder, const std::map<QString, Row>& changed, const QStringList& gone);

 private:
  OpenDatabase m_database;
};

}  // namespace layersmith
