#include "model/storage/folder/FolderIndex.h"

#include <sys/stat.h>
#include <cstdlib>
#include <string>

namespace layersmith {

void FolderIndex::WeightFiles::append(const QByteArray& name, std::int64_t bytes) {
  m_text += QByteArray::number(qlonglong(bytes)) + ' ' + name + '\n';
}

bool FolderIndex::WeightFiles::all(const std::function<bool(const char* name, std::int64_t bytes)>& holds) const {
  std::string name;
  for (qsizetype start = 0; start < m_text.size();) {
    const qsizetype space = m_text.indexOf(' ', start), end = m_text.indexOf('\n', start);
    if (space < 0 || end < space) return false;
    name.assign(m_text.constData() + space + 1, std::size_t(end - space - 1));
    if (!holds(name.c_str(), std::strtoll(m_text.constData() + start, nullptr, 10))) return false;
    start = end + 1;
  }
  return true;
}

FolderIndex::Version FolderIndex::Version::of(const struct stat& status) {
  return {std::int64_t(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec, std::int64_t(status.st_size),
          std::int64_t(status.st_ino)};
}

std::vector<FolderIndex::Row> FolderIndex::rows(const QString& folder, std::size_t expected) {
  SqliteStatement query(m_database(),
                        "SELECT file, changed_ns, json_bytes, inode, weight_files, url, name, saved_ms, "
                        "topology_bytes, specs_bytes, data_bytes, layer_count, parameters FROM listed WHERE folder=? "
                        "ORDER BY file");
  query.bind(folder);
  std::vector<Row> rows;
  rows.reserve(expected);
  while (query.step()) {
    Row& row = rows.emplace_back();
    row.file = query.blob(0);
    row.version = {query.integer(1), query.integer(2), query.integer(3)};
    row.weightFiles = WeightFiles(query.blob(4));
    row.entry.url = query.text(5);
    row.entry.name = query.text(6);
    row.entry.info.dateSaved = QDateTime::fromMSecsSinceEpoch(query.integer(7), Qt::UTC);
    row.entry.info.modelTopologyBytes = query.integer(8);
    row.entry.info.weightSpecsBytes = query.integer(9);
    row.entry.info.weightDataBytes = query.integer(10);
    row.entry.layerCount = int(query.integer(11));
    row.entry.parameters = query.integer(12);
  }
  return rows;
}

void FolderIndex::replace(const QString& folder, const std::vector<Row>& changed, const std::vector<QByteArray>& gone) {
  SqliteDatabase& database = m_database();
  database.requireSound();
  SqliteTransaction transaction(database);
  SqliteStatement removal(database, "DELETE FROM listed WHERE folder=? AND file=?");
  for (const QByteArray& file : gone) removal.bind(folder).bind(QString::fromUtf8(file)).run();
  SqliteStatement insert(database, "INSERT OR REPLACE INTO listed VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  for (const Row& row : changed) {
    insert.bind(folder)
        .bind(QString::fromUtf8(row.file))
        .bind(row.version.changedNs)
        .bind(row.version.bytes)
        .bind(row.version.inode)
        .bind(row.weightFiles.text())
        .bind(row.entry.url)
        .bind(row.entry.name)
        .bind(std::int64_t(row.entry.info.dateSaved.toMSecsSinceEpoch()))
        .bind(row.entry.info.modelTopologyBytes)
        .bind(row.entry.info.weightSpecsBytes)
        .bind(row.entry.info.weightDataBytes)
        .bind(std::int64_t(row.entry.layerCount))
        .bind(row.entry.parameters)
        .run();
  }
  transaction.commit();
}

}  // namespace layersmith
