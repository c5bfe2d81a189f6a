#include "model/storage/WeightHasher.h"

#include "model/storage/Sha256.h"

#include <algorithm>

namespace layersmith {

namespace {

constexpr std::int64_t kStepBytes = std::int64_t(4) << 20;
constexpr std::int64_t kStop = -1;

}  // namespace

WeightHasher::WeightHasher(WeightBytes bytes, std::vector<std::int64_t> fileBytes, std::int64_t ready)
    : m_bytes(std::move(bytes)), m_fileBytes(std::move(fileBytes)), m_ready(ready) {
  m_result = std::async(std::launch::async, [this] { return hashAll(); });
}

WeightHasher::~WeightHasher() {
  setReady(kStop);
  if (m_result.valid()) m_result.wait();
}

void WeightHasher::setReady(std::int64_t ready) {
  m_ready = ready;
  m_ready.notify_one();
}

const std::vector<QByteArray>& WeightHasher::digests() {
  if (m_result.valid()) m_digests = m_result.get();
  return m_digests;
}

std::int64_t WeightHasher::waitBeyond(std::int64_t done) const {
  m_ready.wait(done);
  return m_ready;
}

std::vector<QByteArray> WeightHasher::hashAll() const {
  std::vector<QByteArray> digests;
  Sha256 hash;
  std::int64_t done = 0;
  for (const std::int64_t fileBytes : m_fileBytes) {
    const std::int64_t end = done + fileBytes;
    while (done < end) {
      const std::int64_t ready = waitBeyond(done);
      if (ready <= done) return {};
      const std::int64_t count = std::min({ready - done, end - done, kStepBytes});
      hash.add(m_bytes.sliced(done, count));
      done += count;
    }
    digests.push_back(hash.result());
  }
  return digests;
}

}  // namespace layersmith
