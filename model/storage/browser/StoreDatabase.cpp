#include "model/storage/browser/StoreDatabase.h"

#include "model/core/Error.h"
#include "model/storage/folder/FileAccess.h"
#include "model/storage/folder/SyncedFolders.h"

#include <QFile>
#include <QFileInfo>
#include <QThread>

#include <sys/vfs.h>
#include <unistd.h>

namespace layersmith {

namespace {

constexpr std::int64_t kApplicationId = 0x4C79536D;  // "LySm"
constexpr std::int64_t kSchemaVersion = 3;
constexpr int kLockMs = 10'000;  // that another program's write is waited for

constexpr const char* kSchema = R"sql(
CREATE TABLE model(
  id INTEGER PRIMARY KEY,
  scheme TEXT NOT NULL,
  name TEXT NOT NULL,
  generation INTEGER NOT NULL,
  sha256 BLOB NOT NULL,
  date_saved TEXT NOT NULL,
  topology_bytes INTEGER NOT NULL,
  specs_bytes INTEGER NOT NULL,
  data_bytes INTEGER NOT NULL,
  quota_units INTEGER NOT NULL,
  layer_count INTEGER NOT NULL,
  parameters INTEGER NOT NULL,
  layout TEXT,
  trash_id TEXT UNIQUE,
  deleted TEXT);
CREATE UNIQUE INDEX model_by_name ON model(scheme, name) WHERE trash_id IS NULL;
CREATE TABLE record(
  model INTEGER NOT NULL REFERENCES model(id) ON DELETE CASCADE,
  store TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY(model, store, key));
CREATE TABLE chunk(
  model INTEGER NOT NULL REFERENCES model(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY(model, position));
)sql";

/// Of models whose weights lie in a file: its name, and into what pieces their hash cuts it.
constexpr const char* kWeightFileColumns = R"sql(
ALTER TABLE model ADD COLUMN weight_file TEXT;
ALTER TABLE model ADD COLUMN weight_chunk INTEGER NOT NULL DEFAULT 0;
)sql";

constexpr const char* kListedTable = R"sql(
CREATE TABLE listed(
  folder TEXT NOT NULL,
  file TEXT NOT NULL,
  changed_ns INTEGER NOT NULL,
  json_bytes INTEGER NOT NULL,
  inode INTEGER NOT NULL,
  weight_files BLOB NOT NULL,
  url TEXT NOT NULL,
  name TEXT NOT NULL,
  saved_ms INTEGER NOT NULL,
  topology_bytes INTEGER NOT NULL,
  specs_bytes INTEGER NOT NULL,
  data_bytes INTEGER NOT NULL,
  layer_count INTEGER NOT NULL,
  parameters INTEGER NOT NULL,
  PRIMARY KEY(folder, file)) WITHOUT ROWID;
)sql";

std::int64_t pragma(SqliteDatabase& database, const char* sql) {
  SqliteStatement statement(database, sql);
  return statement.step() ? statement.integer(0) : 0;
}

/// Going to the write-ahead log needs the file alone for a moment, and SQLite does not wait for that by itself.
void chooseJournal(SqliteDatabase& database) {
  const char* const sql =
      networkWarning(database.path()).isEmpty() ? "PRAGMA journal_mode=WAL" : "PRAGMA journal_mode=DELETE";
  for (int attempt = 0;; ++attempt) {
    try {
      SqliteStatement(database, sql).step();
      return;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::Busy || attempt == 100) throw;
      QThread::msleep(50);
    }
  }
}

void requireOurs(SqliteDatabase& database) {
  const std::int64_t id = pragma(database, "PRAGMA application_id");
  const std::int64_t version = pragma(database, "PRAGMA user_version");
  if (id != kApplicationId)
    throw Error(ErrorKind::Database,
                QStringLiteral("%1 is an SQLite file, but not a store of Layersmith. Choose another file.")
                    .arg(database.path())
                    .toStdString(),
                "E205", database.path().toStdString());
  if (version > kSchemaVersion)
    throw Error(ErrorKind::Database,
                QStringLiteral("The store %1 was made by a newer Layersmith (version %2 of its format; this one knows "
                               "%3). Update the program.")
                    .arg(database.path(), QString::number(version), QString::number(kSchemaVersion))
                    .toStdString(),
                "E205", database.path().toStdString());
}

