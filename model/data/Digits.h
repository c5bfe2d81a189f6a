#pragma once

#include "model/data/Dataset.h"

namespace layersmith {

inline constexpr int kDigitSide = 12;  ///< pixels

/// Hand-drawn-like digits 0 to 9 in turn, 12 x 12 grey pixels: strokes moved, turned, slanted, scaled and of changing
/// width, with `noise` as the deviation of the pixels' grain (1 is white).
std::shared_ptr<const RawData> makeDigits(int samples, double noise, std::uint64_t seed);

}  // namespace layersmith
