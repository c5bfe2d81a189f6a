// A library to preload: makes system calls below one folder fail, come short, or end the process, and keeps a copy of
// what was synced, as a disk would after a power cut.
//
//   FAULT_BELOW=FOLDER   only calls on files below it count
//   FAULT=KIND:K         what the K-th of them does (1 is the first): ENOSPC, EIO, EDQUOT, EROFS, EINTR, EACCES,
//                        `short` (a write takes half), `cut` (the process ends without a word)
//   FAULT_WITHOUT=CALL   every such call gives EINVAL and does not count, as on a file system that lacks it: renameat2
//   FAULT_LOG=FILE       gets the number of calls and, when the fault struck, the name of the call
//   FAULT_MIRROR=FOLDER  gets files/KEY, the content of a file when it was last synced, and folders/KEY, the names in a
//                        folder when that was last synced: "NAME KEY\n", of a folder "NAME KEY/\n"; PowerCut.h puts
//                        them together again
//
// Counted: open and openat for writing, openat2 (by which models are read), close of what was written, mkdir, rmdir,
// write, pwrite, fsync, fdatasync, rename, renameat2, link, unlink, their kind for a name in an open folder, ftruncate,
// mmap of a file.
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

#define NEXT(function) next<decltype(::function)>(#function)

thread_local bool t_isInside = false;  // the shim's own calls do not count
std::atomic<long> g_calls = 0;

struct Inside {
  Inside() { t_isInside = true; }
  ~Inside() { t_isInside = false; }
};

const char* setting(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

bool isBelow(const char* path) {
  const char* folder = setting("FAULT_BELOW");
  const std::size_t length = std::strlen(folder);
  return length > 0 && std::strncmp(path, folder, length) == 0;
}

std::string pathOf(int descriptor) {
  char target[PATH_MAX];
  const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
  const ssize_t length = ::readlink(link.c_str(), target, sizeof target);
  return length > 0 ? std::string(target, std::size_t(length)) : std::string();
}

void writeFile(const std::string& path, const std::string& text) {
  if (std::FILE* file = std::fopen(path.c_str(), "w")) {
    std::fwrite(text.data(), 1, text.size(), file);
    std::fclose(file);
  }
}

int errnoOf(const char* kind) {
  constexpr std::pair<const char*, int> kinds[] = {{"ENOSPC", ENOSPC}, {"EIO", EIO},     {"EDQUOT", EDQUOT},
                                                   {"EROFS", EROFS},   {"EINTR", EINTR}, {"EACCES", EACCES}};
  for (const auto& [name, value] : kinds)
    if (std::strcmp(kind, name) == 0) return value;
  return 0;
}

enum class Fault { None, Fail, Short };

/// Counts one call; says what is to become of it.
Fault strike(const char* call) {
  const long number = ++g_calls;
  const std::string fault = setting("FAULT");
  const std::size_t colon = fault.find(':');
  const bool isIt = colon != std::string::npos && std::atol(fault.c_str() + colon + 1) == number;
  if (const char* log = setting("FAULT_LOG"); *log && isIt) writeFile(log, std::to_string(number) + " " + call + "\n");
  if (!isIt) return Fault::None;
  const std::string kind = fault.substr(0, colon);
  if (kind == "cut") ::_exit(99);
  if (kind == "short") return Fault::Short;
  errno = errnoOf(kind.c_str());
  return Fault::Fail;
}

Fault onPath(const char* call, const char* path) {
  if (t_isInside || !path || !isBelow(path)) return Fault::None;
  const Inside inside;
  return strike(call);
}

Fault onDescriptor(const char* call, int descriptor) {
  if (t_isInside) return Fault::None;
  const Inside inside;
  return isBelow(pathOf(descriptor).c_str()) ? strike(call) : Fault::None;
}

std::string mirror(const char* kind, const std::string& key) {
  return std::string(setting("FAULT_MIRROR")) + "/" + kind + "/" + key;
}

/// Which file it is: inode and time of birth, for an inode that is free is soon another file's.
std::string keyOf(int folder, const char* path) {
  struct statx status {};
  if (::statx(folder, path, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS | STATX_BTIME, &status) != 0)
    return "gone";
  return std::to_string(status.stx_ino) + "." + std::to_string(status.stx_btime.tv_sec) + "." +
         std::to_string(status.stx_btime.tv_nsec);
}

void remember(int descriptor) {
  if (t_isInside || !*setting("FAULT_MIRROR")) return;
  const Inside inside;
  const std::string path = pathOf(descriptor);
  struct stat status {};
  if (!isBelow(path.c_str()) || ::fstat(descriptor, &status) != 0) return;
  std::string content;
  if (S_ISDIR(status.st_mode)) {
    DIR* folder = ::opendir(path.c_str());
    while (const dirent* entry = folder ? ::readdir(folder) : nullptr)
      if (std::strcmp(entry->d_name, ".") != 0 && std::strcmp(entry->d_name, "..") != 0)
        content += std::string(entry->d_name) + " " + keyOf(descriptor, entry->d_name) +
                   (entry->d_type == DT_DIR ? "/\n" : "\n");
    if (folder) ::closedir(folder);
    return writeFile(mirror("folders", keyOf(descriptor, "")), content);
  }
  content.resize(std::size_t(status.st_size));
  const int reader = ::open(("/proc/self/fd/" + std::to_string(descriptor)).c_str(), O_RDONLY);
  if (::pread(reader, content.data(), content.size(), 0) == ssize_t(content.size()))
    writeFile(mirror("files", keyOf(descriptor, "")), content);
  ::close(reader);
}

bool isForWriting(int flags) {
  return (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TMPFILE)) == O_TMPFILE;
}

