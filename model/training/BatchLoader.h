#pragma once

#include "model/nn/Arena.h"
#include "model/training/TrainingData.h"

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// A batch of samples, put together: one array per input and per target, sample after sample.
struct Batch {
  std::vector<Scalar*> xs;
  std::vector<Scalar*> ys;
  std::size_t count = 0;  ///< samples
};

/// Puts the batches of a pass together in two places by turns: while one is worked on, a thread of its own fills the
/// other. Small batches are put together when they are asked for: waking a thread would cost more.
/// Thread rule: one thread; the data must outlive the passes over it and not change.
class BatchLoader {
 public:
  explicit BatchLoader(std::size_t batchSize);
  ~BatchLoader();
  BatchLoader(const BatchLoader&) = delete;
  BatchLoader& operator=(const BatchLoader&) = delete;

  /// Begins a pass over the samples in this order; `order` must stay until the last batch was taken.
  void start(const TrainingData& data, std::span<const std::uint32_t> order);

  /// The next batch; nullptr after the last. It stays good until the next call.
  const Batch* next();

 private:
  struct Place {
    Arena memory;
    Batch batch;
  };

  void makePlaces(const TrainingData& data);
  void fill(std::size_t number);
  void work();
  void finish();
  std::size_t batches() const { return (m_order.size() + m_batchSize - 1) / m_batchSize; }

  const std::size_t m_batchSize;
  const TrainingData* m_data = nullptr;
  std::span<const std::uint32_t> m_order;
  Place m_places[2];
  std::vector<std::int64_t> m_sizes;  // of a sample of each input and target, as the places were made for
  std::size_t m_next = 0;             // batch that next() gives

  std::thread m_worker;  // none: batches are small
  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::size_t m_wanted = 0;  // batches that may be filled
  std::size_t m_filled = 0;  // batches that are
  bool m_isEnding = false;
};

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith
