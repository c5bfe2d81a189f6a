#include "model/core/MappedBytes.h"

#include "model/core/Error.h"

#include <sys/mman.h>
#include <unistd.h>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <mutex>

namespace layersmith {

namespace {

/// One mapping, as the signal handler sees it: it may neither lock nor allocate.
struct Slot {
  std::atomic<std::uintptr_t> first = 0;  // 0: free
  std::atomic<std::uintptr_t> last = 0;   // behind the last page
  std::atomic<bool> isCut = false;
  std::string name;  // under the mutex
};

std::array<Slot, 64> slots;
std::mutex slotsMutex;
struct sigaction before;

std::size_t pageBytes() {
  static const auto size = std::size_t(::sysconf(_SC_PAGESIZE));
  return size;
}

std::size_t wholePages(std::size_t bytes) {
  return (bytes + pageBytes() - 1) / pageBytes() * pageBytes();
}

Slot* slotAt(std::uintptr_t address) {
  for (Slot& slot : slots)
    if (address >= slot.first && address < slot.last) return &slot;
  return nullptr;
}

/// Zeros from the page that is gone to the end of the mapping; the thread goes on as if they had been there.
void onBusError(int signal, siginfo_t* info, void* context) {
  const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
  if (Slot* slot = slotAt(address)) {
    const std::uintptr_t page = address / pageBytes() * pageBytes();
    slot->isCut = true;
    if (::mmap(reinterpret_cast<void*>(page), slot->last - page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
               0) != MAP_FAILED)
      return;
  }
  if ((before.sa_flags & SA_SIGINFO) != 0 && before.sa_sigaction)
    before.sa_sigaction(signal, info, context);
  else if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN)
    before.sa_handler(signal);
  else
    ::sigaction(SIGBUS, &before, nullptr);  // the fault comes again and ends the process
}

void guard() {
  pageBytes();  // known before a handler asks
  struct sigaction action {};
  action.sa_sigaction = onBusError;
  action.sa_flags = SA_SIGINFO | SA_NODEFER;
  ::sigaction(SIGBUS, &action, &before);
}

Slot* takeSlot(std::byte* first, std::size_t bytes, const std::string& name) {
  static std::once_flag once;
  std::call_once(once, guard);
  const std::scoped_lock lock(slotsMutex);
  for (Slot& slot : slots) {
    if (slot.first != 0) continue;
    slot.name = name;
    slot.isCut = false;
    slot.last = reinterpret_cast<std::uintptr_t>(first) + bytes;
    slot.first = reinterpret_cast<std::uintptr_t>(first);
    return &slot;
  }
  return nullptr;
}

bool mapParts(std::byte* to, std::span<const MappedPart> parts) {
  for (const MappedPart& part : parts) {
    if (part.bytes == 0) continue;
    if (::mmap(to, part.bytes, PROT_READ, MAP_PRIVATE | MAP_FIXED, part.descriptor, 0) == MAP_FAILED) return false;
    to += part.bytes;
  }
  return true;
}

}  // namespace

std::optional<SharedBytes> mapFiles(std::span<const MappedPart> parts, const std::string& name) {
  std::size_t total = 0;
  for (const MappedPart& part : parts) {
    if (total % pageBytes() != 0 && part.bytes > 0) return std::nullopt;
    total += part.bytes;
  }
  if (total == 0) return std::nullopt;
  const std::size_t pages = wholePages(total);
  void* const place = ::mmap(nullptr, pages, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (place == MAP_FAILED) return std::nullopt;
  auto* const first = static_cast<std::byte*>(place);
  Slot* const slot = mapParts(first, parts) ? takeSlot(first, pages, name) : nullptr;
  if (!slot) {
    ::munmap(place, pages);
    return std::nullopt;
  }
  ::madvise(place, pages, MADV_WILLNEED);
  const std::shared_ptr<const void> owner(place, [pages, slot](void* mapped) {
    const std::scoped_lock lock(slotsMutex);
    ::munmap(mapped, pages);
    slot->first = 0;
    slot->last = 0;
  });
  return SharedBytes(owner, {first, total});
}

void requireUncut(std::span<const std::byte> bytes) {
  const Slot* slot = slotAt(reinterpret_cast<std::uintptr_t>(bytes.data()));
  if (!slot || !slot->isCut) return;
  const std::scoped_lock lock(slotsMutex);
  throw Error(ErrorKind::Format,
              "Weight file " + slot->name +
                  " became shorter while it was in use: fewer bytes than expected by the manifest. Copy or download it "
                  "again.",
              "E110", slot->name);
}

}  // namespace layersmith
