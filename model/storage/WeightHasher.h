#pragma once

#include "model/format/WeightBytes.h"
#include "model/storage/FillMark.h"

#include <QByteArray>

#include <atomic>
#include <cstdint>
#include <future>
#include <vector>

namespace layersmith {

/// The digest of every weight file, found on threads of its own beside the reading or writing of the same bytes. Of a
/// file up to kHashChunkBytes it is the SHA-256 of its bytes. A larger one is cut into chunks of that size, and its
/// digest is the SHA-256 of the chunks' SHA-256 one after the other: so two processors share the work.
class WeightHasher {
 public:
  static constexpr std::int64_t kHashChunkBytes = std::int64_t(4) << 20;

  /// `bytes` may still be filled from the front: the first `filled` are there. `fileBytes` divides them into files.
  /// `chunkBytes`: 0 hashes every file in one piece, as older saves did.
  WeightHasher(WeightBytes bytes, const std::vector<std::int64_t>& fileBytes, std::int64_t filled,
               std::int64_t chunkBytes = kHashChunkBytes);
  ~WeightHasher();  ///< stops within a chunk
  WeightHasher(const WeightHasher&) = delete;
  WeightHasher& operator=(const WeightHasher&) = delete;

  void advance(std::int64_t filled) { m_mark.advance(filled); }  ///< bytes below it do not change any more

  /// One a file, in order. Waits. REQUIRES: all bytes are filled in.
  const std::vector<QByteArray>& digests();

 private:
  struct Chunk {
    std::int64_t offset = 0;
    std::int64_t bytes = 0;
    std::size_t file = 0;
    QByteArray sha256;
  };
  void work();

  WeightBytes m_bytes;
  std::size_t m_files;
  FillMark m_mark;
  std::vector<Chunk> m_chunks;
  std::atomic<std::size_t> m_next = 0;
  std::vector<std::future<void>> m_workers;
  std::vector<QByteArray> m_digests;
};

}  // namespace layersmith
