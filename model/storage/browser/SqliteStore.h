#pragma once

#include "model/core/Error.h"
#include "model/storage/Sha256.h"
#include "model/storage/browser/BrowserRecords.h"
#include "model/storage/browser/StoreDatabase.h"
#include "model/storage/browser/WeightFolder.h"

#include <functional>
#include <optional>

namespace layersmith {

/// A model of the store without its weights in memory; they are read in pieces by SqliteStore::readWeights.
struct StoredModel {
  ModelArtifacts artifacts;  ///< weightData is null
  std::int64_t id = 0;
  QByteArray sha256;  ///< of its content
  std::int64_t weightBytes = 0;
  QString weightFile;  ///< in the store's WeightFolder; empty: in rows
  QDateTime saved;
};

/// The browser's localstorage:// or indexeddb:// kept in one SQLite file, with its keys and records, its quota, and a
/// Trash the browser lacks. Weights of more than 1 MiB lie in the store's WeightFolder. A save is one transaction,
/// which comes after the file; overwriting keeps the old model when the quota is reached.
class SqliteStore final : public ModelStore {
 public:
  /// `database` opens the file on first use; both stores of a library share it.
  using OpenDatabase = std::function<SqliteDatabase&()>;
  SqliteStore(const BrowserFormat& format, OpenDatabase database);

  QString scheme() const override { return m_format.scheme(); }
  ModelArtifacts load(const QString& name, const LoadOptions& options = {}) override;
  SaveResult save(const QString& name, const ModelArtifacts& artifacts, const SaveOptions& options = {},
                  const StoreProgress& progress = {}) override;
  bool contains(const QString& name) override;
  QString stamp(const QString& name) override;
  std::vector<ModelEntry> list() override;
  TrashEntry remove(const QString& name) override { return removeUnchanged(name, {}); }
  TrashEntry removeUnchanged(const QString& name, const QString& stamp) override;
  void rename(const QString& from, const QString& to) override;
  std::vector<TrashEntry> trash() override;
  void restore(const QString& trashId) override;
  void purge(const QString& trashId) override;
  void emptyTrash() override;
  StoreUsage usage() override;  ///< of localStorage in UTF-16 units, of IndexedDB in bytes; Trash is free

  /// Only for a format that keeps weights apart (indexeddb). Errors: NotFound; Unsupported for the other.
  StoredModel open(const QString& name);
  /// Bytes [offset, offset + count) of its weights, at most to the end of one 8 MiB piece. Errors: NotFound when the
  /// model was replaced or removed meanwhile.
  QByteArray readWeights(const StoredModel& model, std::int64_t offset, std::int64_t count);

  // A model as the browser itself keeps it, for dumps: its very records, unchanged.
  struct Dumped {
    std::vector<BrowserRecord> records;
    WeightData weights;  ///< null where they are in a record
  };
  Dumped dumped(const QString& name);  ///< records and weights of one save, checked. Errors: as load()
  /// Errors: as save(); E104, E110 when the records hold no model.
  SaveResult saveRecords(const QString& name, const std::vector<BrowserRecord>& records, WeightData weights,
                         const SaveOptions& options = {});

  void setQuota(std::int64_t quota) { m_quota = quota; }
  bool hasTrash(const QString& trashId);
  QString urlOf(const QString& name) const { return scheme() + QStringLiteral("://") + name; }

 private:
  struct Row {
    std::int64_t id = 0;
    std::int64_t generation = 0;
    std::int64_t units = 0;
    QByteArray sha256;
    QString layout;
    QDateTime saved;
    std::int64_t dataBytes = 0;
    QString weightFile;            ///< empty: in rows
    std::int64_t weightChunk = 0;  ///< how WeightHasher cuts the file; 0: in one piece
    /// An id is given again after the newest model was removed for good.
    QString stamp() const;
  };
  /// Past a damaged index the table itself is read: `read` gets what stands behind the table's name.
  template <class Read>
  auto readAround(Read read) -> decltype(read("")) {
    try {
      return read("");
    } catch (const Error& error) {
      if (!m_database().isDamaged()) throw;
      return read(" NOT INDEXED");
    }
  }
  SqliteDatabase& sound();  ///< for a write. Errors: E205
  std::optional<Row> find(const QString& name);
  std::vector<ModelEntry> listByName();  ///< of a damaged store: the entries that cannot be read are named
  std::vector<ModelEntry> listRows(const char* how);
  Row require(const QString& name);
  std::vector<BrowserRecord> records(std::int64_t model);
  WeightFolder weightFolder();
  WeightData chunks(std::int64_t model);  ///< all weights that lie in rows
  WeightData readFile(const Row& row, const LoadOptions& options, std::vector<QByteArray>* digests);
  /// `found`: the row it read. `kept`, when not null, gets the records.
  ModelArtifacts loadOnce(const QString& name, const LoadOptions& options, std::optional<Row>& found,
                          std::vector<BrowserRecord>* kept);
  ModelArtifacts loadWhole(const QString& name, const LoadOptions& options, std::vector<BrowserRecord>* kept);
  Error missingFile(const QString& name, const Row& row);
  void sweep();  ///< files of weights that no row names; what cannot be swept now is swept after the next change
  SaveResult put(const QString& name, const ModelArtifacts& artifacts, const std::vector<BrowserRecord>& records,
                 SaveResult result, const SaveOptions& options, const StoreProgress& progress);
  std::int64_t putRow(const QString& name, const ModelArtifacts& artifacts, const ModelArtifactsInfo& info,
                      std::int64_t generation, std::int64_t units, const QByteArray& sha256,
                      const std::optional<WeightFolder::Saving>& file);
  /// What stands under the name; errors: as save() when this may not be put there.
  std::optional<Row> requirePlace(const QString& name, std::int64_t units, const SaveOptions& options);
  QString largestOthers(const QString& name);  ///< "'a' with 3 MiB, 'b' with 2 MiB"; empty: there are none
  QString amount(std::int64_t units) const;
  void requireRoom(const QString& name, std::int64_t units, std::int64_t freed);
  /// Refuses weights that no local storage can hold before they are spelled as text, which takes thrice the memory.
  void requireRoomForText(const QString& name, const ModelArtifacts& artifacts);
  void putRecords(std::int64_t model, const std::vector<BrowserRecord>& records);
  void putChunk(std::int64_t model, const WeightBytes& weights);
  QString toTrash(std::int64_t model);

  const BrowserFormat& m_format;
  OpenDatabase m_database;
  std::int64_t m_quota;
};

}  // namespace layersmith
