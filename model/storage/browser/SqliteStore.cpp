#include "model/storage/browser/SqliteStore.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/format/ModelJson.h"
#include "model/storage/ModelSummary.h"
#include "model/storage/browser/StoredLayout.h"
#include "model/storage/browser/WeightFolder.h"
#include "model/storage/folder/FileAccess.h"
#include "model/storage/folder/WeightFileReading.h"

#include <QFile>
#include <QFileInfo>
#include <QLocale>
#include <QUuid>

#include <algorithm>

namespace layersmith {

namespace {

QDateTime dateFrom(const QString& text) {
  return QDateTime::fromString(text, Qt::ISODateWithMs);
}

}  // namespace

SqliteStore::SqliteStore(const BrowserFormat& format, OpenDatabase database)
    : m_format(format), m_database(std::move(database)), m_quota(format.quota()) {}

QString SqliteStore::Row::stamp() const {
  return QStringLiteral("%1 %2 %3 %4")
      .arg(QString::number(id), QString::number(generation), QString::fromLatin1(sha256.toHex().left(16)),
           saved.toString(Qt::ISODateWithMs));
}

SqliteDatabase& SqliteStore::sound() {
  m_database().requireSound();
  return m_database();
}

std::optional<SqliteStore::Row> SqliteStore::find(const QString& name) {
  return readAround([&](const char* how) -> std::optional<Row> {
    const QByteArray sql = QByteArray(
                               "SELECT id, generation, quota_units, sha256, layout, date_saved, data_bytes, "
                               "weight_file, weight_chunk FROM model") +
                           how + " WHERE scheme=? AND name=? AND trash_id IS NULL";
    SqliteStatement query(m_database(), sql.constData());
    query.bind(scheme()).bind(name);
    if (!query.step()) return std::nullopt;
    return Row{query.integer(0),        query.integer(1), query.integer(2), query.blob(3),   query.text(4),
               dateFrom(query.text(5)), query.integer(6), query.text(7),    query.integer(8)};
  });
}

SqliteStore::Row SqliteStore::require(const QString& name) {
  const auto row = find(name);
  if (!row) throw notFound(name, scheme() + QStringLiteral("://"));
  return *row;
}

bool SqliteStore::contains(const QString& name) {
  return find(name).has_value();
}

QString SqliteStore::stamp(const QString& name) {
  const auto row = find(name);
  return row ? row->stamp() : QString();
}

std::vector<BrowserRecord> SqliteStore::records(std::int64_t model) {
  return readAround([&](const char* how) {
    const QByteArray sql = QByteArray("SELECT store, key, value FROM record") + how + " WHERE model=?";
    SqliteStatement query(m_database(), sql.constData());
    query.bind(model);
    std::vector<BrowserRecord> found;
    while (query.step()) found.push_back({query.text(0), query.text(1), query.text(2)});
    return found;
  });
}

WeightData SqliteStore::chunks(std::int64_t model) {
  SqliteStatement size(m_database(), "SELECT coalesce(sum(length(bytes)), 0) FROM chunk WHERE model=?");
  size.bind(model).step();
  const ByteBlock block{std::size_t(size.integer(0))};
  std::span<std::byte> left = block.span();
  SqliteStatement query(m_database(), "SELECT bytes FROM chunk WHERE model=? ORDER BY position");
  query.bind(model);
  while (query.step()) {
    const std::span<const std::byte> bytes = query.bytes(0);
    if (bytes.size() > left.size())
      throw Error(ErrorKind::Database, "The store changed while a model was read. Try again in a moment.", "E203");
    std::ranges::copy(bytes, left.begin());
    left = left.subspan(bytes.size());
  }
  return std::make_shared<const WeightBytes>(block.share());
}

/// Of the file itself: a link to it leads to the same weights.
WeightFolder SqliteStore::weightFolder() {
  return WeightFolder(QFileInfo(m_database().path()).canonicalFilePath());
}

WeightData SqliteStore::readFile(const Row& row, const LoadOptions& options, std::vector<QByteArray>* digests) {
  const OpenFolder folder(weightFolder().path());
  return readWeightFiles(folder, {{row.weightFile}, {row.dataBytes}}, options, row.weightChunk, digests);
}

ModelArtifacts SqliteStore::loadOnce(const QString& name, const LoadOptions& options, std::optional<Row>& found,
                                     std::vector<BrowserRecord>* kept) {
  std::optional<SqliteReading> reading(m_database());
  const Row& row = found.emplace(require(name));
  const bool isApart = m_format.keepsWeightsApart();
  std::vector<BrowserRecord> stored = records(row.id);
  ModelArtifacts artifacts = m_format.decode(stored, isApart ? std::make_shared<const WeightBytes>() : nullptr);
  if (kept) *kept = std::move(stored);
  applyStoredLayout(row.layout, artifacts);
  Sha256 hash = contentHashStart(artifacts);
  if (!row.weightFile.isEmpty()) {
    reading.reset();
    std::vector<QByteArray> digests;
    artifacts.weightData = readFile(row, options, options.acceptChangedFiles ? nullptr : &digests);
    if (!digests.empty()) hash.add(digests.front());
  } else {
    if (isApart && artifacts.weightData) artifacts.weightData = chunks(row.id);
    if (artifacts.weightData) {
      hash.add(*artifacts.weightData);
      report(options.progress, artifacts.weightData->size(), artifacts.weightData->size());
    }
  }
  requireEnoughBytes(artifacts, urlOf(name));
  if (!options.acceptChangedFiles && hash.result() != row.sha256)
    throw Error(
        ErrorKind::Format,
        QStringLiteral(
            "%1 was changed or damaged after saving (generation %2). Open anyway? Restore the previous version?")
            .arg(urlOf(name), QString::number(row.generation))
            .toStdString(),
        "E111", name.toStdString());
  return artifacts;
}

ModelArtifacts SqliteStore::loadWhole(const QString& name, const LoadOptions& options,
                                      std::vector<BrowserRecord>* kept) {
  for (int attempt = 0;; ++attempt) {
    std::optional<Row> row;
    try {
      return loadOnce(name, options, row, kept);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::NotFound || !row) throw;
      // Another program replaced or removed it between our reading of its row and of its file.
      if (attempt < 4 && stamp(name) != row->stamp()) continue;
      throw missingFile(name, *row);
    }
  }
}

