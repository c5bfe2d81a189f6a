#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QFile>
#include <QString>

#include <chrono>
#include <optional>
#include <vector>

namespace layersmith {

/// An append-only file of models. Nothing in it is ever overwritten: a save appends the model, a removal a mark, and
/// what stood before stays readable.
///
///   "LSARCH1\n", then records and gaps:
///   "LSRC"  kind (u8: 1 model, 2 mark of removal, 3 model without weights)  name bytes (u32)  json bytes (u64)
///   weight bytes (u64)  saved (i64, ms since 1970)  name  check (first 8 bytes of the sha256 of all before it)
///   json  weights  sha256 of all of the record before it
///   "LSGP"  offset (u64)  check (first 4 bytes of the sha256 of all before it): when the save behind this gap came,
///   the bytes from that offset to here were bad at the end of the file
///
/// Numbers are little-endian. What is bad is told apart by what lies behind it:
/// - Nothing, or a gap that names it: a save that a crash tore, which nobody was told had worked. It is passed over;
/// one
///   that wants more bytes than there are is cut off by the next save, before any other a gap is written.
/// - A record, without such a gap: it was whole when that one was saved, and was damaged since. A head that is right
///   names the model, which is then not whole. Under another head could be any name: every record before it may be
///   older than what was lost (mayBeOlder()).
///
/// Thread rule: one call at a time; processes are kept apart by a lock on the file.
class ArchiveFile {
 public:
  struct Record {
    bool isRemoval = false;
    bool hasWeights = false;
    bool isDamaged = false;  ///< it was seen in reading; false: isWhole() tells
    QString name;
    QDateTime saved;
    qint64 offset = 0;  ///< of the record
    qint64 jsonBytes = 0;
    qint64 weightBytes = 0;
    qint64 end() const;
    qint64 jsonOffset() const;
  };

  enum class Trouble { None, NoArchive, Io, Full, Busy };

  /// Holds the lock as long as it lives; waits this long for it. `problem` says why it could not be opened; a file that
  /// is not there is empty. Where a file system has no locks, it can be read and not written.
  ArchiveFile(const QString& path, bool isForWriting, std::chrono::milliseconds longestWait = std::chrono::seconds(10));
  ~ArchiveFile();

  /// Of opening, or of a call since: the disk did not give what the file has, or did not take what was written.
  const QString& problem() const { return m_problem; }
  Trouble trouble() const { return m_trouble; }

  /// The newest record of each name that was not removed.
  std::vector<Record> models() const;
  std::optional<Record> find(const QString& name) const;
  /// A newer record of this name, or its removal, may be lost in the damage behind this one.
  bool mayBeOlder(const Record& record) const { return record.offset < m_damage; }
  qint64 damage() const { return m_damage; }  ///< where the last damage begins that names no model; -1: there is none

  QByteArray json(const Record& record);
  QByteArray weights(const Record& record);
  bool isWhole(const Record& record);  ///< its sha256 is right

  /// Appends and syncs. False: nothing was added, and problem() says why.
  bool append(bool isRemoval, const QString& name, const QByteArray& json, const QByteArray& weights, bool hasWeights);

 private:
  bool lock(bool isForWriting, std::chrono::milliseconds longestWait);
  void fail(Trouble trouble, const QString& problem);
  QByteArray bytesAt(qint64 offset, qint64 count);
  void readRecords();
  void judge(qint64 badFrom, qint64 to);  ///< bad bytes that are damage, not torn; -1: there are none
  qint64 pass(Record record);             ///< where to read on behind a record with a right head; -1: nowhere
  std::optional<Record> headAt(qint64 offset);
  std::optional<qint64> gapAt(qint64 offset);  ///< the offset that a gap here names
  bool isStart(qint64 offset);                 ///< of a record or a gap
  qint64 nextStart(qint64 from);               ///< -1 when there is none
  bool cutTornRecord();
  void syncFolder() const;
  bool writeAll(const QByteArray& bytes);
  bool writeRecord(const QByteArray& head, const QByteArray& json, const QByteArray& weights);

  QFile m_file;
  QString m_problem;
  Trouble m_trouble = Trouble::None;
  std::vector<Record> m_records;
  qint64 m_bad = -1;   ///< while reading: where bytes begin that are not judged yet
  qint64 m_end = 8;    ///< where the torn end of the file begins, or the file ends
  qint64 m_torn = -1;  ///< where the last record begins that wants more bytes than the file has
  qint64 m_damage = -1;
};

}  // namespace layersmith
