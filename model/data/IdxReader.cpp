#include "model/core/Limits.h"
#include "model/data/ByteSource.h"
#include "model/data/CellText.h"
#include "model/data/DataErrors.h"
#include "model/data/Readers.h"

#include <QFileInfo>

#include <array>

// IDX: two zero bytes, a type byte (8: unsigned byte), the number of axes, each axis as 32 bits big-endian, the values.
namespace layersmith {

namespace {

struct IdxFile {
  QString name;
  std::vector<std::int64_t> dims;
  std::vector<std::uint8_t> values;
};

std::int64_t bigEndian(std::span<const std::uint8_t> bytes) {
  return std::int64_t(bytes[0]) << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
}

std::vector<std::int64_t> readDims(ByteSource& source, const QString& name) {
  std::array<std::uint8_t, 4> magic{};
  if (source.read(magic) < magic.size()) throw dataError(name, "too short for an IDX file: the header has 4 bytes.");
  if (magic[0] != 0 || magic[1] != 0)
    throw wrongKindError(name, "something else", "an IDX file", "IDX files begin with two zero bytes.");
  if (magic[2] != 0x08)
    throw dataError(name, "the values are of type " + std::to_string(magic[2]) + "; only unsigned bytes (8) are read.");
  const int rank = magic[3];
  if (rank < 1 || rank > limits::kIdxDims)
    throw dataError(name, "the header names " + std::to_string(rank) + " axes; 1 to 8 are possible.");
  std::vector<std::uint8_t> bytes(std::size_t(rank) * 4);
  if (source.read(bytes) < bytes.size()) throw dataError(name, "the file ends within its header.");
  std::vector<std::int64_t> dims;
  for (int i = 0; i < rank; ++i) dims.push_back(bigEndian(std::span(bytes).subspan(std::size_t(i) * 4, 4)));
  return dims;
}

std::uint64_t product(const std::vector<std::int64_t>& dims, const QString& name) {
  std::uint64_t total = 1;
  for (std::int64_t dim : dims)
    if (__builtin_mul_overflow(total, std::uint64_t(dim), &total) || total > std::uint64_t(limits::kDecompressedBytes))
      throw limitError(name, "the number of values in the header",
                       std::int64_t(std::min<std::uint64_t>(total, INT64_MAX)), limits::kDecompressedBytes);
  return total;
}

IdxFile readFile(const QString& path) {
  const auto source = ByteSource::open(path);
  IdxFile file{QFileInfo(path).fileName(), {}, {}};
  file.dims = readDims(*source, file.name);
  const std::uint64_t expected = product(file.dims, file.name);
  file.values = readBytes(*source, expected);
  std::array<std::uint8_t, 1> surplus{};
  const bool isLonger = file.values.size() == expected && source->read(surplus) > 0;
  if (file.values.size() < expected || isLonger)
    throw Error(
        ErrorKind::Format,
        file.name.toStdString() + ": the header names " + grouped(std::int64_t(expected)) + " values, the file holds " +
            (isLonger ? "more" : "only " + grouped(std::int64_t(file.values.size()))) + ". Copy or download it again.",
        "E110", file.name.toStdString());
  return file;
}

}  // namespace

std::shared_ptr<const RawData> readIdx(const QString& imagesPath, const QString& labelsPath) {
  IdxFile images = readFile(imagesPath);
  const std::size_t rank = images.dims.size();
  if (rank != 3 && rank != 4)
    throw dataError(images.name, "images need 3 axes (count, height, width) or 4 (and channels); the header names " +
                                     std::to_string(rank) + ".");
  IdxFile labels = readFile(labelsPath);
  if (labels.dims.size() != 1)
    throw dataError(labels.name, "labels need 1 axis; the header names " + std::to_string(labels.dims.size()) + ".");
  if (labels.dims[0] != images.dims[0])
    throw dataError(labels.name, grouped(labels.dims[0]) + " labels for " + grouped(images.dims[0]) + " images in " +
                                     images.name.toStdString() + ".");
  if (images.values.empty()) throw dataError(images.name, "there are no images in it.");

  auto raw = std::make_shared<RawData>();
  raw->rows = images.dims[0];
  raw->imageShape = {images.dims[1], images.dims[2], rank == 4 ? images.dims[3] : 1};
  raw->pixels = std::move(images.values);
  raw->labels.assign(labels.values.begin(), labels.values.end());
  return raw;
}

}  // namespace layersmith
