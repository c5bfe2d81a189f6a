#pragma once

#include <QByteArray>
#include <QElapsedTimer>
#include <QString>

#include <cstddef>
#include <cstdint>
#include <span>

struct sqlite3;
struct sqlite3_stmt;

namespace layersmith {

/// One connection to an SQLite file. Thread rule: belongs to the thread that opened it.
/// Errors of all members: Database, Busy E203, NoSpace or Io E201, each naming the file.
class SqliteDatabase {
 public:
  /// ReadDamaged: a file that was found damaged, for what still reads; every write is refused with E205.
  enum class Access { Write, ReadDamaged };
  explicit SqliteDatabase(const QString& path, Access access = Access::Write);
  ~SqliteDatabase();
  SqliteDatabase(const SqliteDatabase&) = delete;
  SqliteDatabase& operator=(const SqliteDatabase&) = delete;

  const QString& path() const { return m_path; }
  /// For how long other programs' locks are waited for before a call fails with Busy; at first not at all. Waits are
  /// short: SQLite's own grow to 100 ms, and a program that writes one model after the other wins nearly every time.
  void waitForLocks(int ms);
  void execute(const char* sql);
  std::int64_t lastInsertId() const;
  int changes() const;
  sqlite3* handle() const { return m_handle; }
  [[noreturn]] void fail(int code);

  bool isDamaged() const { return m_isDamaged; }  ///< SQLite said so of a page it read
  /// Before a write: one into a damaged file may take more of it along. The first time, files of up to 64 MiB are read
  /// through. Errors: E205.
  void requireSound();

  /// For the message when the disk is full: what a save needs, and what was free before it.
  struct Room {
    std::int64_t needed = 0;
    std::int64_t free = 0;
  };
  void setRoom(Room room) { m_room = room; }

 private:
  [[noreturn]] void failWith(int code, const QString& detail);
  static int waitOnce(void* self, int waitsSoFar);

  QString m_path;
  sqlite3* m_handle = nullptr;
  bool m_isDamaged;
  bool m_isReadThrough = false;
  int m_lockMs = 0;
  QElapsedTimer m_waiting;
  Room m_room;
};

/// A prepared statement: bind in order, then step through rows.
class SqliteStatement {
 public:
  SqliteStatement(SqliteDatabase& database, const char* sql);
  ~SqliteStatement();
  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;

  SqliteStatement& bind(const QString& text);  ///< a null QString binds NULL
  SqliteStatement& bind(std::int64_t number);
  SqliteStatement& bind(const QByteArray& blob);  ///< not copied: must live until the statement is reset
  SqliteStatement& bindBlob(const char* bytes, std::int64_t size);

  bool step();  ///< true: a row is there
  void run();   ///< steps to the end and resets, for the next binds
  QString text(int column) const;
  std::int64_t integer(int column) const;
  QByteArray blob(int column) const;
  std::span<const std::byte> bytes(int column) const;  ///< the blob itself, until the next step
  bool isNull(int column) const;

 private:
  SqliteDatabase& m_database;
  sqlite3_stmt* m_handle = nullptr;
  int m_next = 1;
};

/// One view of the file while others write, as long as it lives.
class SqliteReading {
 public:
  explicit SqliteReading(SqliteDatabase& database) : m_database(database) { database.execute("BEGIN"); }
  ~SqliteReading();
  SqliteReading(const SqliteReading&) = delete;
  SqliteReading& operator=(const SqliteReading&) = delete;

 private:
  SqliteDatabase& m_database;
};

/// At most `count` bytes of one blob from `offset` on, without reading the rest of it. Errors: as SqliteDatabase.
QByteArray readBlob(SqliteDatabase& database, const char* table, const char* column, std::int64_t row,
                    std::int64_t offset, std::int64_t count);

/// BEGIN IMMEDIATE ... COMMIT; rolled back when it goes out of scope before commit().
class SqliteTransaction {
 public:
  explicit SqliteTransaction(SqliteDatabase& database);
  ~SqliteTransaction();
  SqliteTransaction(const SqliteTransaction&) = delete;
  SqliteTransaction& operator=(const SqliteTransaction&) = delete;
  void commit();

 private:
  SqliteDatabase* m_database;
};

}  // namespace layersmith
