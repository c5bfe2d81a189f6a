#include "model/data/RawDataBytes.h"

#include "model/core/Error.h"

#include <QDataStream>
#include <QIODevice>

#include <algorithm>
#include <limits>
#include <numeric>

namespace layersmith {

namespace {

constexpr quint32 kMagic = 0x4C535244;  // "LSRD"
constexpr auto kVersion = QDataStream::Qt_6_4;

// Arrays are the bytes of this machine: what a program left behind is read where it was written.
template <class Value>
void writeArray(QDataStream& stream, const std::vector<Value>& values) {
  stream << QByteArray::fromRawData(reinterpret_cast<const char*>(values.data()),
                                    qsizetype(values.size() * sizeof(Value)));
}

template <class Value>
std::vector<Value> readArray(QDataStream& stream) {
  QByteArray bytes;
  stream >> bytes;
  std::vector<Value> values(std::size_t(bytes.size()) / sizeof(Value));
  std::copy_n(bytes.constData(), values.size() * sizeof(Value), reinterpret_cast<char*>(values.data()));
  return values;
}

std::int64_t sizeOf(const RawData& raw) {
  std::int64_t bytes = std::int64_t(raw.pixels.size() + raw.labels.size() * sizeof(raw.labels[0]));
  for (const RawData::Column& column : raw.columns) {
    bytes += std::int64_t(column.numbers.size() * sizeof(double));
    for (const QString& text : column.texts) bytes += 2 * text.size() + 4;
  }
  return bytes;
}

bool fitsTogether(const RawData& raw) {
  for (const RawData::Column& column : raw.columns) {
    if (std::int64_t(column.numbers.size()) != raw.rows) return false;
    const auto isText = [&](double number) { return number >= -1 && number < double(column.texts.size()); };
    if (!column.isNumeric && !std::ranges::all_of(column.numbers, isText)) return false;
  }
  if (!raw.isImages()) return true;
  const auto& shape = raw.imageShape;
  const std::int64_t pixels = std::accumulate(shape.begin(), shape.end(), raw.rows, std::multiplies<>());
  return shape.size() == 3 && std::int64_t(raw.labels.size()) == raw.rows && std::int64_t(raw.pixels.size()) == pixels;
}

}  // namespace

QByteArray rawDataBytes(const RawData& raw) {
  if (sizeOf(raw) >= std::numeric_limits<qint32>::max())
    throw Error(ErrorKind::LimitExceeded, "The recovery copy of the data was not written: it is over 2 GiB.", "E130");
  QByteArray bytes;
  bytes.reserve(sizeOf(raw) + 4096);
  QDataStream stream(&bytes, QIODevice::WriteOnly);
  stream.setVersion(kVersion);
  stream << kMagic << quint32(raw.columns.size());
  for (const RawData::Column& column : raw.columns) {
    stream << column.name << column.isNumeric << column.texts << qint64(column.missing) << column.isConstant;
    writeArray(stream, column.numbers);
  }
  writeArray(stream, raw.pixels);
  writeArray(stream, raw.imageShape);
  writeArray(stream, raw.labels);
  stream << qint64(raw.rows) << raw.hasColumnNames << raw.remarks;
  return bytes;
}

std::shared_ptr<const RawData> rawDataFrom(const QByteArray& bytes) {
  QDataStream stream(bytes);
  stream.setVersion(kVersion);
  quint32 magic = 0, columns = 0;
  stream >> magic >> columns;
  auto raw = std::make_shared<RawData>();
  qint64 missing = 0, rows = 0;
  while (magic == kMagic && columns-- > 0 && stream.status() == QDataStream::Ok) {
    RawData::Column& column = raw->columns.emplace_back();
    stream >> column.name >> column.isNumeric >> column.texts >> missing >> column.isConstant;
    column.missing = missing;
    column.numbers = readArray<double>(stream);
  }
  raw->pixels = readArray<std::uint8_t>(stream);
  raw->imageShape = readArray<std::int64_t>(stream);
  raw->labels = readArray<std::int32_t>(stream);
  stream >> rows >> raw->hasColumnNames >> raw->remarks;
  raw->rows = rows;
  if (magic != kMagic || stream.status() != QDataStream::Ok || !fitsTogether(*raw))
    throw Error(ErrorKind::Format, "The recovery copy of the data is damaged.");
  return raw;
}

}  // namespace layersmith
