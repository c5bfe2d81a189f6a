#include "model/storage/plugins/archive/ArchiveFile.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>
#include <QtEndian>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>

namespace layersmith {

namespace {

constexpr char kMagic[] = "LSARCH1\n";
constexpr char kRecordMagic[] = "LSRC";
constexpr qint64 kHeadBytes = 4 + 1 + 4 + 8 + 8 + 8;
constexpr qint64 kCheckBytes = 8;
constexpr qint64 kHashBytes = 32;
constexpr qint64 kGapBytes = 4;
constexpr quint8 kModel = 1, kRemoval = 2, kModelWithoutWeights = 3;
constexpr qint64 kLargest = qint64(1) << 40;
constexpr qint64 kNameBytes = 1024;
constexpr qint64 kPiece = 1 << 20;

QByteArray checkOf(const QByteArray& headAndName) {
  return QCryptographicHash::hash(headAndName, QCryptographicHash::Sha256).left(kCheckBytes);
}

QByteArray headOf(quint8 kind, qint64 nameBytes, qint64 jsonBytes, qint64 weightBytes, qint64 savedMs) {
  QByteArray head(kHeadBytes, '\0');
  std::memcpy(head.data(), kRecordMagic, 4);
  head[4] = char(kind);
  qToLittleEndian(quint32(nameBytes), head.data() + 5);
  qToLittleEndian(quint64(jsonBytes), head.data() + 9);
  qToLittleEndian(quint64(weightBytes), head.data() + 17);
  qToLittleEndian(savedMs, head.data() + 25);
  return head;
}

}  // namespace

qint64 ArchiveFile::Record::jsonOffset() const {
  return offset + kHeadBytes + name.toUtf8().size() + kCheckBytes;
}

qint64 ArchiveFile::Record::end() const {
  return jsonOffset() + jsonBytes + weightBytes + kHashBytes;
}

ArchiveFile::ArchiveFile(const QString& path, bool isForWriting) : m_file(path) {
  if (isForWriting) QDir().mkpath(QFileInfo(path).absolutePath());
  if (!isForWriting && !m_file.exists()) return;
  if (!m_file.open(isForWriting ? QIODevice::ReadWrite : QIODevice::ReadOnly)) {
    m_problem = QStringLiteral("%1: %2").arg(path, m_file.errorString());
    return;
  }
  while (::flock(m_file.handle(), isForWriting ? LOCK_EX : LOCK_SH) != 0 && errno == EINTR) {
  }
  readRecords();
}

ArchiveFile::~ArchiveFile() = default;

void ArchiveFile::readRecords() {
  const QByteArray magic(kMagic, 8);
  const QByteArray found = m_file.read(8);
  if (found.size() < 8 && magic.startsWith(found)) return;  // empty, or cut short when it was made
  if (found != magic) {
    m_problem = QStringLiteral("%1 is no archive of models.").arg(m_file.fileName());
    return;
  }
  for (qint64 offset = 8; offset >= 0 && offset < m_file.size();) {
    if (auto record = recordAt(offset)) {
      m_end = offset = record->end();
      m_records.push_back(std::move(*record));
    } else {
      offset = nextMagic(offset + 1);
    }
  }
}

std::optional<ArchiveFile::Record> ArchiveFile::recordAt(qint64 offset) {
  const auto bytesAt = [&](qint64 at, qint64 count) { return m_file.seek(at) ? m_file.read(count) : QByteArray(); };
  const QByteArray head = bytesAt(offset, kHeadBytes);
  if (head.size() != kHeadBytes || !head.startsWith(kRecordMagic)) return std::nullopt;
  const qint64 nameBytes = qFromLittleEndian<quint32>(head.constData() + 5);
  if (nameBytes > kNameBytes) return std::nullopt;
  const QByteArray name = m_file.read(nameBytes);
  if (m_file.read(kCheckBytes) != checkOf(head + name)) return std::nullopt;
  const auto kind = quint8(head[4]);
  Record record;
  record.offset = offset;
  record.name = QString::fromUtf8(name);
  record.isRemoval = kind == kRemoval;
  record.hasWeights = kind == kModel;
  record.jsonBytes = qint64(qFromLittleEndian<quint64>(head.constData() + 9));
  record.weightBytes = qint64(qFromLittleEndian<quint64>(head.constData() + 17));
  record.saved = QDateTime::fromMSecsSinceEpoch(qFromLittleEndian<qint64>(head.constData() + 25), Qt::UTC);
  if (record.jsonBytes < 0 || record.jsonBytes > kLargest || record.weightBytes < 0 || record.weightBytes > kLargest)
    return std::nullopt;
  if (record.end() > m_file.size()) {
    m_torn = offset;
    return std::nullopt;
  }
  // One with another behind it was written to its end; the last one, and one before a gap, are looked at in full.
  if (bytesAt(record.end(), 4) == QByteArray(kRecordMagic, 4) || isWhole(record)) return record;
  return std::nullopt;
}

qint64 ArchiveFile::nextMagic(qint64 from) {
  QByteArray window;
  for (qint64 at = from; m_file.seek(at); at += kPiece) {
    window = m_file.read(kPiece + 3);  // a magic may lie across two pieces
    if (const qsizetype found = window.indexOf(kRecordMagic); found >= 0) return at + found;
    if (window.size() < kPiece + 3) return -1;
  }
  return -1;
}

std::vector<ArchiveFile::Record> ArchiveFile::models() const {
  std::vector<Record> newest;
  for (const Record& record : m_records) {
    std::erase_if(newest, [&](const Record& one) { return one.name == record.name; });
    if (!record.isRemoval) newest.push_back(record);
  }
  return newest;
}

std::optional<ArchiveFile::Record> ArchiveFile::find(const QString& name) const {
  const auto last =
      std::find_if(m_records.rbegin(), m_records.rend(), [&](const Record& one) { return one.name == name; });
  if (last == m_records.rend() || last->isRemoval) return std::nullopt;
  return *last;
}

QByteArray ArchiveFile::json(const Record& record) {
  return m_file.seek(record.jsonOffset()) ? m_file.read(record.jsonBytes) : QByteArray();
}

QByteArray ArchiveFile::weights(const Record& record) {
  return m_file.seek(record.jsonOffset() + record.jsonBytes) ? m_file.read(record.weightBytes) : QByteArray();
}

bool ArchiveFile::isWhole(const Record& record) {
  QCryptographicHash hash(QCryptographicHash::Sha256);
  if (!m_file.seek(record.offset)) return false;
  for (qint64 left = record.end() - kHashBytes - record.offset; left > 0;) {
    const QByteArray piece = m_file.read(std::min(left, kPiece));
    if (piece.isEmpty()) return false;
    hash.addData(piece);
    left -= piece.size();
  }
  return m_file.read(kHashBytes) == hash.result();
}

bool ArchiveFile::writeAll(const QByteArray& bytes) {
  const char* next = bytes.constData();
  for (qsizetype left = bytes.size(); left > 0;) {
    const ssize_t written = ::write(m_file.handle(), next, std::size_t(std::min<qsizetype>(left, 1 << 30)));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    next += written;
    left -= written;
  }
  return true;
}

/// A torn record's missing bytes must not be found in the record behind it.
bool ArchiveFile::cutTornRecord() {
  return m_torn < m_end || ::ftruncate(m_file.handle(), m_torn) == 0;
}

bool ArchiveFile::writeRecord(const QByteArray& head, const QByteArray& json, const QByteArray& weights) {
  QCryptographicHash hash(QCryptographicHash::Sha256);
  for (const QByteArray& part : {head, json, weights}) hash.addData(part);
  return writeAll(head) && writeAll(json) && writeAll(weights) && writeAll(hash.result()) &&
         ::fsync(m_file.handle()) == 0;
}

bool ArchiveFile::append(bool isRemoval, const QString& name, const QByteArray& json, const QByteArray& weights,
                         bool hasWeights) {
  if (!m_problem.isEmpty()) return false;
  const QByteArray utf8 = name.toUtf8();
  const quint8 kind = isRemoval ? kRemoval : hasWeights ? kModel : kModelWithoutWeights;
  QByteArray head = headOf(kind, utf8.size(), json.size(), weights.size(), QDateTime::currentMSecsSinceEpoch()) + utf8;
  head += checkOf(head);
  const bool isNew = m_file.size() < 8;
  const bool isClean = cutTornRecord();
  const qint64 end = isNew ? 0 : m_file.size();
  // A gap behind damage has reading look at what lies before it in full.
  const QByteArray before = isNew ? QByteArray(kMagic, 8) : QByteArray(end > m_end ? kGapBytes : 0, '\0');
  const bool isAdded =
      isClean && ::lseek(m_file.handle(), end, SEEK_SET) == end && writeAll(before) && writeRecord(head, json, weights);
  if (!isAdded) {
    const int code = errno;
    m_isFull = code == ENOSPC || code == EDQUOT || code == EFBIG;
    m_problem = QStringLiteral("Not saved: %1: %2. What it held is unchanged.")
                    .arg(m_file.fileName(), QString::fromLocal8Bit(std::strerror(code)));
    [[maybe_unused]] const int cut = ::ftruncate(m_file.handle(), end);  // else it is passed over in reading
    return false;
  }
  if (isNew) {
    const int folder =
        ::open(QFile::encodeName(QFileInfo(m_file.fileName()).absolutePath()).constData(), O_RDONLY | O_DIRECTORY);
    if (folder >= 0) {
      ::fsync(folder);
      ::close(folder);
    }
  }
  return true;
}

}  // namespace layersmith
