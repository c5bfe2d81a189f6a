#pragma once

#include <cstdint>
#include <string>

/// Every limit on what a file, a reply or a request may cost us (RELIABILITY section 5). One place, so that a message
/// can name the number.
namespace layersmith::limits {

/// A limit that the environment may set to anything from 1 to `most`:
/// LAYERSMITH_LIMITS="json.bytes=64M,zip.entries=20000" (K, M and G are powers of 1024). Read when the program starts.
std::int64_t settable(const char* key, std::int64_t standard, std::int64_t most);
/// What is wrong with LAYERSMITH_LIMITS, in a sentence; empty: nothing. What is wrong is not used.
std::string settingsProblem();

inline constexpr std::int64_t kKiB = 1024;
inline constexpr std::int64_t kMiB = 1024 * kKiB;
inline constexpr std::int64_t kGiB = 1024 * kMiB;

inline const std::int64_t kModelJsonBytes = settable("json.bytes", 32 * kMiB, 128 * kMiB);
inline constexpr int kJsonDepth = 64;
inline const std::int64_t kJsonValues = settable("json.values", 2'000'000, 16'000'000);
inline const std::int64_t kJsonStringBytes = settable("json.stringBytes", kMiB, 16 * kMiB);
inline const std::int64_t kLayers = settable("model.layers", 10'000, 100'000);
inline const std::int64_t kWeights = settable("weights.count", 100'000, 1'000'000);
inline const std::int64_t kNameBytes = settable("name.bytes", 1024, 16 * kKiB);

inline constexpr int kTensorRank = 8;
inline const std::int64_t kTensorElements = settable("tensor.elements", std::int64_t(1) << 40, std::int64_t(1) << 44);
inline const std::int64_t kWeightBytes = settable("weights.bytes", 16 * kGiB, 1024 * kGiB);
inline const std::int64_t kShards = settable("weights.files", 10'000, 100'000);

inline constexpr std::int64_t kCsvBytes = 8 * kGiB;
inline constexpr std::int64_t kCsvLineBytes = 16 * kMiB;
inline constexpr std::int64_t kCsvCellBytes = kMiB;
inline constexpr int kCsvColumns = 100'000;
inline constexpr int kIdxDims = 8;
inline constexpr std::int64_t kDecompressedBytes = 8 * kGiB;
inline constexpr int kDecompressionRatio = 200;
inline const std::int64_t kArchiveEntries = settable("zip.entries", 10'000, 100'000);

inline constexpr int kHttpConnectMs = 10'000;
inline constexpr int kHttpIdleMs = 30'000;
inline constexpr int kHttpRedirects = 5;

inline constexpr std::int64_t kLocalStorageUnits = 5'242'880;  ///< UTF-16 units, keys and values together
inline constexpr std::int64_t kIndexedDbBytes = 2 * kGiB;
inline const std::int64_t kDumpBytes =
    settable("dump.bytes", kGiB, 8 * kGiB);  ///< of a browser's stores, as one JSON text in memory

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
