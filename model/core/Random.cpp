#include "model/core/Random.h"

#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

namespace layersmith {

std::array<std::uint32_t, 4> Random::block(std::uint64_t counter) const {
  std::uint32_t key0 = std::uint32_t(m_seed);
  std::uint32_t key1 = std::uint32_t(m_seed >> 32);
  std::array<std::uint32_t, 4> c = {std::uint32_t(counter), std::uint32_t(counter >> 32), std::uint32_t(m_stream),
                                    std::uint32_t(m_stream >> 32)};
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t(0xD2511F53u) * c[0];
    const std::uint64_t b = std::uint64_t(0xCD9E8D57u) * c[2];
    c = {std::uint32_t(b >> 32) ^ c[1] ^ key0, std::uint32_t(b), std::uint32_t(a >> 32) ^ c[3] ^ key1,
         std::uint32_t(a)};
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  return c;
}

std::uint32_t Random::bits(std::uint64_t index) const {
  return block(index / 4)[index % 4];
}

double Random::uniform(std::uint64_t index) const {
  return bits(index) * 0x1p-32;
}

double Random::normal(std::uint64_t index) const {
  const auto words = block(index);
  const double u = (words[0] + 1.0) * 0x1p-32;  // in (0, 1]: its logarithm is finite
  return std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * words[1] * 0x1p-32);
}

double Random::truncatedNormal(std::uint64_t index) const {
  for (std::uint64_t attempt = 0;; ++attempt) {
    const double value = normal(index + (attempt << 48));
    if (std::abs(value) <= 2) return value;
  }
}

std::uint32_t Random::below(std::uint64_t index, std::uint32_t bound) const {
  return std::uint32_t((std::uint64_t(bits(index)) * bound) >> 32);
}

std::vector<std::uint32_t> Random::permutation(std::uint32_t count) const {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0u);
  for (std::uint32_t i = count; i > 1; --i) std::swap(order[i - 1], order[below(i, i)]);
  return order;
}

}  // namespace layersmith
