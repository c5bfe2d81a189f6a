#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QFile>
#include <QString>

#include <optional>
#include <vector>

namespace layersmith {

/// An append-only file of models. Nothing in it is ever overwritten: a save appends the model, a removal a mark, and
/// what stood before stays readable. A record that a crash cut short is cut off by the next one; what damage left
/// between records is passed over: reading looks for the next record behind it.
///
///   "LSARCH1\n", then records:
///   "LSRC"  kind (u8: 1 model, 2 mark of removal, 3 model without weights)  name bytes (u32)  json bytes (u64)
///   weight bytes (u64)  saved (i64, ms since 1970)  name  check (first 8 bytes of the sha256 of all before it)
///   json  weights  sha256 of all of the record before it
///
/// Numbers are little-endian. Thread rule: one call at a time; processes are kept apart by a lock on the file.
class ArchiveFile {
 public:
  struct Record {
    bool isRemoval = false;
    bool hasWeights = false;
    QString name;
    QDateTime saved;
    qint64 offset = 0;  ///< of the record
    qint64 jsonBytes = 0;
    qint64 weightBytes = 0;
    qint64 end() const;
    qint64 jsonOffset() const;
  };

  /// Holds the lock as long as it lives. `problem` says why it could not be opened; a file that is not there is empty.
  ArchiveFile(const QString& path, bool isForWriting);
  ~ArchiveFile();

  const QString& problem() const { return m_problem; }

  /// The newest record of each name that was not removed.
  std::vector<Record> models() const;
  std::optional<Record> find(const QString& name) const;

  QByteArray json(const Record& record);
  QByteArray weights(const Record& record);
  bool isWhole(const Record& record);  ///< its sha256 is right

  /// Appends and syncs. False: nothing was added, and problem() says why.
  bool append(bool isRemoval, const QString& name, const QByteArray& json, const QByteArray& weights, bool hasWeights);
  bool isFull() const { return m_isFull; }  ///< the last append failed for lack of space

 private:
  void readRecords();
  std::optional<Record> recordAt(qint64 offset);
  qint64 nextMagic(qint64 from);  ///< -1 when there is none
  bool cutTornRecord();
  bool writeAll(const QByteArray& bytes);
  bool writeRecord(const QByteArray& head, const QByteArray& json, const QByteArray& weights);

  QFile m_file;
  QString m_problem;
  std::vector<Record> m_records;
  qint64 m_end = 8;    ///< of the last record that is whole
  qint64 m_torn = -1;  ///< where the last record begins that wants more bytes than the file has
  bool m_isFull = false;
};

}  // namespace layersmith
