#pragma once

#include <cstdint>
#include <string>

/// What fits into memory. Asked before anything large is allocated, so that a model that is too big is refused with a
/// number instead of taking the machine down.
namespace layersmith {

/// Bytes that this process may still take: what the system calls available, within the limit of its control group.
std::int64_t availableMemory();

/// Lets availableMemory() never say more; 0: no limit of ours. Thread rule: any thread.
void setMemoryLimit(std::int64_t bytes);
bool hasMemoryLimit();

/// "3.2 GB"
std::string memoryText(std::int64_t bytes);

/// Errors: LimitExceeded, code E402, when `bytes` are not available: "`what` needs about 3.2 GB of memory; 1.1 GB are
/// free." Small needs are not looked at.
void requireMemory(std::int64_t bytes, const std::string& what);

}  // namespace layersmith
