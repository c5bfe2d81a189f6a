#pragma once

#include <QString>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace layersmith {

/// Reads a binary file from its start to its end, unpacking gzip on the way, within the limits on size and ratio.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  /// Fills `buffer` as far as the file goes; fewer bytes only at its end. Errors: Io; Format E140 for damaged gzip;
  /// LimitExceeded E130.
  virtual std::size_t read(std::span<std::uint8_t> buffer) = 0;

  /// Plain or gzip, by the first two bytes. Errors: NotFound, Io.
  static std::unique_ptr<ByteSource> open(const QString& path);
};

/// Up to `count` bytes, taken in pieces so that a lying header costs no memory that the file does not fill.
std::vector<std::uint8_t> readBytes(ByteSource& source, std::uint64_t count);

}  // namespace layersmith
