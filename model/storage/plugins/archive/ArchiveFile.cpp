#include "model/storage/plugins/archive/ArchiveFile.h"

#include <QCryptographicHash>
#include <QDeadlineTimer>
#include <QDir>
#include <QFileInfo>
#include <QThread>
#include <QtEndian>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace layersmith {

namespace {

constexpr char kMagic[] = "LSARCH1\n";
constexpr char kRecordMagic[] = "LSRC";
constexpr char kGapMagic[] = "LSGP";
constexpr qint64 kHeadBytes = 4 + 1 + 4 + 8 + 8 + 8;
constexpr qint64 kCheckBytes = 8;
constexpr qint64 kHashBytes = 32;
constexpr qint64 kGapBytes = 4 + 8 + 4;
constexpr quint8 kModel = 1, kRemoval = 2, kModelWithoutWeights = 3;
constexpr qint64 kLargest = qint64(1) << 40;
constexpr qint64 kNameBytes = 1024;
constexpr qint64 kPiece = 1 << 20;

QByteArray checkOf(const QByteArray& bytes, qint64 length = kCheckBytes) {
  return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).left(length);
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

QByteArray gapOf(qint64 badFrom) {
  QByteArray gap(12, '\0');
  std::memcpy(gap.data(), kGapMagic, 4);
  qToLittleEndian(quint64(badFrom), gap.data() + 4);
  return gap + checkOf(gap, 4);
}

}  // namespace

qint64 ArchiveFile::Record::jsonOffset() const {
  return offset + kHeadBytes + name.toUtf8().size() + kCheckBytes;
}

qint64 ArchiveFile::Record::end() const {
  return jsonOffset() + jsonBytes + weightBytes + kHashBytes;
}

ArchiveFile::ArchiveFile(const QString& path, bool isForWriting, std::chrono::milliseconds longestWait) : m_file(path) {
  if (isForWriting) QDir().mkpath(QFileInfo(path).absolutePath());
  if (!isForWriting && !m_file.exists()) return;
  if (!m_file.open(isForWriting ? QIODevice::ReadWrite : QIODevice::ReadOnly))
    fail(Trouble::Io, QStringLiteral("%1: %2. Nothing was changed.").arg(path, m_file.errorString()));
  else if (lock(isForWriting, longestWait))
    readRecords();
}

ArchiveFile::~ArchiveFile() = default;

void ArchiveFile::fail(Trouble trouble, const QString& problem) {
  m_trouble = trouble;
  m_problem = problem;
}

