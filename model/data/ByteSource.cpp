#include "model/data/ByteSource.h"

#include "model/core/Limits.h"
#include "model/data/DataErrors.h"

#include <QFile>
#include <QFileInfo>

#include <zlib.h>
#include <algorithm>
#include <array>

namespace layersmith {

namespace {

class PlainSource : public ByteSource {
 public:
  explicit PlainSource(const QString& path) : m_file(path) {
    if (!m_file.open(QIODevice::ReadOnly)) throw openError(path, m_file.errorString());
  }

  std::size_t read(std::span<std::uint8_t> buffer) override {
    std::size_t done = 0;
    while (done < buffer.size()) {
      const qint64 got = m_file.read(reinterpret_cast<char*>(buffer.data() + done), qint64(buffer.size() - done));
      if (got < 0) throw openError(m_file.fileName(), m_file.errorString());
      if (got == 0) break;
      done += std::size_t(got);
    }
    return done;
  }

  bool isGzip() { return m_file.peek(2) == QByteArrayLiteral("\x1f\x8b"); }
  QString name() const { return QFileInfo(m_file.fileName()).fileName(); }

 private:
  QFile m_file;
};

class GzipSource : public ByteSource {
 public:
  explicit GzipSource(std::unique_ptr<PlainSource> packed) : m_packed(std::move(packed)) {
    constexpr int kGzipOnly = 16;
    if (inflateInit2(&m_stream, kGzipOnly + MAX_WBITS) != Z_OK) throw std::bad_alloc();
  }
  ~GzipSource() override { inflateEnd(&m_stream); }

  std::size_t read(std::span<std::uint8_t> buffer) override {
    m_stream.next_out = buffer.data();
    m_stream.avail_out = uInt(buffer.size());
    while (m_stream.avail_out > 0 && !m_isAtEnd) {
      if (m_stream.avail_in == 0) refill();
      const int status = inflate(&m_stream, Z_NO_FLUSH);
      if (status == Z_STREAM_END) {
        m_isAtEnd = true;
      } else if (status != Z_OK && !(status == Z_BUF_ERROR && m_stream.avail_in == 0)) {
        throw dataError(m_packed->name(), "the gzip data is damaged. Copy or download it again.");
      }
      checkLimits();
    }
    return buffer.size() - m_stream.avail_out;
  }

 private:
  void refill() {
    m_stream.avail_in = uInt(m_packed->read(m_input));
    m_stream.next_in = m_input.data();
    if (m_stream.avail_in == 0)
      throw dataError(m_packed->name(), "the gzip data ends early. Copy or download it again.");
  }

  void checkLimits() const {
    const auto out = std::int64_t(m_stream.total_out);
    const auto in = std::int64_t(m_stream.total_in);
    if (out > limits::kDecompressedBytes)
      throw limitError(m_packed->name(), "the unpacked size in bytes", out, limits::kDecompressedBytes);
    if (out > limits::kMiB && out / limits::kDecompressionRatio > in)
      throw limitError(m_packed->name(), "the ratio of unpacked to packed bytes", out / std::max<std::int64_t>(in, 1),
                       limits::kDecompressionRatio);
  }

  std::unique_ptr<PlainSource> m_packed;
  z_stream m_stream = {};
  std::array<std::uint8_t, 1 << 16> m_input;
  bool m_isAtEnd = false;
};

}  // namespace

std::unique_ptr<ByteSource> ByteSource::open(const QString& path) {
  auto plain = std::make_unique<PlainSource>(path);
  if (!plain->isGzip()) return plain;
  return std::make_unique<GzipSource>(std::move(plain));
}

std::vector<std::uint8_t> readBytes(ByteSource& source, std::uint64_t count) {
  constexpr std::uint64_t kPiece = 1 << 20;
  std::vector<std::uint8_t> bytes;
  while (bytes.size() < count) {
    const std::size_t before = bytes.size();
    const std::size_t wanted = std::size_t(std::min(kPiece, count - before));
    bytes.resize(before + wanted);
    const std::size_t got = source.read(std::span(bytes).subspan(before));
    if (got < wanted) {
      bytes.resize(before + got);
      break;
    }
  }
  return bytes;
}

}  // namespace layersmith
