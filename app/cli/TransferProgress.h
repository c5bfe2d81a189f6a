#pragma once

#include "app/cli/Interrupt.h"
#include "app/cli/Output.h"

#include <chrono>

namespace layersmith {

/// Bytes of a load or save on standard error: a line that is redrawn on a terminal, {"what", "bytes", "total"} lines
/// with --progress json. Small transfers show nothing. Ctrl-C stops the transfer while this object lives.
class TransferProgress {
 public:
  TransferProgress(Output& output, const char* what) : m_output(output), m_what(what) {}
  ~TransferProgress();
  TransferProgress(const TransferProgress&) = delete;
  TransferProgress& operator=(const TransferProgress&) = delete;

  bool advance(std::int64_t done, std::int64_t total);  ///< false: stop

 private:
  using Clock = std::chrono::steady_clock;

  Output& m_output;
  const char* m_what;
  Interrupt m_interrupt;
  Clock::time_point m_started = Clock::now(), m_shown = m_started;
  bool m_hasDrawn = false;
};

}  // namespace layersmith