void makeFolder(const QString& path) {
  try {
    MadeFolders(path).keep();
  } catch (const Error& error) {
    throw Error(error.kind(),
                QStringLiteral("The folder %1 of the store cannot be made: %2. Nothing was changed.")
                    .arg(path, causeOf(error))
                    .toStdString(),
                "E201", path.toStdString());
  }
}

void setVersion(SqliteDatabase& database) {
  database.execute(QStringLiteral("PRAGMA user_version=%1").arg(kSchemaVersion).toUtf8().constData());
}

void makeSchema(SqliteDatabase& database) {
  SqliteTransaction transaction(database);
  if (pragma(database, "SELECT count(*) FROM sqlite_master") > 0) return;  // another process was faster
  database.execute(kSchema);
  database.execute(kListedTable);
  database.execute(kWeightFileColumns);
  database.execute(QStringLiteral("PRAGMA application_id=%1").arg(kApplicationId).toUtf8().constData());
  setVersion(database);
  transaction.commit();
}

/// A copy of the store as it is, beside it; one that is there stays, for it is older.
void backUp(SqliteDatabase& database, std::int64_t version) {
  const QString backup = QStringLiteral("%1.version-%2").arg(database.path()).arg(version);
  if (QFileInfo::exists(backup)) return;
  const QString fresh = backup + QStringLiteral("-%1").arg(::getpid());
  QFile::remove(fresh);
  SqliteStatement(database, "VACUUM INTO ?").bind(fresh).run();
  if (!QFile::rename(fresh, backup)) QFile::remove(fresh);  // another process was faster
}

/// Version 1 lacks `listed`, version 2 the columns of weight files.
void migrate(SqliteDatabase& database) {
  std::int64_t version = pragma(database, "PRAGMA user_version");
  if (version == kSchemaVersion) return;
  backUp(database, version);
  SqliteTransaction transaction(database);
  version = pragma(database, "PRAGMA user_version");
  if (version == kSchemaVersion) return;  // another process was faster
  if (version < 2) database.execute(kListedTable);
  database.execute(kWeightFileColumns);
  setVersion(database);
  transaction.commit();
}

}  // namespace

QString networkWarning(const QString& path, unsigned long fileSystem) {
  switch (fileSystem) {
    case 0x6969:      // NFS
    case 0x517B:      // SMB
    case 0xFE534D42:  // SMB2
    case 0xFF534D42:  // CIFS
    case 0x01021997:  // 9P
      return QStringLiteral(
                 "The store %1 lies on a network file system. It is slower there and safe only where the server's "
                 "locks work: let one computer write to it at a time, or keep it on a local disk.")
          .arg(path);
    default: return {};
  }
}

QString networkWarning(const QString& path) {
  struct statfs status {};
  if (::statfs(QFile::encodeName(QFileInfo(path).absolutePath()).constData(), &status) != 0) return {};
  return networkWarning(path, static_cast<unsigned long>(status.f_type));
}

std::unique_ptr<SqliteDatabase> openDamagedStore(const QString& path) {
  auto database = std::make_unique<SqliteDatabase>(path, SqliteDatabase::Access::ReadDamaged);
  database->waitForLocks(kLockMs);
  database->execute("PRAGMA trusted_schema=OFF");
  return database;
}

std::unique_ptr<SqliteDatabase> openStoreDatabase(const QString& path) {
  const QString folder = QFileInfo(path).absolutePath();
  makeFolder(folder);
  const bool isNew = !QFileInfo::exists(path);
  auto database = std::make_unique<SqliteDatabase>(path);
  database->waitForLocks(kLockMs);
  // Debian's SQLite would write zeros over what is deleted: a full disk could then refuse to replace a model.
  database->execute("PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA secure_delete=OFF");
  if (pragma(*database, "SELECT count(*) FROM sqlite_master") == 0) {
    database->execute("PRAGMA page_size=16384");  // weights lie in chains of pages; set before the first table
    chooseJournal(*database);
    makeSchema(*database);
  }
  requireOurs(*database);
  chooseJournal(*database);
  database->execute("PRAGMA synchronous=FULL");
  migrate(*database);
  if (isNew) syncFolder(folder);
  return database;
}

}  // namespace layersmith
