#pragma once

#include <cstddef>
#include <string>

/// Counts what is allocated while it is armed, on any thread: malloc and its relatives, and mmap. Link
/// AllocationWatch.cpp into the program: it takes the place of the C library's functions.
namespace layersmith::allocations {

struct Count {
  long ours = 0;            ///< calls with no oneDNN function on the stack
  long library = 0;         ///< calls inside of oneDNN
  std::size_t largest = 0;  ///< bytes of the largest of those
  long maps = 0;            ///< mmap, by whoever
  std::string first;        ///< where the first of ours came from
};

void arm();
Count disarm();

}  // namespace layersmith::allocations
