#include "model/storage/Sqlite.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/storage/LockHolder.h"
#include "model/storage/VolumeSpace.h"

#include <QFileInfo>
#include <QLocale>
#include <QRandomGenerator>
#include <QStorageInfo>
#include <QThread>

#include <sqlite3.h>
#include <algorithm>
#include <memory>
#include <utility>

namespace layersmith {

namespace {

constexpr std::int64_t kReadThroughBytes = 64 * limits::kMiB;

/// Who writes: in WAL mode the -shm file's byte for writers, or those beside it for checkpoint and recovery, is locked;
/// without it bytes of the file itself. Source: SQLite's wal.c (WAL_WRITE_LOCK) and os.h (PENDING_BYTE).
QString writerOf(const QString& path) {
  constexpr std::int64_t kWalWrite = 120, kWalRecover = 122, kPending = 0x40000000, kSharedEnd = kPending + 511;
  if (const QString writer = lockHolder(path + QStringLiteral("-shm"), kWalWrite, kWalRecover); !writer.isEmpty())
    return writer;
  const QString writer = lockHolder(path, kPending, kSharedEnd);
  return writer.isEmpty() ? QStringLiteral("another program") : writer;
}

}  // namespace

SqliteDatabase::SqliteDatabase(const QString& path, Access access)
    : m_path(path), m_isDamaged(access == Access::ReadDamaged) {
  const int use = m_isDamaged ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  // One thread has it.
  const int code = sqlite3_open_v2(path.toUtf8().constData(), &m_handle, use | SQLITE_OPEN_NOMUTEX, nullptr);
  if (code == SQLITE_OK) {
    sqlite3_extended_result_codes(m_handle, 1);
    return;
  }
  try {
    fail(code);
  } catch (...) {
    sqlite3_close(m_handle);
    throw;
  }
}

SqliteDatabase::~SqliteDatabase() {
  sqlite3_close(m_handle);
}

void SqliteDatabase::waitForLocks(int ms) {
  m_lockMs = ms;
  sqlite3_busy_handler(m_handle, waitOnce, this);
}

int SqliteDatabase::waitOnce(void* self, int waitsSoFar) {
  auto& database = *static_cast<SqliteDatabase*>(self);
  if (waitsSoFar == 0) database.m_waiting.start();
  if (database.m_waiting.elapsed() >= database.m_lockMs) return 0;
  const int longestMs = std::min(1 + waitsSoFar, 20);
  QThread::msleep(QRandomGenerator::global()->bounded(1, longestMs + 1));
  return 1;
}

void SqliteDatabase::execute(const char* sql) {
  if (const int code = sqlite3_exec(m_handle, sql, nullptr, nullptr, nullptr); code != SQLITE_OK) fail(code);
}

std::int64_t SqliteDatabase::lastInsertId() const {
  return sqlite3_last_insert_rowid(m_handle);
}

int SqliteDatabase::changes() const {
  return sqlite3_changes(m_handle);
}

void SqliteDatabase::requireSound() {
  if (!m_isDamaged && !std::exchange(m_isReadThrough, true)) {
    const std::int64_t bytes = QFileInfo(m_path).size();
    SqliteStatement check(*this, "PRAGMA quick_check(1)");
    m_isDamaged = bytes <= kReadThroughBytes && check.step() && check.text(0) != QStringLiteral("ok");
  }
  if (m_isDamaged) failWith(SQLITE_CORRUPT, QString::fromUtf8(sqlite3_errstr(SQLITE_CORRUPT)));
}

void SqliteDatabase::fail(int code) {
  failWith(code, m_handle ? QString::fromUtf8(sqlite3_errmsg(m_handle)) : QString::fromUtf8(sqlite3_errstr(code)));
}

void SqliteDatabase::failWith(int code, const QString& detail) {
  const auto error = [&](ErrorKind kind, const QString& message, const char* errorCode) {
    return Error(kind, message.toStdString(), errorCode, m_path.toStdString());
  };
  const auto size = [](std::int64_t bytes) { return QLocale::c().formattedDataSize(bytes); };
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw error(ErrorKind::Busy,
                  QStringLiteral("The store %1 is in use by %2. Nothing was changed. Try again in a moment.")
                      .arg(m_path, writerOf(m_path)),
                  "E203");
    case SQLITE_FULL:
      throw error(ErrorKind::NoSpace,
                  QStringLiteral("Not saved: %1 has %2 free, %3 needed. Your old file is unchanged. Free space or save "
                                 "elsewhere.")
                      .arg(QStorageInfo(m_path).rootPath(), size(m_room.needed > 0 ? m_room.free : freeBytesAt(m_path)),
                           m_room.needed > 0 ? size(m_room.needed) : QStringLiteral("more is")),
                  "E201");
    case SQLITE_READONLY:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      throw error(ErrorKind::Io,
                  QStringLiteral("The store %1 cannot be read or written: %2. Nothing was changed. Allow writing to it "
                                 "and to its folder, or save elsewhere.")
                      .arg(m_path, detail),
                  "E201");
    case SQLITE_CORRUPT:
      m_isDamaged = true;
      throw error(ErrorKind::Database,
                  QStringLiteral("The store %1 is damaged: %2. Nothing was changed. Export the models that still read "
                                 "with `layersmith-cli export` or the studio's Export, put the store aside, and "
                                 "import them again.")
                      .arg(m_path, detail),
                  "E205");
    case SQLITE_NOTADB:
      throw error(
          ErrorKind::Database,
          QStringLiteral(
              "The store %1 is damaged: %2. Nothing was changed. Restore it from a backup, or use another store.")
              .arg(m_path, detail),
          "E205");
    default: throw error(ErrorKind::Database, QStringLiteral("The store %1: %2.").arg(m_path, detail), "E205");
  }
}

