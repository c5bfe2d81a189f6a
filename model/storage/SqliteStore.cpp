#include "model/storage/SqliteStore.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/format/BoundedJson.h"
#include "model/format/JsonAccess.h"
#include "model/format/ModelJson.h"
#include "model/storage/FillMark.h"
#include "model/storage/ModelSummary.h"

#include <QLocale>
#include <QScopeGuard>
#include <QUuid>

#include <algorithm>
#include <future>

namespace layersmith {

namespace {

/// What the browser's format has no place for: how the weights lay in files, and the order of model.json's members.
QString layoutText(const ModelArtifacts& artifacts) {
  Json groups = Json::array();
  for (const WeightsGroup& group : artifacts.groups)
    groups.push_back(Json{{"paths", group.paths}, {"weights", group.weights}, {"bytes", group.bytes}});
  return QString::fromUtf8(toJsonBytes(Json{{"hasWeights", artifacts.weightData != nullptr},
                                            {"groups", std::move(groups)},
                                            {"memberOrder", artifacts.memberOrder}}));
}

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

/// Adds the bytes of a block that is being filled.
void hashBehind(const FillMark& mark, const WeightBytes& bytes, Sha256& hash) {
  for (std::int64_t done = 0; done < bytes.size();) {
    const std::int64_t count = std::min(kChunkBytes, bytes.size() - done);
    if (!mark.waitFor(done + count)) return;
    hash.add(bytes.sliced(done, count));
    done += count;
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
                        "SELECT id, generation, quota_units, sha256, layout, date_saved FROM model WHERE scheme=? AND "
                        "name=? AND trash_id IS NULL");
  query.bind(scheme()).bind(name);
  if (!query.step()) return std::nullopt;
  return Row{query.integer(0), query.integer(1), query.integer(2), query.blob(3), query.text(4), query.text(5)};
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

WeightData SqliteStore::chunks(std::int64_t model, const StoreProgress& progress, Sha256* hash) {
  SqliteStatement size(m_database(), "SELECT coalesce(sum(length(bytes)), 0) FROM chunk WHERE model=?");
  size.bind(model).step();
  const std::int64_t total = size.integer(0);
  const ByteBlock block{std::size_t(total)};
  auto weights = std::make_shared<const WeightBytes>(block.share());
  FillMark mark;
  std::future<void> hashing;
  if (hash) hashing = std::async(std::launch::async, [&] { hashBehind(mark, *weights, *hash); });
  const auto stop = qScopeGuard([&mark] { mark.stop(); });
  SqliteStatement query(m_database(), "SELECT bytes FROM chunk WHERE model=? ORDER BY position");
  query.bind(model);
  for (std::int64_t done = 0; query.step();) {
    const std::span<const std::byte> bytes = query.bytes(0);
    if (std::int64_t(bytes.size()) > total - done)
      throw Error(ErrorKind::Database, "The store changed while a model was read. Try again in a moment.", "E203");
    std::ranges::copy(bytes, block.data() + done);
    done += std::int64_t(bytes.size());
    mark.advance(done);
    report(progress, done, total);
  }
  if (hashing.valid()) hashing.get();
  return weights;
}

ModelArtifacts SqliteStore::load(const QString& name, const LoadOptions& options) {
  SqliteDatabase& database = m_database();
  const SqliteReading reading(database);
  const Row row = require(name);
  const bool isApart = m_format.keepsWeightsApart();
  ModelArtifacts artifacts =
      m_format.decode(records(row.id), isApart ? std::make_shared<const WeightBytes>() : nullptr);
  applyLayout(row.layout, artifacts);
  Sha256 hash = contentHashStart(artifacts);
  if (isApart && artifacts.weightData)
    artifacts.weightData = chunks(row.id, options.progress, options.acceptChangedFiles ? nullptr : &hash);
  else if (artifacts.weightData)
    hash.add(*artifacts.weightData);
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
  SqliteStatement query(database, "SELECT data_bytes, date_saved FROM model WHERE id=?");
  query.bind(row.id).step();
  model.weightBytes = query.integer(0);
  model.saved = dateFrom(query.text(1));
  return model;
}

QByteArray SqliteStore::readWeights(const StoredModel& model, std::int64_t offset, std::int64_t count) {
  // An id is given again after the newest model was removed; its hash tells whether this is still the one.
  SqliteStatement query(m_database(),
                        "SELECT chunk.rowid FROM chunk JOIN model ON model.id=chunk.model "
                        "WHERE model.id=? AND model.sha256=? AND chunk.position=?");
  if (!query.bind(model.id).bind(model.sha256).bind(offset / kChunkBytes).step())
    throw Error(ErrorKind::NotFound, "The model was replaced or removed while it was read.");
  return readBlob(m_database(), "chunk", "bytes", query.integer(0), offset % kChunkBytes, count);
}

void SqliteStore::requireRoom(const QString& name, std::int64_t units, std::int64_t freed) {
  const StoreUsage now = usage();
  const std::int64_t left = m_quota - now.used + freed;
  if (units <= left) return;
  const bool isLocal = &m_format == &localStorageFormat();
  const auto amount = [&](std::int64_t value) {
    return isLocal ? QLocale::c().toString(qlonglong(value)) + QStringLiteral(" characters")
                   : QLocale::c().formattedDataSize(value);
  };
  throw Error(ErrorKind::NoSpace,
              QStringLiteral("Not saved: needs %1, %2 of %3 left in %4. The stored '%5' is unchanged. Delete models "
                             "you no longer need, or use %6.")
                  .arg(amount(units), amount(std::max<std::int64_t>(left, 0)), amount(m_quota),
                       isLocal ? QStringLiteral("local storage") : QStringLiteral("IndexedDB"), name,
                       isLocal ? QStringLiteral("IndexedDB or a folder") : QStringLiteral("a folder"))
                  .toStdString(),
              "E202", name.toStdString());
}

void SqliteStore::requireRoomForText(const QString& name, const ModelArtifacts& artifacts) {
  if (m_format.keepsWeightsApart() || !artifacts.weightData) return;
  const std::int64_t characters = (artifacts.weightData->size() + 2) / 3 * 4;
  if (characters > limits::kLocalStorageUnits) requireRoom(name, characters, 0);
}

void SqliteStore::putRecords(std::int64_t model, const std::vector<BrowserRecord>& found) {
  SqliteStatement insert(m_database(), "INSERT INTO record(model, store, key, value) VALUES(?, ?, ?, ?)");
  for (const BrowserRecord& record : found)
    insert.bind(model).bind(record.store).bind(record.key).bind(record.value).run();
}

void SqliteStore::putChunks(std::int64_t model, const WeightBytes& weights, const StoreProgress& progress,
                            const std::function<void(std::int64_t)>& weightsRead) {
  SqliteStatement insert(m_database(), "INSERT INTO chunk(model, position, bytes) VALUES(?, ?, ?)");
  for (std::int64_t offset = 0, position = 0; offset < weights.size(); offset += kChunkBytes, ++position) {
    const std::int64_t size = std::min<std::int64_t>(kChunkBytes, weights.size() - offset);
    const SharedBytes bytes = weights.run(offset, size);
    insert.bind(model).bind(position).bindBlob(reinterpret_cast<const char*>(bytes.data()), size).run();
    report(progress, offset + size, weights.size());
    if (weightsRead) weightsRead(offset + size);
  }
}

SaveResult SqliteStore::save(const QString& name, const ModelArtifacts& artifacts, const SaveOptions& options,
                             const StoreProgress& progress) {
  const SaveResult result = saveResult(urlOf(name), artifacts, QDateTime::currentDateTimeUtc());
  requireRoomForText(name, artifacts);
  return put(name, artifacts, m_format.encode(name, artifacts, result.info.dateSaved), result, options, progress);
}

SaveResult SqliteStore::saveRecords(const QString& name, const std::vector<BrowserRecord>& records, WeightData weights,
                                    const SaveOptions& options) {
  const ModelArtifacts artifacts = m_format.decode(records, std::move(weights));
  requireEnoughBytes(artifacts, urlOf(name));
  return put(name, artifacts, records, saveResult(urlOf(name), artifacts, m_format.dateSaved(records)), options, {});
}

std::vector<BrowserRecord> SqliteStore::recordsOf(const QString& name) {
  return records(require(name).id);
}

WeightData SqliteStore::weightsOf(const QString& name) {
  return m_format.keepsWeightsApart() ? chunks(require(name).id, {}) : nullptr;
}

SaveResult SqliteStore::put(const QString& name, const ModelArtifacts& artifacts,
                            const std::vector<BrowserRecord>& encoded, SaveResult result, const SaveOptions& options,
                            const StoreProgress& progress) {
  const std::int64_t units = m_format.units(encoded, result.info.weightDataBytes);
  const ModelSummary summary = summarise(artifacts);
  std::future<QByteArray> sha256 =
      std::async(std::launch::async, [&] { return contentHash(artifacts, options.weightsRead); });

  SqliteDatabase& database = m_database();
  SqliteTransaction transaction(database);
  const auto old = find(name);
  if (old && !options.overwrite) throw alreadyExists(name, scheme() + QStringLiteral("://"));
  if (old) requireBase(options.base, old->stamp(), name, dateFrom(old->saved));
  requireRoom(name, units, old ? old->units : 0);
  if (old && options.replacedToTrash)
    toTrash(old->id);
  else if (old)
    SqliteStatement(database, "DELETE FROM model WHERE id=?").bind(old->id).run();
  SqliteStatement(
      database,
      "INSERT INTO model(scheme, name, generation, sha256, date_saved, topology_bytes, specs_bytes, data_bytes, "
      "quota_units, layer_count, parameters, layout) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(scheme())
      .bind(name)
      .bind((old ? old->generation : 0) + 1)
      .bind(QByteArray(""))
      .bind(result.info.dateSaved.toString(Qt::ISODateWithMs))
      .bind(result.info.modelTopologyBytes)
      .bind(result.info.weightSpecsBytes)
      .bind(result.info.weightDataBytes)
      .bind(units)
      .bind(std::int64_t(summary.layerCount))
      .bind(summary.parameters)
      .bind(layoutText(artifacts))
      .run();
  const std::int64_t model = database.lastInsertId();
  putRecords(model, encoded);
  if (m_format.keepsWeightsApart() && artifacts.weightData)
    putChunks(model, *artifacts.weightData, progress, options.weightsRead);
  SqliteStatement(database, "UPDATE model SET sha256=? WHERE id=?").bind(sha256.get()).bind(model).run();
  result.stamp = require(name).stamp();
  transaction.commit();
  return result;
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
  requireBase(stamp, row.stamp(), name, dateFrom(row.saved));
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
  SqliteStatement bytes(m_database(), "SELECT data_bytes FROM model WHERE id=?");
  bytes.bind(row.id).step();
  const std::int64_t units = m_format.units(moved, bytes.integer(0));
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
}

void SqliteStore::emptyTrash() {
  SqliteStatement(m_database(), "DELETE FROM model WHERE scheme=? AND trash_id IS NOT NULL").bind(scheme()).run();
}

StoreUsage SqliteStore::usage() {
  SqliteStatement query(m_database(),
                        "SELECT coalesce(sum(quota_units), 0) FROM model WHERE scheme=? AND trash_id IS NULL");
  query.bind(scheme()).step();
  return {query.integer(0), m_quota};
}

}  // namespace layersmith
