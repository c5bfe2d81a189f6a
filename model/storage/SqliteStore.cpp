#include "model/storage/SqliteStore.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/format/BoundedJson.h"
#include "model/format/JsonAccess.h"
#include "model/format/ModelJson.h"
#include "model/storage/FileAccess.h"
#include "model/storage/ModelSummary.h"
#include "model/storage/WeightFileReading.h"
#include "model/storage/WeightFolder.h"

#include <QFile>
#include <QLocale>
#include <QUuid>

#include <algorithm>

namespace layersmith {

namespace {

/// What layoutText() of a save kept (SqliteStoreSaving.cpp).
void applyLayout(const QString& text, ModelArtifacts& artifacts) {
  if (text.isEmpty()) return;
  const Json layout = parseBoundedJson(text.toUtf8(), QStringLiteral("layout"));
  if (memberOf(layout, "hasWeights") == Json(false)) artifacts.weightData = nullptr;
  try {
    for (const Json& group : layout.at("groups"))
      artifacts.groups.push_back({group.at("paths").get<std::vector<std::string>>(),
                                  group.at("weights").get<std::size_t>(),
                                  group.at("bytes").get<std::vector<std::int64_t>>()});
    artifacts.memberOrder = layout.at("memberOrder").get<std::vector<std::string>>();
  } catch (const Json::exception& exception) {
    throw Error(ErrorKind::Database, std::string("The store holds a damaged row: ") + exception.what(), "E104",
                "layout");
  }
}

QDateTime dateFrom(const QString& text) {
  return QDateTime::fromString(text, Qt::ISODateWithMs);
}

}  // namespace

SqliteStore::SqliteStore(const BrowserFormat& format, OpenDatabase database)
    : m_format(format), m_database(std::move(database)), m_quota(format.quota()) {}

std::optional<SqliteStore::Row> SqliteStore::find(const QString& name) {
  SqliteStatement query(m_database(),
                        "SELECT id, generation, quota_units, sha256, layout, date_saved, data_bytes, weight_file, "
                        "weight_chunk FROM model WHERE scheme=? AND name=? AND trash_id IS NULL");
  query.bind(scheme()).bind(name);
  if (!query.step()) return std::nullopt;
  return Row{query.integer(0),        query.integer(1), query.integer(2), query.blob(3),   query.text(4),
             dateFrom(query.text(5)), query.integer(6), query.text(7),    query.integer(8)};
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
  SqliteStatement query(m_database(), "SELECT store, key, value FROM record WHERE model=?");
  query.bind(model);
  std::vector<BrowserRecord> found;
  while (query.step()) found.push_back({query.text(0), query.text(1), query.text(2)});
  return found;
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

WeightData SqliteStore::readFile(const Row& row, const LoadOptions& options, std::vector<QByteArray>* digests) {
  const OpenFolder folder(weightFolder().path());
  return readWeightFiles(folder, {{row.weightFile}, {row.dataBytes}}, options, row.weightChunk, digests);
}

ModelArtifacts SqliteStore::loadOnce(const QString& name, const LoadOptions& options) {
  std::optional<SqliteReading> reading(m_database());
  const Row row = require(name);
  const bool isApart = m_format.keepsWeightsApart();
  ModelArtifacts artifacts =
      m_format.decode(records(row.id), isApart ? std::make_shared<const WeightBytes>() : nullptr);
  applyLayout(row.layout, artifacts);
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
            .arg(urlOf(name))
            .arg(row.generation)
            .toStdString(),
        "E111", name.toStdString());
  return artifacts;
}

ModelArtifacts SqliteStore::load(const QString& name, const LoadOptions& options) {
  for (int attempt = 0;; ++attempt) {
    const QString before = require(name).stamp();
    try {
      return loadOnce(name, options);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::NotFound) throw;
      // Another program replaced or removed it between our reading of its row and of its file.
      if (attempt < 4 && stamp(name) != before) continue;
      throw missingFile(name);
    }
  }
}

Error SqliteStore::missingFile(const QString& name) {
  const Row row = require(name);
  const QString file = weightFolder().path() + u'/' + row.weightFile;
  return {
      ErrorKind::Format,
      QStringLiteral("Weight file %1 is missing: 0 bytes, %2 expected for %3. The folder belongs to the store: copy "
                     "it again together with %4.")
          .arg(file)
          .arg(row.dataBytes)
          .arg(urlOf(name), m_database().path())
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
  applyLayout(row.layout, model.artifacts);
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

std::vector<BrowserRecord> SqliteStore::recordsOf(const QString& name) {
  return records(require(name).id);
}

WeightData SqliteStore::weightsOf(const QString& name) {
  if (!m_format.keepsWeightsApart()) return nullptr;
  const Row row = require(name);
  return row.weightFile.isEmpty() ? chunks(row.id) : readFile(row, {}, nullptr);
}

void SqliteStore::sweep() {
  weightFolder().sweep([this] {
    SqliteStatement query(m_database(), "SELECT weight_file FROM model WHERE weight_file IS NOT NULL");
    QSet<QString> named;
    while (query.step()) named.insert(query.text(0));
    return named;
  });
}

std::vector<ModelEntry> SqliteStore::list() {
  SqliteStatement query(
      m_database(),
      "SELECT name, date_saved, topology_bytes, specs_bytes, data_bytes, layer_count, parameters FROM model "
      "WHERE scheme=? AND trash_id IS NULL ORDER BY name");
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
  SqliteTransaction transaction(m_database());
  const Row row = require(name);
  requireBase(stamp, row.stamp(), name, row.saved);
  const QString id = toTrash(row.id);
  const std::vector<TrashEntry> entries = trash();  // before the commit: another program may empty the Trash
  transaction.commit();
  return *std::ranges::find(entries, id, &TrashEntry::id);
}

void SqliteStore::rename(const QString& from, const QString& to) {
  SqliteTransaction transaction(m_database());
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
  SqliteTransaction transaction(m_database());
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
  SqliteStatement(m_database(), "DELETE FROM model WHERE scheme=? AND trash_id=?").bind(scheme()).bind(trashId).run();
  sweep();
}

void SqliteStore::emptyTrash() {
  SqliteStatement(m_database(), "DELETE FROM model WHERE scheme=? AND trash_id IS NOT NULL").bind(scheme()).run();
  sweep();
}

StoreUsage SqliteStore::usage() {
  SqliteStatement query(m_database(),
                        "SELECT coalesce(sum(quota_units), 0) FROM model WHERE scheme=? AND trash_id IS NULL");
  query.bind(scheme()).step();
  return {query.integer(0), m_quota};
}

}  // namespace layersmith