bool ArchiveFile::lock(bool isForWriting, std::chrono::milliseconds longestWait) {
  const QDeadlineTimer deadline(longestWait);
  while (::flock(m_file.handle(), (isForWriting ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK && !isForWriting) return true;  // a file system without locks: nobody writes there
    if (errno != EWOULDBLOCK) {
      fail(Trouble::Io,
           QStringLiteral("%1 cannot be locked: %2. Writing could mix it with what another program writes. "
                          "Nothing was changed. Save to another disk.")
               .arg(m_file.fileName(), QString::fromLocal8Bit(std::strerror(errno))));
      return false;
    }
    if (deadline.hasExpired()) {
      fail(Trouble::Busy, QStringLiteral("%1 is in use by another program. Nothing was changed. Try again in a moment.")
                              .arg(m_file.fileName()));
      return false;
    }
    QThread::msleep(20);
  }
  return true;
}

QByteArray ArchiveFile::bytesAt(qint64 offset, qint64 count) {
  const QByteArray bytes = m_file.seek(offset) ? m_file.read(count) : QByteArray();
  if (bytes.size() < std::min(count, m_file.size() - offset))  // of this disk now: it is no damage
    fail(Trouble::Io, QStringLiteral("%1 cannot be read at byte %2: %3. Nothing was changed. Try again, or look after "
                                     "its disk.")
                          .arg(m_file.fileName(), QString::number(offset), m_file.errorString()));
  return bytes;
}

void ArchiveFile::readRecords() {
  const QByteArray magic(kMagic, 8);
  const QByteArray found = bytesAt(0, 8);
  if (found.size() < 8 && magic.startsWith(found)) return;  // empty, or cut short when it was made
  if (found != magic)
    return fail(Trouble::NoArchive, QStringLiteral("%1 is no archive of models.").arg(m_file.fileName()));
  for (qint64 at = 8; at >= 0 && at < m_file.size();) {
    if (const auto badFrom = gapAt(at)) {
      judge(m_bad, std::min(*badFrom, at));
      m_bad = -1;
      m_end = at = at + kGapBytes;
    } else if (auto record = headAt(at)) {
      judge(m_bad, at);
      m_bad = -1;
      at = pass(std::move(*record));
    } else {
      m_bad = at;
      at = nextStart(at + 1);
    }
  }
}

void ArchiveFile::judge(qint64 badFrom, qint64 to) {
  if (badFrom < 0 || badFrom >= to) return;
  m_damage = badFrom;
  m_end = to;
}

qint64 ArchiveFile::pass(Record record) {
  const qint64 at = record.offset, end = record.end();
  if (end > m_file.size()) {
    m_torn = m_bad = at;
    return nextStart(at + 1);
  }
  // One with another behind it was written to its end; any other is looked at in full.
  const bool isKept = bytesAt(end, 4) == QByteArray(kRecordMagic, 4) || isWhole(record);
  const bool isFollowed = isStart(end);
  if (!isKept && !isFollowed && m_file.size() - end <= kGapBytes) return -1;  // a gap may be torn too
  // Bytes of a damaged one may be gone, and the next one lie before its end.
  const qint64 next = isKept || isFollowed ? end : nextStart(at + 1);
  if (const auto badFrom = gapAt(next); !isKept && badFrom && *badFrom <= at) return next;
  record.isDamaged = !isKept;
  m_records.push_back(std::move(record));
  m_end = end;
  if (!isKept && (next < 0 || next > end)) m_bad = end;
  return next;
}

std::optional<qint64> ArchiveFile::gapAt(qint64 offset) {
  if (offset < 0) return std::nullopt;
  const QByteArray gap = bytesAt(offset, kGapBytes);
  if (gap.size() != kGapBytes || !gap.startsWith(kGapMagic) || !gap.endsWith(checkOf(gap.left(12), 4)))
    return std::nullopt;
  return qint64(qFromLittleEndian<quint64>(gap.constData() + 4));
}

std::optional<ArchiveFile::Record> ArchiveFile::headAt(qint64 offset) {
  const QByteArray head = bytesAt(offset, kHeadBytes);
  if (head.size() != kHeadBytes || !head.startsWith(kRecordMagic)) return std::nullopt;
  const qint64 nameBytes = qFromLittleEndian<quint32>(head.constData() + 5);
  if (nameBytes > kNameBytes) return std::nullopt;
  const QByteArray name = bytesAt(offset + kHeadBytes, nameBytes);
  if (bytesAt(offset + kHeadBytes + nameBytes, kCheckBytes) != checkOf(head + name)) return std::nullopt;
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
  return record;
}

bool ArchiveFile::isStart(qint64 offset) {
  return headAt(offset) || gapAt(offset);
}

qint64 ArchiveFile::nextStart(qint64 from) {
  for (qint64 at = from; at < m_file.size(); at += kPiece) {
    const QByteArray window = bytesAt(at, kPiece + 3);  // a magic may lie across two pieces
    for (qsizetype found = -1; (found = window.indexOf("LS", found + 1)) >= 0;)
      if (found < kPiece && isStart(at + found)) return at + found;
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
  return bytesAt(record.jsonOffset(), record.jsonBytes);
}

QByteArray ArchiveFile::weights(const Record& record) {
  return bytesAt(record.jsonOffset() + record.jsonBytes, record.weightBytes);
}

bool ArchiveFile::isWhole(const Record& record) {
  QCryptographicHash hash(QCryptographicHash::Sha256);
  const qint64 end = record.end() - kHashBytes;
  for (qint64 at = record.offset; at < end;) {
    const QByteArray piece = bytesAt(at, std::min(end - at, kPiece));
    if (piece.isEmpty()) return false;
    hash.addData(piece);
    at += piece.size();
  }
  return bytesAt(end, kHashBytes) == hash.result();
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
  return writeAll(head) && writeAll(json) && writeAll(weights) && writeAll(hash.result());
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
  const QByteArray before = isNew ? QByteArray(kMagic, 8) : end > m_end ? gapOf(m_end) : QByteArray();
  const auto sync = [&] { return ::fsync(m_file.handle()) == 0; };
  // A gap is on the disk before the record behind it: torn, that would else look as if all before it had been whole.
  const bool isAdded = isClean && ::lseek(m_file.handle(), end, SEEK_SET) == end && writeAll(before) &&
                       (before.size() != kGapBytes || sync()) && writeRecord(head, json, weights) && sync();
  if (!isAdded) {
    const int code = errno;
    const bool isFull = code == ENOSPC || code == EDQUOT || code == EFBIG;
    fail(isFull ? Trouble::Full : Trouble::Io,
         QStringLiteral("Not saved: %1: %2. What it held is unchanged.")
             .arg(m_file.fileName(), QString::fromLocal8Bit(std::strerror(code))));
    [[maybe_unused]] const int cut = ::ftruncate(m_file.handle(), end);  // else it is passed over in reading
    return false;
  }
  if (isNew) syncFolder();
  return true;
}

void ArchiveFile::syncFolder() const {
  const int folder =
      ::open(QFile::encodeName(QFileInfo(m_file.fileName()).absolutePath()).constData(), O_RDONLY | O_DIRECTORY);
  if (folder < 0) return;
  ::fsync(folder);
  ::close(folder);
}

}  // namespace layersmith
