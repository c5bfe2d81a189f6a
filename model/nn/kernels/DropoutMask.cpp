#include "model/nn/kernels/DropoutMask.h"

#include "model/nn/Threads.h"

#include <algorithm>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

Scalar dropoutFactor(std::uint32_t word, double keep) {
  return word < std::uint64_t(keep * 0x1p32) ? Scalar(1 / keep) : Scalar(0);
}

void dropoutMask(const Random& random, double keep, std::uint64_t first, Scalar* mask, std::int64_t count) {
  parallelFor((count + 3) / 4, 4 * 8, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t block = begin; block < end; ++block) {
      const auto words = random.block(first / 4 + std::uint64_t(block));
      for (std::int64_t i = 0; i < std::min<std::int64_t>(4, count - block * 4); ++i)
        mask[block * 4 + i] = dropoutFactor(words[std::size_t(i)], keep);
    }
  });
}

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith
