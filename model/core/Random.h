#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace layersmith {

/// Counter-based random numbers: Philox 4x32-10 (Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", SC
/// 2011). The value at a counter depends only on (seed, stream, counter), so any thread can draw any element, and a
/// resumed run continues exactly. `stream` names the use: a layer id, a purpose, a step. Thread rule: immutable; use
/// from any thread.
class Random {
 public:
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0) : m_seed(seed), m_stream(stream) {}

  Random withStream(std::uint64_t stream) const { return Random(m_seed, stream); }

  std::array<std::uint32_t, 4> block(std::uint64_t counter) const;      ///< 128 fresh bits
  std::uint32_t bits(std::uint64_t index) const;                        ///< word `index % 4` of block `index / 4`
  double uniform(std::uint64_t index) const;                            ///< in [0, 1), 32 bits
  double normal(std::uint64_t index) const;                             ///< mean 0, deviation 1 (Box-Muller)
  double truncatedNormal(std::uint64_t index) const;                    ///< normal, redrawn until within 2 deviations
  std::uint32_t below(std::uint64_t index, std::uint32_t bound) const;  ///< in [0, bound)

  std::vector<std::uint32_t> permutation(std::uint32_t count) const;  ///< Fisher-Yates of 0 .. count - 1

 private:
  std::uint64_t m_seed;
  std::uint64_t m_stream;
};

}  // namespace layersmith
