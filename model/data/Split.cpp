#include "model/data/Split.h"

#include "model/core/Random.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace layersmith {

RowSplit splitRows(const std::vector<std::int64_t>& rows, const std::vector<int>& classes, double fraction,
                   std::uint64_t seed) {
  constexpr std::uint64_t kSplitStream = 0x5350'4c49'5400'0000;  // "SPLIT"
  std::map<int, std::vector<std::int64_t>> groups;
  for (std::size_t i = 0; i < rows.size(); ++i) groups[classes.empty() ? 0 : classes[i]].push_back(rows[i]);

  RowSplit split;
  const auto total = std::int64_t(std::llround(double(rows.size()) * fraction));
  std::int64_t seen = 0, taken = 0;
  for (const auto& [group, members] : groups) {
    // Cumulative rounding: the shares add up to the rounded total.
    seen += std::int64_t(members.size());
    const auto wanted = std::int64_t(std::llround(double(total) * double(seen) / double(rows.size())));
    const auto order = Random(seed, kSplitStream + std::uint64_t(group)).permutation(std::uint32_t(members.size()));
    for (std::uint32_t index : order) {
      auto& side = taken < wanted ? split.validation : split.training;
      if (taken < wanted) ++taken;
      side.push_back(members[index]);
    }
  }
  if (split.training.empty() && !split.validation.empty()) {
    split.training.push_back(split.validation.back());
    split.validation.pop_back();
  }
  std::ranges::sort(split.training);
  std::ranges::sort(split.validation);
  return split;
}

}  // namespace layersmith
