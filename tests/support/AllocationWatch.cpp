#include "tests/support/AllocationWatch.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
}

namespace layersmith::allocations {

namespace {

std::atomic<bool> isArmed{false};
std::atomic<long> ours{0}, library{0}, maps{0};
std::atomic<std::size_t> largest{0};
thread_local bool isLooking = false;  // backtrace() may allocate itself
constexpr int kFrames = 24;
void* firstStack[kFrames];
std::atomic<int> firstDepth{0};

bool isInLibrary(void* const* stack, int depth) {
  for (int i = 0; i < depth; ++i) {
    Dl_info info;
    if (dladdr(stack[i], &info) && info.dli_fname && std::strstr(info.dli_fname, "libdnnl")) return true;
  }
  return false;
}

void note(std::size_t bytes) {
  if (!isArmed || isLooking) return;
  isLooking = true;
  void* stack[kFrames];
  const int depth = backtrace(stack, kFrames);
  if (isInLibrary(stack, depth)) {
    ++library;
    std::size_t before = largest;
    while (before < bytes && !largest.compare_exchange_weak(before, bytes)) {
    }
  } else if (ours++ == 0) {
    std::memcpy(firstStack, stack, sizeof stack);
    firstDepth = depth;
  }
  isLooking = false;
}

}  // namespace

void arm() {
  void* stack[2];
  backtrace(stack, 2);  // loads what it needs now
  ours = library = maps = 0;
  largest = 0;
  firstDepth = 0;
  isArmed = true;
}

Count disarm() {
  isArmed = false;
  Count count{ours, library, largest, maps, {}};
  for (int i = 0; i < firstDepth; ++i) {
    Dl_info info;
    if (dladdr(firstStack[i], &info) && info.dli_sname) count.first += std::string(info.dli_sname) + "\n";
  }
  return count;
}

void noteMap() {
  if (isArmed) ++maps;
}

}  // namespace layersmith::allocations

using layersmith::allocations::note;

extern "C" {

void* malloc(std::size_t bytes) {
  note(bytes);
  return __libc_malloc(bytes);
}
void* calloc(std::size_t count, std::size_t bytes) {
  note(count * bytes);
  return __libc_calloc(count, bytes);
}
void* realloc(void* from, std::size_t bytes) {
  note(bytes);
  return __libc_realloc(from, bytes);
}
void* aligned_alloc(std::size_t alignment, std::size_t bytes) {
  note(bytes);
  return __libc_memalign(alignment, bytes);
}
void* memalign(std::size_t alignment, std::size_t bytes) {
  note(bytes);
  return __libc_memalign(alignment, bytes);
}
int posix_memalign(void** to, std::size_t alignment, std::size_t bytes) {
  note(bytes);
  *to = __libc_memalign(alignment, bytes);
  return *to ? 0 : ENOMEM;
}
void* mmap(void* at, std::size_t bytes, int protection, int flags, int file, off_t offset) {
  layersmith::allocations::noteMap();
  return reinterpret_cast<void*>(syscall(SYS_mmap, at, bytes, protection, flags, file, offset));
}
}
