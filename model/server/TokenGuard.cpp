#include "model/server/TokenGuard.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/server/HttpMessage.h"
#include "model/storage/Sha256.h"
#include "model/storage/folder/FileAccess.h"

#include <QByteArray>
#include <QFile>
#include <QFileInfo>

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <span>

namespace layersmith {

namespace {

constexpr std::string_view kHashed = "sha256:";
constexpr std::size_t kAddresses = 10'000;  // remembered at once, so that many addresses cannot fill the memory

Error badFile(const std::string& path, const std::string& why) {
  return {ErrorKind::Format, "The token file " + path + " " + why, {}, path};
}

TokenGuard::Hash hashFromHex(const std::string& path, std::string_view hex) {
  const QByteArray bytes = QByteArray::fromHex(QByteArray(hex.data(), qsizetype(hex.size())));
  TokenGuard::Hash hash;
  if (hex.size() != 2 * hash.size() || std::size_t(bytes.size()) != hash.size())
    throw badFile(path, "has a line that begins with \"sha256:\" but does not go on with 64 hexadecimal digits.");
  std::ranges::copy(bytes, hash.begin());
  return hash;
}

/// A file being made; it goes again unless it is kept.
class NewFile {
 public:
  explicit NewFile(const std::string& path)
      : m_path(path), m_file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)) {}
  ~NewFile() {
    if (m_file < 0) return;
    ::close(m_file);
    if (!m_isKept) ::unlink(m_path.c_str());
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  /// To the disk; errno says why not.
  bool write(std::string_view text) {
    while (m_file >= 0 && !text.empty()) {
      const ssize_t written = ::write(m_file, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return false;
      text.remove_prefix(std::size_t(written));
    }
    return m_file >= 0 && ::fsync(m_file) == 0;
  }
  void keep() { m_isKept = true; }

 private:
  std::string m_path;
  int m_file;
  bool m_isKept = false;
};

/// Whole and lasting, or not there: what is left of one that was cut would be refused at every later start.
void writeNewFile(const std::string& path, const std::string& text) {
  NewFile file(path);
  if (!file.write(text))
    throw Error(ErrorKind::Io, "The token file " + path + " could not be written: " + std::strerror(errno) + ".",
                "E201", path);
  syncFolder(QFileInfo(QString::fromStdString(path)).absolutePath());
  file.keep();
}

}  // namespace

TokenGuard::Hash sha256(std::string_view bytes) {
  TokenGuard::Hash hash;
  std::ranges::copy(Sha256().add(std::as_bytes(std::span(bytes))).result(), hash.begin());
  return hash;
}

std::string toHex(const TokenGuard::Hash& hash) {
  return QByteArray(reinterpret_cast<const char*>(hash.data()), qsizetype(hash.size())).toHex().toStdString();
}

std::string makeToken() {
  unsigned char bytes[32];
  if (RAND_bytes(bytes, sizeof bytes) != 1)
    throw Error(ErrorKind::Internal, "The system gave no random bytes for a token.");
  return QByteArray(reinterpret_cast<const char*>(bytes), sizeof bytes)
      .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals)
      .toStdString();
}

std::string tokenOf(std::string_view authorization) {
  const auto space = authorization.find(' ');
  if (space == std::string_view::npos) return {};
  const std::string_view scheme = authorization.substr(0, space);
  const std::string_view value =
      authorization.substr(std::min(authorization.find_first_not_of(' ', space), authorization.size()));
  if (equalsIgnoringCase(scheme, "bearer")) return std::string(value);
  if (!equalsIgnoringCase(scheme, "basic")) return {};
  const std::string pair = QByteArray::fromBase64(QByteArray(value.data(), qsizetype(value.size()))).toStdString();
  const auto colon = pair.find(':');
  return colon == std::string::npos ? std::string() : pair.substr(colon + 1);
}

TokenGuard TokenGuard::fromFile(const std::string& path, std::string* made) {
  TokenGuard guard;
  QFile file(QString::fromStdString(path));
  if (!file.exists()) {
    const std::string token = makeToken();
    writeNewFile(path, std::string(kHashed) + toHex(sha256(token)) + "\n");
    guard.add(sha256(token));
    *made = token;
    return guard;
  }
  if (!file.open(QIODevice::ReadOnly))
    throw Error(ErrorKind::Io,
                "The token file " + path + " could not be read: " + file.errorString().toStdString() + ".", {}, path);
  for (const QByteArray& raw : file.read(limits::kMiB).split('\n')) {
    const std::string line = raw.trimmed().toStdString();
    if (line.empty() || line.starts_with('#')) continue;
    guard.add(line.starts_with(kHashed) ? hashFromHex(path, std::string_view(line).substr(kHashed.size()))
                                        : sha256(line));
  }
  if (guard.isOpen()) throw badFile(path, "holds no token. Remove it to have one made.");
  return guard;
}

bool TokenGuard::isKnown(std::string_view token) const {
  const Hash hash = sha256(token);
  bool isFound = false;
  for (const Hash& known : m_hashes) isFound |= CRYPTO_memcmp(hash.data(), known.data(), hash.size()) == 0;
  return isFound;
}

void TokenGuard::forget(Clock::time_point now) {
  const auto limit = now - std::chrono::milliseconds(limits::kServerFailuresMs);
  for (auto it = m_failures.begin(); it != m_failures.end();) {
    while (!it->second.empty() && it->second.front() <= limit) it->second.pop_front();
    it = it->second.empty() ? m_failures.erase(it) : std::next(it);
  }
}

TokenGuard::Verdict TokenGuard::check(std::string_view authorization, const std::string& address,
                                      Clock::time_point now) {
  if (isOpen()) return Verdict::Allowed;
  if (!m_failures.empty()) forget(now);
  const auto failures = m_failures.find(address);
  if (failures != m_failures.end() && failures->second.size() >= std::size_t(limits::kServerFailures))
    return Verdict::TooManyFailures;
  if (authorization.empty()) return Verdict::Refused;
  const std::string token = tokenOf(authorization);
  if (!token.empty() && isKnown(token)) return Verdict::Allowed;
  if (m_failures.size() < kAddresses || failures != m_failures.end()) m_failures[address].push_back(now);
  return Verdict::Refused;
}

}  // namespace layersmith