ModelArtifacts SqliteStore::load(const QString& name, const LoadOptions& options) {
  try {
    return loadWhole(name, options, nullptr);
  } catch (const Error& error) {
    if (error.code() != "E205") throw;
    throw Error(error.kind(), urlOf(name).toStdString() + " cannot be read. " + error.message(), "E205",
                name.toStdString());
  }
}

SqliteStore::Dumped SqliteStore::dumped(const QString& name) {
  Dumped found;
  const ModelArtifacts artifacts = loadWhole(name, {}, &found.records);
  if (m_format.keepsWeightsApart()) found.weights = artifacts.weightData;
  return found;
}

Error SqliteStore::missingFile(const QString& name, const Row& row) {
  const QString file = weightFolder().path() + u'/' + row.weightFile;
  return {
      ErrorKind::Format,
      QStringLiteral("Weight file %1 is missing: 0 bytes, %2 expected for %3. The folder belongs to the store: copy "
                     "it again together with %4.")
          .arg(file, QString::number(row.dataBytes), urlOf(name), m_database().path())
          .toStdString(),
      "E110", file.toStdString()};
}

StoredModel SqliteStore::open(const QString& name) {
  if (!m_format.keepsWeightsApart())
    throw Error(ErrorKind::Unsupported, "Weights of local storage cannot be read in pieces.", {}, name.toStdString());
  SqliteDatabase& database = m_database();
  const SqliteReading reading(database);
  const Row row = require(name);
  StoredModel model;
  model.id = row.id;
  model.sha256 = row.sha256;
  model.artifacts = m_format.decode(records(row.id), nullptr);
  applyStoredLayout(row.layout, model.artifacts);
  model.weightBytes = row.dataBytes;
  model.weightFile = row.weightFile;
  model.saved = row.saved;
  return model;
}

QByteArray SqliteStore::readWeights(const StoredModel& model, std::int64_t offset, std::int64_t count) {
  constexpr auto kGone = "The model was replaced or removed while it was read.";
  if (!model.weightFile.isEmpty()) {
    const OpenFolder folder(weightFolder().path());
    if (!folder.contains(model.weightFile)) throw Error(ErrorKind::NotFound, kGone);
    const std::unique_ptr<QFile> file = folder.file(model.weightFile);
    return file->seek(offset) ? file->read(std::min(count, kChunkBytes)) : QByteArray();
  }
  // An id is given again after the newest model was removed; its hash tells whether this is still the one.
  SqliteStatement query(m_database(),
                        "SELECT chunk.rowid FROM chunk JOIN model ON model.id=chunk.model "
                        "WHERE model.id=? AND model.sha256=? AND chunk.position=?");
  if (!query.bind(model.id).bind(model.sha256).bind(offset / kChunkBytes).step())
    throw Error(ErrorKind::NotFound, kGone);
  return readBlob(m_database(), "chunk", "bytes", query.integer(0), offset % kChunkBytes, count);
}

void SqliteStore::sweep() {
  try {
    weightFolder().sweep([this] {
      SqliteStatement query(m_database(), "SELECT weight_file FROM model WHERE weight_file IS NOT NULL");
      QSet<QString> named;
      while (query.step()) named.insert(query.text(0));
      return named;
    });
  } catch (const Error&) {
    // The change that it follows is committed.
  }
}

std::vector<ModelEntry> SqliteStore::list() {
  try {
    return readAround([this](const char* how) { return listRows(how); });
  } catch (const Error&) {
    if (!m_database().isDamaged()) throw;
    return listByName();
  }
}