template <class Open>
int openFile(const char* path, int flags, mode_t mode, Open open) {
  if (t_isInside || !isForWriting(flags) || !isBelow(path)) return open(path, flags, mode);
  return onPath("open", path) == Fault::Fail ? -1 : open(path, flags, mode);
}

template <class Open>
int openFileAt(int folder, const char* path, int flags, mode_t mode, Open open) {
  if (t_isInside || !isForWriting(flags)) return open(folder, path, flags, mode);
  const std::string whole = *path == '/' || folder == AT_FDCWD ? path : pathOf(folder) + "/" + path;
  return onPath("openat", whole.c_str()) == Fault::Fail ? -1 : open(folder, path, flags, mode);
}

Fault onEntry(const char* call, int folder, const char* name) {
  if (t_isInside) return Fault::None;
  const std::string whole = *name == '/' || folder == AT_FDCWD ? name : pathOf(folder) + "/" + name;
  return onPath(call, whole.c_str());
}

template <class Map>
void* mapFile(int descriptor, Map map) {
  return descriptor >= 0 && onDescriptor("mmap", descriptor) == Fault::Fail ? MAP_FAILED : map();
}

template <class Write>
ssize_t writeSome(const char* call, int descriptor, std::size_t count, Write write) {
  switch (onDescriptor(call, descriptor)) {
    case Fault::Fail: return -1;
    case Fault::Short: return write(count > 1 ? count / 2 : count);
    case Fault::None: break;
  }
  return write(count);
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = va_arg(arguments, mode_t);
  va_end(arguments);
  return openFile(path, flags, mode, NEXT(open));
}

int open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = va_arg(arguments, mode_t);
  va_end(arguments);
  return openFile(path, flags, mode, NEXT(open64));
}

int openat(int folder, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = va_arg(arguments, mode_t);
  va_end(arguments);
  return openFileAt(folder, path, flags, mode, NEXT(openat));
}

int openat64(int folder, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = va_arg(arguments, mode_t);
  va_end(arguments);
  return openFileAt(folder, path, flags, mode, NEXT(openat64));
}

long syscall(long number, ...) noexcept {
  va_list arguments;
  va_start(arguments, number);
  long words[6];
  for (long& word : words) word = va_arg(arguments, long);
  va_end(arguments);
  if (number == SYS_openat2 && onDescriptor("openat2", int(words[0])) == Fault::Fail) return -1;
  return NEXT(syscall)(number, words[0], words[1], words[2], words[3], words[4], words[5]);
}

/// The descriptor is closed all the same, as Linux does it.
int close(int descriptor) {
  if (t_isInside || (::fcntl(descriptor, F_GETFL) & O_ACCMODE) == O_RDONLY) return NEXT(close)(descriptor);
  const Fault fault = onDescriptor("close", descriptor);
  const int code = errno, closed = NEXT(close)(descriptor);
  if (fault != Fault::Fail) return closed;
  errno = code;
  return -1;
}

