#include "model/training/BatchLoader.h"

#include "model/nn/Threads.h"

#include <algorithm>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

namespace {

constexpr std::size_t kWorthAThread = std::size_t(256) << 10;  // bytes of a batch

std::size_t rounded(std::size_t values) {
  return (values * sizeof(Scalar) + 63) / 64 * 64;
}

std::vector<std::int64_t> sampleSizes(const TrainingData& data) {
  std::vector<std::int64_t> sizes;
  for (const auto* tensors : {&data.xs, &data.ys})
    for (const Tensor& tensor : *tensors) sizes.push_back(tensor.sampleSize());
  return sizes;
}

void gather(const Tensor& from, std::span<const std::uint32_t> order, Scalar* to) {
  const auto size = std::size_t(from.sampleSize());
  for (const std::uint32_t index : order) to = std::copy_n(from.values.data() + index * size, size, to);
}

}  // namespace

BatchLoader::BatchLoader(std::size_t batchSize) : m_batchSize(batchSize) {}

BatchLoader::~BatchLoader() {
  finish();
}

/// Ends the worker; it may be in the middle of a batch.
void BatchLoader::finish() {
  if (!m_worker.joinable()) return;
  {
    const std::lock_guard lock(m_mutex);
    m_isEnding = true;
  }
  m_changed.notify_all();
  m_worker.join();
  m_isEnding = false;
}

void BatchLoader::makePlaces(const TrainingData& data) {
  m_sizes = sampleSizes(data);
  const std::size_t samples = std::min(m_batchSize, std::size_t(data.samples()));
  std::size_t bytes = 0;
  for (const std::int64_t size : m_sizes) bytes += rounded(std::size_t(size) * samples);
  for (Place& place : m_places) {
    place.memory = Arena(bytes);
    place.batch = {};
    std::byte* at = place.memory.data();
    for (std::size_t i = 0; i < m_sizes.size(); ++i) {
      auto& arrays = i < data.xs.size() ? place.batch.xs : place.batch.ys;
      arrays.push_back(reinterpret_cast<Scalar*>(at));
      at += rounded(std::size_t(m_sizes[i]) * samples);
    }
  }
}

void BatchLoader::start(const TrainingData& data, std::span<const std::uint32_t> order) {
  finish();
  if (m_sizes != sampleSizes(data)) makePlaces(data);
  m_data = &data;
  m_order = order;
  m_next = m_filled = 0;
  m_wanted = std::min<std::size_t>(batches(), 2);
  if (m_places[0].memory.bytes() >= kWorthAThread && batches() > 1 && threadCount() > 1)
    m_worker = std::thread([this] { work(); });
}

void BatchLoader::fill(std::size_t number) {
  Batch& batch = m_places[number % 2].batch;
  const std::size_t first = number * m_batchSize;
  batch.count = std::min(m_batchSize, m_order.size() - first);
  const auto samples = m_order.subspan(first, batch.count);
  for (std::size_t i = 0; i < m_data->xs.size(); ++i) gather(m_data->xs[i], samples, batch.xs[i]);
  for (std::size_t i = 0; i < m_data->ys.size(); ++i) gather(m_data->ys[i], samples, batch.ys[i]);
}

void BatchLoader::work() {
  std::unique_lock lock(m_mutex);
  while (m_filled < batches()) {
    m_changed.wait(lock, [this] { return m_isEnding || m_filled < m_wanted; });
    if (m_isEnding) return;
    const std::size_t number = m_filled;
    lock.unlock();
    fill(number);
    lock.lock();
    m_filled = number + 1;
    m_changed.notify_all();
  }
}

const Batch* BatchLoader::next() {
  if (m_next == batches()) return nullptr;
  const std::size_t number = m_next++;
  if (!m_worker.joinable()) {
    fill(number);
    return &m_places[number % 2].batch;
  }
  std::unique_lock lock(m_mutex);
  // The batch before this one is done with: its place may take the next.
  m_wanted = std::min(batches(), number + 2);
  m_changed.notify_all();
  m_changed.wait(lock, [&] { return m_filled > number; });
  return &m_places[number % 2].batch;
}

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith
