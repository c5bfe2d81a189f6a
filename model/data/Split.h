#pragma once

#include <cstdint>
#include <vector>

namespace layersmith {

struct RowSplit {
  std::vector<std::int64_t> training;    ///< ascending
  std::vector<std::int64_t> validation;  ///< ascending
};

/// Holds back `fraction` of the rows, chosen by the seed. With `classes` (one per row) each class gives its share, to
/// within one row, and the total is the same as without. At least one row stays for training.
RowSplit splitRows(const std::vector<std::int64_t>& rows, const std::vector<int>& classes, double fraction,
                   std::uint64_t seed);

}  // namespace layersmith
