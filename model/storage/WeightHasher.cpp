#include "model/storage/WeightHasher.h"

#include "model/storage/Sha256.h"

#include <algorithm>

namespace layersmith {

namespace {

constexpr int kWorkers = 2;  // more would wait for the disk and the memory

}  // namespace

WeightHasher::WeightHasher(WeightBytes bytes, const std::vector<std::int64_t>& fileBytes, std::int64_t filled,
                           std::int64_t chunkBytes)
    : m_bytes(std::move(bytes)), m_files(fileBytes.size()), m_mark(filled) {
  std::int64_t offset = 0;
  for (std::size_t file = 0; file < fileBytes.size(); ++file) {
    const std::int64_t end = offset + fileBytes[file];
    const std::int64_t step = chunkBytes > 0 ? chunkBytes : std::max<std::int64_t>(fileBytes[file], 1);
    do {
      const std::int64_t count = std::min(step, end - offset);
      m_chunks.push_back({offset, count, file, {}});
      offset += count;
    } while (offset < end);
  }
  for (int i = 0; i < kWorkers; ++i) m_workers.push_back(std::async(std::launch::async, [this] { work(); }));
}

WeightHasher::~WeightHasher() {
  m_mark.stop();
  for (const std::future<void>& worker : m_workers)
    if (worker.valid()) worker.wait();
}

void WeightHasher::work() {
  constexpr std::int64_t kStep = kHashChunkBytes;
  Sha256 hash;
  for (std::size_t index = m_next++; index < m_chunks.size(); index = m_next++) {
    Chunk& chunk = m_chunks[index];
    for (std::int64_t done = 0; done < chunk.bytes; done += kStep) {
      const std::int64_t count = std::min(kStep, chunk.bytes - done);
      if (!m_mark.waitFor(chunk.offset + done + count)) return;
      hash.add(m_bytes.sliced(chunk.offset + done, count));
    }
    chunk.sha256 = hash.result();
  }
}

const std::vector<QByteArray>& WeightHasher::digests() {
  if (m_workers.empty()) return m_digests;
  for (std::future<void>& worker : m_workers) worker.get();
  m_workers.clear();
  std::size_t next = 0;
  for (std::size_t file = 0; file < m_files; ++file) {
    QByteArray digest = m_chunks[next].sha256;
    Sha256 tree;
    std::size_t count = 0;
    for (; next < m_chunks.size() && m_chunks[next].file == file; ++next, ++count) tree.add(m_chunks[next].sha256);
    m_digests.push_back(count > 1 ? tree.result() : std::move(digest));
  }
  return m_digests;
}

}  // namespace layersmith
