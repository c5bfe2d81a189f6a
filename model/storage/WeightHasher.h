#pragma once

#include "model/format/WeightBytes.h"

#include <QByteArray>

#include <atomic>
#include <cstdint>
#include <future>
#include <vector>

namespace layersmith {

/// SHA-256 of every weight file, on a thread of its own beside the reading or writing of the same bytes, so that both
/// together cost what the slower one costs. The destructor stops it within a few MiB.
class WeightHasher {
 public:
  /// `bytes` may still be filled from the front: the first `ready` are there. `fileBytes` divides them into files.
  WeightHasher(WeightBytes bytes, std::vector<std::int64_t> fileBytes, std::int64_t ready);
  ~WeightHasher();
  WeightHasher(const WeightHasher&) = delete;
  WeightHasher& operator=(const WeightHasher&) = delete;

  void setReady(std::int64_t ready);  ///< bytes below it do not change any more

  /// One a file, in order. Waits. REQUIRES: all bytes are ready.
  const std::vector<QByteArray>& digests();

 private:
  std::vector<QByteArray> hashAll() const;
  std::int64_t waitBeyond(std::int64_t done) const;  ///< how many are ready, more than `done`; less: stop

  WeightBytes m_bytes;
  std::vector<std::int64_t> m_fileBytes;
  std::atomic<std::int64_t> m_ready;
  std::future<std::vector<QByteArray>> m_result;
  std::vector<QByteArray> m_digests;
};

}  // namespace layersmith
