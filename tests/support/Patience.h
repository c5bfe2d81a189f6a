#pragma once

namespace layersmith {

/// How long a test waits for what must come: far longer than it takes, for machines that have much else to do.
constexpr int kPatienceMs = 60'000;

}  // namespace layersmith
