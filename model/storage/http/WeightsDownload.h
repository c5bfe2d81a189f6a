#pragma once

#include "model/core/SharedBytes.h"
#include "model/storage/http/WeightAddresses.h"

#include <vector>

namespace layersmith {

/// Weight files, one after the other, each to its place in one block: a manifest tells the size of all files of a group
/// together, so that a file's place is known when those before it are there. What is longer than the manifest says
/// stays beside the block. After a connection that was lost it can be run again, and goes on where it was cut. A file
/// with two addresses is taken from the first, and where that has no first file all are taken from the second: those of
/// two places never mix.
class WeightsDownload {
 public:
  explicit WeightsDownload(std::int64_t total);  ///< Errors: E130

  void begin() { m_next = 0; }  ///< before each run: the same files follow in the same order
  /// `expected`: bytes of the file's group, `missing`: those of them not there yet. `mayGoOn`: it may be run again.
  /// Returns how long the file is. Errors: of HttpTransfer::getInto; E101, E102.
  std::int64_t fetch(HttpTransfer& transfer, const std::vector<WeightAddress>& addresses, std::int64_t expected,
                     std::int64_t missing, bool mayGoOn, const StoreProgress& progress);
  WeightData finish();

 private:
  HttpReply get(HttpTransfer& transfer, const WeightAddress& address, std::int64_t expected, std::int64_t missing,
                bool mayGoOn, const StoreProgress& progress);
  void appendPlaced();

  ByteBlock m_block;
  std::vector<std::int64_t> m_files;  ///< lengths of those that are there
  std::size_t m_next = 0;             ///< the file that fetch() is asked for
  std::size_t m_address = 0;          ///< which of a file's addresses is asked
  PartialBody m_part;                 ///< of the file that was cut
  std::size_t m_placed = 0, m_appended = 0;
  std::int64_t m_surplus = 0;
  WeightBytes m_bytes;
};

}  // namespace layersmith
