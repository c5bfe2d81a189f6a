#pragma once

#include <cstdint>

/// Every limit on what a file, a reply or a request may cost us (RELIABILITY section 5). One place, so that a message
/// can name the number.
namespace layersmith::limits {

inline constexpr std::int64_t kKiB = 1024;
inline constexpr std::int64_t kMiB = 1024 * kKiB;
inline constexpr std::int64_t kGiB = 1024 * kMiB;

inline constexpr std::int64_t kModelJsonBytes = 32 * kMiB;
inline constexpr int kJsonDepth = 64;
inline constexpr std::int64_t kJsonValues = 2'000'000;
inline constexpr std::int64_t kJsonStringBytes = kMiB;
inline constexpr int kLayers = 10'000;
inline constexpr int kWeights = 100'000;
inline constexpr int kNameBytes = 1024;

inline constexpr int kTensorRank = 8;
inline constexpr std::int64_t kTensorElements = std::int64_t(1) << 40;
inline constexpr std::int64_t kWeightBytes = 16 * kGiB;
inline constexpr int kShards = 10'000;

inline constexpr std::int64_t kCsvBytes = 8 * kGiB;
inline constexpr std::int64_t kCsvLineBytes = 16 * kMiB;
inline constexpr std::int64_t kCsvCellBytes = kMiB;
inline constexpr int kCsvColumns = 100'000;
inline constexpr int kIdxDims = 8;
inline constexpr std::int64_t kDecompressedBytes = 8 * kGiB;
inline constexpr int kDecompressionRatio = 200;

inline constexpr int kHttpConnectMs = 10'000;
inline constexpr int kHttpIdleMs = 30'000;
inline constexpr int kHttpRedirects = 5;

inline constexpr std::int64_t kLocalStorageUnits = 5'242'880;  ///< UTF-16 units, keys and values together
inline constexpr std::int64_t kIndexedDbBytes = 2 * kGiB;

}  // namespace layersmith::limits
