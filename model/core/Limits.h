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
inline constexpr int kArchiveEntries = 10'000;

inline constexpr int kHttpConnectMs = 10'000;
inline constexpr int kHttpIdleMs = 30'000;
inline constexpr int kHttpRedirects = 5;

inline constexpr std::int64_t kLocalStorageUnits = 5'242'880;  ///< UTF-16 units, keys and values together
inline constexpr std::int64_t kIndexedDbBytes = 2 * kGiB;
inline constexpr std::int64_t kDumpBytes = kGiB;  ///< of a browser's stores, as one JSON text in memory

// The store server.
inline constexpr std::int64_t kServerHeaderBytes = 16 * kKiB;
inline constexpr int kServerHeaderFields = 100;
inline constexpr int kServerHeaderMs = 10'000;                    ///< for the whole header, and for a TLS handshake
inline constexpr int kServerIdleMs = 5'000;                       ///< between two bytes of one request or reply
inline constexpr std::int64_t kServerBytesPerSecond = 10 * kKiB;  ///< on average, once kServerPaceMs are over
inline constexpr int kServerPaceMs = 10'000;
inline constexpr int kServerKeepAliveMs = 15'000;
inline constexpr int kServerRequests = 100;  ///< per connection
inline constexpr int kServerConnections = 256;
inline constexpr int kServerConnectionsPerAddress = 32;
inline constexpr std::int64_t kServerBodyBytes = 2 * kGiB;
inline constexpr std::int64_t kServerBodyBytesMost = 16 * kGiB;  ///< what --max-body may raise it to
inline constexpr int kServerParts = 16;
inline constexpr std::int64_t kServerPartHeaderBytes = 8 * kKiB;
inline constexpr std::int64_t kServerStoreBytes = 50 * kGiB;
inline constexpr std::int64_t kServerFreeBytes = kGiB;  ///< stays free on the disk beside what a request declares
inline constexpr int kServerStagingMs = 3'600'000;
inline constexpr int kServerFailures = 10;  ///< wrong tokens from one address in kServerFailuresMs
inline constexpr int kServerFailuresMs = 60'000;

}  // namespace layersmith::limits
