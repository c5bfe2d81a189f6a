#include "model/storage/FolderIndex.h"

#include <sys/stat.h>

namespace layersmith {

namespace {

/// "92 weights.bin\n" a file; a name holds no line breaks (safeRelativePath).
QByteArray filesText(const FolderIndex::Row& row) {
  QByteArray text;
  for (const auto& [name, bytes] : row.weightFiles) text += QByteArray::number(qlonglong(bytes)) + ' ' + name + '\n';
  return text;
}

void readFiles(const QByteArray& text, FolderIndex::Row& row) {
  for (qsizetype start = 0; start < text.size();) {
    const qsizetype space = text.indexOf(' ', start), end = text.indexOf('\n', start);
    if (space < 0 || end < space) return;
    row.weightFiles.emplace_back(text.mid(space + 1, end - space - 1), text.mid(start, space - start).toLongLong());
    start = end + 1;
  }
}

}  // namespace

FolderIndex::Version FolderIndex::Version::of(const struct stat& status) {
  return {std::int64_t(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec, std::int64_t(status.st_size),
          std::int64_t(status.st_ino)};
}

std::map<QString, FolderIndex::Row> FolderIndex::rows(const QString& folder) {
  SqliteStatement query(m_database(),
                        "SELECT file, changed_ns, json_bytes, inode, weight_files, url, name, saved_ms, "
                        "topology_bytes, specs_bytes, data_bytes, layer_count, parameters FROM listed WHERE folder=? "
                        "ORDER BY file");
  query.bind(folder);
  std::map<QString, Row> rows;
  while (query.step()) {
    Row row;
    row.version = {query.integer(1), query.integer(2), query.integer(3)};
    readFiles(query.blob(4), row);
    row.entry.url = query.text(5);
    row.entry.name = query.text(6);
    row.entry.info.dateSaved = QDateTime::fromMSecsSinceEpoch(query.integer(7), Qt::UTC);
    row.entry.info.modelTopologyBytes = query.integer(8);
    row.entry.info.weightSpecsBytes = query.integer(9);
    row.entry.info.weightDataBytes = query.integer(10);
    row.entry.layerCount = int(query.integer(11));
    row.entry.parameters = query.integer(12);
    rows.emplace_hint(rows.end(), query.text(0), std::move(row));
  }
  return rows;
}

void FolderIndex::replace(const QString& folder, const std::map<QString, Row>& changed, const QStringList& gone) {
  SqliteDatabase& database = m_database();
  SqliteTransaction transaction(database);
  SqliteStatement removal(database, "DELETE FROM listed WHERE folder=? AND file=?");
  for (const QString& file : gone) removal.bind(folder).bind(file).run();
  SqliteStatement insert(database, "INSERT OR REPLACE INTO listed VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  for (const auto& [file, row] : changed) {
    const QByteArray files = filesText(row);
    insert.bind(folder)
        .bind(file)
        .bind(row.version.changedNs)
        .bind(row.version.bytes)
        .bind(row.version.inode)
        .bind(files)
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