void* mmap(void* where, std::size_t length, int protection, int flags, int descriptor, off_t offset) noexcept {
  return mapFile(descriptor, [&] { return NEXT(mmap)(where, length, protection, flags, descriptor, offset); });
}

void* mmap64(void* where, std::size_t length, int protection, int flags, int descriptor, off64_t offset) noexcept {
  return mapFile(descriptor, [&] { return NEXT(mmap64)(where, length, protection, flags, descriptor, offset); });
}

int mkdir(const char* path, mode_t mode) {
  return onPath("mkdir", path) == Fault::Fail ? -1 : NEXT(mkdir)(path, mode);
}

ssize_t write(int descriptor, const void* bytes, std::size_t count) {
  return writeSome("write", descriptor, count, [&](std::size_t some) { return NEXT(write)(descriptor, bytes, some); });
}

ssize_t pwrite(int descriptor, const void* bytes, std::size_t count, off_t offset) {
  return writeSome("pwrite", descriptor, count,
                   [&](std::size_t some) { return NEXT(pwrite)(descriptor, bytes, some, offset); });
}

ssize_t pwrite64(int descriptor, const void* bytes, std::size_t count, off64_t offset) {
  return writeSome("pwrite", descriptor, count,
                   [&](std::size_t some) { return NEXT(pwrite64)(descriptor, bytes, some, offset); });
}

int fsync(int descriptor) {
  if (onDescriptor("fsync", descriptor) == Fault::Fail) return -1;
  remember(descriptor);
  return NEXT(fsync)(descriptor);
}

int fdatasync(int descriptor) {
  if (onDescriptor("fdatasync", descriptor) == Fault::Fail) return -1;
  remember(descriptor);
  return NEXT(fdatasync)(descriptor);
}

int rename(const char* from, const char* to) {
  return onPath("rename", to) == Fault::Fail ? -1 : NEXT(rename)(from, to);
}

int rmdir(const char* path) {
  return onPath("rmdir", path) == Fault::Fail ? -1 : NEXT(rmdir)(path);
}

int renameat2(int fromFolder, const char* from, int toFolder, const char* to, unsigned flags) noexcept {
  const std::string whole = *to == '/' || toFolder == AT_FDCWD ? to : pathOf(toFolder) + "/" + to;
  if (isBelow(whole.c_str()) && std::strcmp(setting("FAULT_WITHOUT"), "renameat2") == 0) {
    errno = EINVAL;
    return -1;
  }
  return onPath("renameat2", whole.c_str()) == Fault::Fail ? -1
                                                           : NEXT(renameat2)(fromFolder, from, toFolder, to, flags);
}

int renameat(int fromFolder, const char* from, int toFolder, const char* to) noexcept {
  return onEntry("renameat", toFolder, to) == Fault::Fail ? -1 : NEXT(renameat)(fromFolder, from, toFolder, to);
}

int mkdirat(int folder, const char* path, mode_t mode) noexcept {
  return onEntry("mkdirat", folder, path) == Fault::Fail ? -1 : NEXT(mkdirat)(folder, path, mode);
}

int linkat(int fromFolder, const char* from, int toFolder, const char* to, int flags) noexcept {
  return onEntry("linkat", toFolder, to) == Fault::Fail ? -1 : NEXT(linkat)(fromFolder, from, toFolder, to, flags);
}

int unlinkat(int folder, const char* path, int flags) noexcept {
  return onEntry("unlinkat", folder, path) == Fault::Fail ? -1 : NEXT(unlinkat)(folder, path, flags);
}

int link(const char* from, const char* to) {
  return onPath("link", to) == Fault::Fail ? -1 : NEXT(link)(from, to);
}

int unlink(const char* path) {
  return onPath("unlink", path) == Fault::Fail ? -1 : NEXT(unlink)(path);
}

int ftruncate64(int descriptor, off64_t length) {
  return onDescriptor("ftruncate", descriptor) == Fault::Fail ? -1 : NEXT(ftruncate64)(descriptor, length);
}

}  // extern "C"

namespace {

/// How many calls there were in all, where none was to fail.
struct AtExit {
  ~AtExit() {
    const Inside inside;
    if (const char* log = setting("FAULT_LOG"); *log && !*setting("FAULT")) writeFile(log, std::to_string(g_calls));
  }
} g_atExit;

}  // namespace