SqliteStatement::SqliteStatement(SqliteDatabase& database, const char* sql) : m_database(database) {
  if (const int code = sqlite3_prepare_v2(database.handle(), sql, -1, &m_handle, nullptr); code != SQLITE_OK)
    database.fail(code);
}

SqliteStatement::~SqliteStatement() {
  sqlite3_finalize(m_handle);
}

SqliteStatement& SqliteStatement::bind(const QString& text) {
  const QByteArray utf8 = text.toUtf8();
  const int code = text.isNull() ? sqlite3_bind_null(m_handle, m_next++)
                                 : sqlite3_bind_text64(m_handle, m_next++, utf8.isNull() ? "" : utf8.constData(),
                                                       sqlite3_uint64(utf8.size()), SQLITE_TRANSIENT, SQLITE_UTF8);
  if (code != SQLITE_OK) m_database.fail(code);
  return *this;
}

SqliteStatement& SqliteStatement::bind(std::int64_t number) {
  if (const int code = sqlite3_bind_int64(m_handle, m_next++, number); code != SQLITE_OK) m_database.fail(code);
  return *this;
}

SqliteStatement& SqliteStatement::bind(const QByteArray& blob) {
  return bindBlob(blob.constData(), blob.size());
}

SqliteStatement& SqliteStatement::bindBlob(const char* bytes, std::int64_t size) {
  if (const int code = sqlite3_bind_blob64(m_handle, m_next++, bytes, sqlite3_uint64(size), SQLITE_STATIC);
      code != SQLITE_OK)
    m_database.fail(code);
  return *this;
}

bool SqliteStatement::step() {
  const int code = sqlite3_step(m_handle);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) m_database.fail(code);
  return false;
}

void SqliteStatement::run() {
  while (step()) {
  }
  sqlite3_reset(m_handle);
  sqlite3_clear_bindings(m_handle);
  m_next = 1;
}

QString SqliteStatement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(m_handle, column));
  return bytes ? QString::fromUtf8(bytes, sqlite3_column_bytes(m_handle, column)) : QString();
}

std::int64_t SqliteStatement::integer(int column) const {
  return sqlite3_column_int64(m_handle, column);
}

QByteArray SqliteStatement::blob(int column) const {
  const std::span<const std::byte> found = bytes(column);
  return {reinterpret_cast<const char*>(found.data()), qsizetype(found.size())};
}

std::span<const std::byte> SqliteStatement::bytes(int column) const {
  const void* first = sqlite3_column_blob(m_handle, column);
  return {static_cast<const std::byte*>(first), std::size_t(sqlite3_column_bytes(m_handle, column))};
}

bool SqliteStatement::isNull(int column) const {
  return sqlite3_column_type(m_handle, column) == SQLITE_NULL;
}

SqliteReading::~SqliteReading() {
  sqlite3_exec(m_database.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

QByteArray readBlob(SqliteDatabase& database, const char* table, const char* column, std::int64_t row,
                    std::int64_t offset, std::int64_t count) {
  sqlite3_blob* opened = nullptr;
  const int code = sqlite3_blob_open(database.handle(), "main", table, column, row, 0, &opened);
  const std::unique_ptr<sqlite3_blob, decltype(&sqlite3_blob_close)> blob(opened, &sqlite3_blob_close);
  if (code != SQLITE_OK) database.fail(code);
  const std::int64_t left = std::max<std::int64_t>(0, sqlite3_blob_bytes(opened) - offset);
  QByteArray bytes(std::min(count, left), Qt::Uninitialized);
  if (const int failed = sqlite3_blob_read(opened, bytes.data(), int(bytes.size()), int(offset)); failed != SQLITE_OK)
    database.fail(failed);
  return bytes;
}

SqliteTransaction::SqliteTransaction(SqliteDatabase& database) : m_database(&database) {
  if (database.isDamaged()) database.requireSound();  // read-only, SQLite would begin to read and say nothing
  database.execute("BEGIN IMMEDIATE");
}

SqliteTransaction::~SqliteTransaction() {
  if (m_database) sqlite3_exec(m_database->handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void SqliteTransaction::commit() {
  m_database->execute("COMMIT");
  m_database = nullptr;
}

}  // namespace layersmith
