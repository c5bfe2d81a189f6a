#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace layersmith {

/// Names one layer of one document for as long as the document lives, also across undo. 0 is nobody.
struct LayerId {
  std::uint32_t value = 0;

  bool isValid() const { return value != 0; }
  friend auto operator<=>(const LayerId&, const LayerId&) = default;
};

}  // namespace layersmith

template <>
struct std::hash<layersmith::LayerId> {
  std::size_t operator()(layersmith::LayerId id) const noexcept { return std::hash<std::uint32_t>()(id.value); }
};
