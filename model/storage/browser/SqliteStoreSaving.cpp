#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/format/ModelJson.h"
#include "model/storage/ModelSummary.h"
#include "model/storage/VolumeSpace.h"
#include "model/storage/browser/SqliteStore.h"
#include "model/storage/browser/StoredLayout.h"

#include <QLocale>

#include <algorithm>

namespace layersmith {

namespace {

constexpr std::int64_t kRowBytes = limits::kMiB;  // larger weights lie in a file of their own

/// What a save needs is told while it goes on.
class RoomOfSave {
 public:
  RoomOfSave(SqliteDatabase& database, const std::vector<BrowserRecord>& records, std::int64_t weightBytes)
      : m_database(database) {
    constexpr std::int64_t kPages = 16 * 16 * 1024;  // of indexes, and such as are not full
    std::int64_t needed = weightBytes + kPages;
    for (const BrowserRecord& record : records) needed += record.value.toUtf8().size();
    database.setRoom({needed, freeBytesAt(database.path())});
  }
  ~RoomOfSave() { m_database.setRoom({}); }
  RoomOfSave(const RoomOfSave&) = delete;
  RoomOfSave& operator=(const RoomOfSave&) = delete;

 private:
  SqliteDatabase& m_database;
};

}  // namespace

QString SqliteStore::amount(std::int64_t units) const {
  return m_format.keepsWeightsApart() ? QLocale::c().formattedDataSize(units)
                                      : QLocale::c().toString(qlonglong(units)) + QStringLiteral(" characters");
}

QString SqliteStore::largestOthers(const QString& name) {
  SqliteStatement query(m_database(),
                        "SELECT name, quota_units FROM model WHERE scheme=? AND name<>? AND trash_id IS NULL "
                        "ORDER BY quota_units DESC, name LIMIT 3");
  query.bind(scheme()).bind(name);
  QStringList found;
  while (query.step()) found.append(QStringLiteral("'%1' with %2").arg(query.text(0), amount(query.integer(1))));
  return found.join(QStringLiteral(", "));
}

void SqliteStore::requireRoom(const QString& name, std::int64_t units, std::int64_t freed) {
  const StoreUsage now = usage();
  const std::int64_t left = m_quota - now.used + freed;
  if (units <= left) return;
  const bool isLocal = !m_format.keepsWeightsApart();
  const QString others = largestOthers(name);
  const QString advice = others.isEmpty()
                             ? QStringLiteral("Use")
                             : QStringLiteral("Delete models you no longer need (the largest: %1), or use").arg(others);
  throw Error(ErrorKind::NoSpace,
              QStringLiteral("Not saved: needs %1, %2 of %3 left in %4. The stored '%5' is unchanged. %6 %7.")
                  .arg(amount(units), amount(std::max<std::int64_t>(left, 0)), amount(m_quota),
                       isLocal ? QStringLiteral("local storage") : QStringLiteral("IndexedDB"), name, advice,
                       isLocal ? QStringLiteral("IndexedDB or a folder") : QStringLiteral("a folder"))
                  .toStdString(),
              "E202", name.toStdString());
}

void SqliteStore::requireRoomForText(const QString& name, const ModelArtifacts& artifacts) {
  if (m_format.keepsWeightsApart() || !artifacts.weightData) return;
  const std::int64_t characters = (artifacts.weightData->size() + 2) / 3 * 4;
  if (characters <= limits::kLocalStorageUnits) return;
  const auto old = find(name);
  requireRoom(name, characters, old ? old->units : 0);
}

void SqliteStore::putRecords(std::int64_t model, const std::vector<BrowserRecord>& found) {
  SqliteStatement insert(m_database(), "INSERT INTO record(model, store, key, value) VALUES(?, ?, ?, ?)");
  for (const BrowserRecord& record : found)
    insert.bind(model).bind(record.store).bind(record.key).bind(record.value).run();
}

void SqliteStore::putChunk(std::int64_t model, const WeightBytes& weights) {
  const SharedBytes bytes = weights.run(0, weights.size());
  SqliteStatement(m_database(), "INSERT INTO chunk(model, position, bytes) VALUES(?, 0, ?)")
      .bind(model)
      .bindBlob(reinterpret_cast<const char*>(bytes.data()), std::int64_t(bytes.size()))
      .run();
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

std::optional<SqliteStore::Row> SqliteStore::requirePlace(const QString& name, std::int64_t units,
                                                          const SaveOptions& options) {
  auto old = find(name);
  if (old && !options.overwrite) throw alreadyExists(name, scheme() + QStringLiteral("://"));
  if (old) requireBase(options.base, old->stamp(), name, old->saved);
  requireRoom(name, units, old ? old->units : 0);
  return old;
}

SaveResult SqliteStore::put(const QString& name, const ModelArtifacts& artifacts,
                            const std::vector<BrowserRecord>& encoded, SaveResult result, const SaveOptions& options,
                            const StoreProgress& progress) {
  const std::int64_t units = m_format.units(encoded, result.info.weightDataBytes);
  const bool isApart = m_format.keepsWeightsApart() && artifacts.weightData;
  sound();
  requirePlace(name, units, options);
  const RoomOfSave room(m_database(), encoded, isApart ? artifacts.weightData->size() : 0);
  std::optional<WeightFolder::Saving> file;
  Sha256 hash = contentHashStart(artifacts);
  if (isApart && artifacts.weightData->size() > kRowBytes) {
    file.emplace(weightFolder(), *artifacts.weightData, options, progress);
    hash.add(file->sha256());
  } else if (artifacts.weightData) {
    hash.add(*artifacts.weightData);
  }

  SqliteTransaction transaction(m_database());
  const auto old = requirePlace(name, units, options);
  if (old && options.replacedToTrash)
    toTrash(old->id);
  else if (old)
    SqliteStatement(m_database(), "DELETE FROM model WHERE id=?").bind(old->id).run();
  const std::int64_t generation = (old ? old->generation : 0) + 1;
  const std::int64_t model = putRow(name, artifacts, result.info, generation, units, hash.result(), file);
  putRecords(model, encoded);
  if (isApart && !file) putChunk(model, *artifacts.weightData);
  result.stamp = require(name).stamp();
  report(progress, result.info.weightDataBytes, result.info.weightDataBytes);
  if (file) file->keep();  // a commit that says it failed may yet be found by the next program
  transaction.commit();
  file.reset();
  sweep();
  return result;
}

std::int64_t SqliteStore::putRow(const QString& name, const ModelArtifacts& artifacts, const ModelArtifactsInfo& info,
                                 std::int64_t generation, std::int64_t units, const QByteArray& sha256,
                                 const std::optional<WeightFolder::Saving>& file) {
  const ModelSummary summary = summarise(artifacts);
  SqliteStatement(
      m_database(),
      "INSERT INTO model(scheme, name, generation, sha256, date_saved, topology_bytes, specs_bytes, data_bytes, "
      "quota_units, layer_count, parameters, layout, weight_file, weight_chunk) "
      "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(scheme())
      .bind(name)
      .bind(generation)
      .bind(sha256)
      .bind(info.dateSaved.toString(Qt::ISODateWithMs))
      .bind(info.modelTopologyBytes)
      .bind(info.weightSpecsBytes)
      .bind(info.weightDataBytes)
      .bind(units)
      .bind(std::int64_t(summary.layerCount))
      .bind(summary.parameters)
      .bind(storedLayout(artifacts))
      .bind(file ? file->name() : QString())
      .bind(file ? file->chunkBytes() : 0)
      .run();
  return m_database().lastInsertId();
}

}  // namespace layersmith
