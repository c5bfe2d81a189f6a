#include "model/data/ByteSource.h"
#include "model/data/DataErrors.h"
#include "model/data/Readers.h"

#include <QFileInfo>

#include <array>
#include <bit>
#include <cstring>
#include <functional>

// NPY (numpy/lib/format.py): "\x93NUMPY", version, header length, a Python dict as text, the values. The dict is read
// by its three keys and never evaluated; object arrays are refused.
namespace layersmith {

namespace {

constexpr std::size_t kHeaderBytes = 64 * 1024;

struct NpyHeader {
  std::string descr;
  bool isFortranOrder = false;
  Shape shape;
};

std::string_view valueOf(std::string_view header, std::string_view key, const QString& name) {
  const auto at = header.find("'" + std::string(key) + "'");
  const auto colon = at == std::string_view::npos ? at : header.find(':', at);
  if (colon == std::string_view::npos) throw dataError(name, "the NPY header lacks '" + std::string(key) + "'.");
  const auto start = header.find_first_not_of(' ', colon + 1);
  return start == std::string_view::npos ? std::string_view() : header.substr(start);
}

NpyHeader parseHeader(std::string_view text, const QString& name) {
  NpyHeader header;
  const std::string_view descr = valueOf(text, "descr", name);
  if (descr.starts_with('\'')) header.descr = descr.substr(1, descr.find('\'', 1) - 1);
  header.isFortranOrder = valueOf(text, "fortran_order", name).starts_with("True");
  std::string_view shape = valueOf(text, "shape", name);
  const auto close = shape.find(')');
  if (!shape.starts_with('(') || close == std::string_view::npos)
    throw dataError(name, "the NPY header's shape is damaged.");
  shape = shape.substr(1, close - 1);
  std::int64_t dim = -1;
  for (char c : std::string(shape) + ',') {
    if (c >= '0' && c <= '9') {
      dim = std::max<std::int64_t>(dim, 0) * 10 + (c - '0');
      if (dim > (std::int64_t(1) << 40)) throw limitError(name, "an axis of the NPY shape", dim, std::int64_t(1) << 40);
    } else if (c == ',' && dim >= 0) {
      header.shape.push_back(dim);
      dim = -1;
    } else if (c != ' ' && c != ',') {
      throw dataError(name, "the NPY header's shape is damaged.");
    }
  }
  if (header.shape.size() > 8) throw limitError(name, "the number of axes", std::int64_t(header.shape.size()), 8);
  return header;
}

NpyHeader readHeader(ByteSource& source, const QString& name) {
  std::array<std::uint8_t, 8> magic{};
  if (source.read(magic) < magic.size() || std::memcmp(magic.data(), "\x93NUMPY", 6) != 0)
    throw wrongKindError(name, "something else", "an NPY file", "Write it with numpy.save().");
  std::array<std::uint8_t, 4> lengthBytes{};
  const std::size_t lengthSize = magic[6] >= 2 ? 4 : 2;
  source.read(std::span(lengthBytes).first(lengthSize));
  const std::size_t length =
      lengthBytes[0] | lengthBytes[1] << 8 | lengthBytes[2] << 16 | std::size_t(lengthBytes[3]) << 24;
  if (length > kHeaderBytes)
    throw limitError(name, "the NPY header's length in bytes", std::int64_t(length), kHeaderBytes);
  const auto bytes = readBytes(source, length);
  if (bytes.size() < length) throw dataError(name, "the file ends within its header.");
  return parseHeader({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, name);
}

template <class T>
Scalar valueAt(const std::uint8_t* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return Scalar(value);
}

struct NpyType {
  std::string_view descr;
  std::size_t bytes;
  Scalar (*read)(const std::uint8_t*);
  DType dtype;
};

const NpyType& typeOf(const std::string& descr, const QString& name) {
  static constexpr std::array<NpyType, 8> kTypes = {{{"<f4", 4, valueAt<float>, DType::Float32},
                                                     {"<f8", 8, valueAt<double>, DType::Float32},
                                                     {"<i4", 4, valueAt<std::int32_t>, DType::Int32},
                                                     {"<i8", 8, valueAt<std::int64_t>, DType::Int32},
                                                     {"<u2", 2, valueAt<std::uint16_t>, DType::Int32},
                                                     {"|u1", 1, valueAt<std::uint8_t>, DType::Int32},
                                                     {"|i1", 1, valueAt<std::int8_t>, DType::Int32},
                                                     {"|b1", 1, valueAt<std::uint8_t>, DType::Bool}}};
  static_assert(std::endian::native == std::endian::little);
  for (const NpyType& type : kTypes)
    if (type.descr == descr) return type;
  throw Error(ErrorKind::Unsupported,
              name.toStdString() + " holds values of type '" + descr.substr(0, 20) +
                  "'; float32, float64, integers and booleans are read.",
              "E140");
}

}  // namespace

Tensor readNpy(const QString& path) {
  const QString name = QFileInfo(path).fileName();
  const auto source = ByteSource::open(path);
  const NpyHeader header = readHeader(*source, name);
  if (header.isFortranOrder && header.shape.size() > 1)
    throw Error(ErrorKind::Unsupported, name.toStdString() + " is in Fortran order. Save numpy.ascontiguousarray(x).",
                "E140");
  const NpyType& type = typeOf(header.descr, name);
  const std::int64_t count = elementCount(header.shape);
  const auto bytes = readBytes(*source, std::uint64_t(count) * type.bytes + 1);
  if (bytes.size() != std::size_t(count) * type.bytes)
    throw Error(ErrorKind::Format,
                name.toStdString() + ": the header names " + std::to_string(count) + " values, the file holds " +
                    (bytes.size() > std::size_t(count) * type.bytes ? "more" : "fewer") + ".",
                "E110");
  std::vector<Scalar> values(std::size_t(count), Scalar(0));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = type.read(bytes.data() + i * type.bytes);
  Tensor tensor(header.shape, std::move(values));
  tensor.dtype = type.dtype;
  return tensor;
}

}  // namespace layersmith