/// The index of names lies on other pages than the rows.
std::vector<ModelEntry> SqliteStore::listByName() {
  SqliteStatement query(m_database(),
                        "SELECT name FROM model INDEXED BY model_by_name WHERE scheme=? AND trash_id IS NULL");
  query.bind(scheme());
  std::vector<ModelEntry> entries;
  while (query.step()) {
    ModelEntry& entry = entries.emplace_back();
    entry.name = query.text(0);
    entry.url = urlOf(entry.name);
    try {
      const Row row = require(entry.name);
      entry.info.dateSaved = row.saved;
      entry.info.weightDataBytes = row.dataBytes;
    } catch (const Error& error) {
      entry.problem = QString::fromStdString(error.message());
    }
  }
  return entries;
}

std::vector<ModelEntry> SqliteStore::listRows(const char* how) {
  const QByteArray sql = QByteArray(
                             "SELECT name, date_saved, topology_bytes, specs_bytes, data_bytes, layer_count, "
                             "parameters FROM model") +
                         how + " WHERE scheme=? AND trash_id IS NULL ORDER BY name";
  SqliteStatement query(m_database(), sql.constData());
  query.bind(scheme());
  std::vector<ModelEntry> entries;
  while (query.step()) {
    ModelEntry entry;
    entry.name = query.text(0);
    entry.url = urlOf(entry.name);
    entry.info.dateSaved = dateFrom(query.text(1));
    entry.info.modelTopologyBytes = query.integer(2);
    entry.info.weightSpecsBytes = query.integer(3);
    entry.info.weightDataBytes = query.integer(4);
    entry.layerCount = int(query.integer(5));
    entry.parameters = query.integer(6);
    entries.push_back(std::move(entry));
  }
  return entries;
}

QString SqliteStore::toTrash(std::int64_t model) {
  const QString id = QUuid::createUuid().toString(QUuid::WithoutBraces);
  SqliteStatement(m_database(), "UPDATE model SET trash_id=?, deleted=? WHERE id=?")
      .bind(id)
      .bind(QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs))
      .bind(model)
      .run();
  return id;
}

TrashEntry SqliteStore::removeUnchanged(const QString& name, const QString& stamp) {
  SqliteTransaction transaction(sound());
  const Row row = require(name);
  requireBase(stamp, row.stamp(), name, row.saved);
  const QString id = toTrash(row.id);
  const std::vector<TrashEntry> entries = trash();  // before the commit: another program may empty the Trash
  transaction.commit();
  return *std::ranges::find(entries, id, &TrashEntry::id);
}

void SqliteStore::rename(const QString& from, const QString& to) {
  SqliteTransaction transaction(sound());
  const Row row = require(from);
  if (find(to)) throw alreadyExists(to, scheme() + QStringLiteral("://"));
  const std::vector<BrowserRecord> moved = m_format.renamed(records(row.id), from, to);
  const std::int64_t units = m_format.units(moved, row.dataBytes);
  requireRoom(from, units, row.units);
  SqliteStatement(m_database(), "DELETE FROM record WHERE model=?").bind(row.id).run();
  putRecords(row.id, moved);
  SqliteStatement(m_database(), "UPDATE model SET name=?, quota_units=? WHERE id=?")
      .bind(to)
      .bind(units)
      .bind(row.id)
      .run();
  transaction.commit();
}

std::vector<TrashEntry> SqliteStore::trash() {
  SqliteStatement query(
      m_database(),
      "SELECT trash_id, name, deleted, topology_bytes + specs_bytes + data_bytes FROM model WHERE scheme=? AND "
      "trash_id IS NOT NULL ORDER BY deleted DESC");
  query.bind(scheme());
  std::vector<TrashEntry> entries;
  while (query.step())
    entries.push_back({query.text(0), urlOf(query.text(1)), query.text(1), dateFrom(query.text(2)), query.integer(3)});
  return entries;
}

bool SqliteStore::hasTrash(const QString& trashId) {
  return std::ranges::any_of(trash(), [&](const TrashEntry& entry) { return entry.id == trashId; });
}

void SqliteStore::restore(const QString& trashId) {
  SqliteTransaction transaction(sound());
  SqliteStatement query(m_database(), "SELECT id, name, quota_units FROM model WHERE scheme=? AND trash_id=?");
  query.bind(scheme()).bind(trashId);
  if (!query.step()) throw notFound(trashId, QStringLiteral("the Trash"));
  const QString name = query.text(1);
  if (find(name)) throw alreadyExists(name, scheme() + QStringLiteral("://"));
  requireRoom(name, query.integer(2), 0);
  SqliteStatement(m_database(), "UPDATE model SET trash_id=NULL, deleted=NULL WHERE id=?").bind(query.integer(0)).run();
  transaction.commit();
}

void SqliteStore::purge(const QString& trashId) {
  SqliteStatement(sound(), "DELETE FROM model WHERE scheme=? AND trash_id=?").bind(scheme()).bind(trashId).run();
  sweep();
}

void SqliteStore::emptyTrash() {
  SqliteStatement(sound(), "DELETE FROM model WHERE scheme=? AND trash_id IS NOT NULL").bind(scheme()).run();
  sweep();
}

StoreUsage SqliteStore::usage() {
  SqliteStatement query(m_database(),
                        "SELECT coalesce(sum(quota_units), 0) FROM model WHERE scheme=? AND trash_id IS NULL");
  query.bind(scheme()).step();
  return {query.integer(0), m_quota};
}

}  // namespace layersmith
