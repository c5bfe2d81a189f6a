#include "model/benchmark/MachineRates.h"

#include "model/nn/Threads.h"
#include "model/nn/kernels/Product.h"

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

namespace {

constexpr std::int64_t kSize = 1024;
constexpr std::int64_t kTriadElements = 16'000'000;

template <class Body>
std::vector<double> warmed(const RepeatLimits& limits, const Body& body) {
  body();
  return repeatedMs(limits, body);
}

}  // namespace

std::vector<double> sgemmTimes(const RepeatLimits& limits) {
  const std::vector<Scalar> a(std::size_t(kSize * kSize), Scalar(0.5)), b = a;
  std::vector<Scalar> c(a.size());
  const ThreadScope scope(threadCount());
  return warmed(limits,
                [&] { kernels::product(ComputePath::Fast, a.data(), b.data(), c.data(), kSize, kSize, kSize); });
}

std::vector<double> triadTimes(const RepeatLimits& limits) {
  std::vector<float> a(std::size_t(kTriadElements), 0.0F), b(a.size(), 1.0F), c(a.size(), 2.0F);
  const ThreadScope scope(threadCount());
  return warmed(limits, [&] {
    parallelFor(kTriadElements, 1, [&](std::int64_t begin, std::int64_t end) {
#pragma omp simd
      for (std::int64_t i = begin; i < end; ++i) a[std::size_t(i)] = b[std::size_t(i)] + 3 * c[std::size_t(i)];
    });
  });
}

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith
