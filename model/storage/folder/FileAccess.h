#pragma once

#include "model/core/Error.h"
#include "model/format/WeightBytes.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

class QFile;

namespace layersmith {

inline constexpr std::size_t kStepBytes = std::size_t(4) << 20;   ///< read, written and told of at a time
inline constexpr const char* kUnfinishedEnd = ".layersmith-new";  ///< how a name ends until the file is whole

/// Told how many bytes are done so far, after every few MiB; it may throw to stop.
using Advance = std::function<void(std::int64_t done)>;

/// A folder held open: files are named relative to it and cannot lead out of it, not by "..", not by links, and not
/// when the folder is exchanged for another meanwhile.
class OpenFolder {
 public:
  /// Errors: NotFound, Io.
  explicit OpenFolder(const QString& path);
  ~OpenFolder();
  OpenFolder(const OpenFolder&) = delete;
  OpenFolder& operator=(const OpenFolder&) = delete;

  const QString& path() const { return m_path; }
  int descriptor() const { return m_descriptor; }
  bool isStillThere() const;                 ///< its path leads to it, not to another folder by now
  bool contains(const QString& name) const;  ///< a regular file that can be opened
  /// -1 when there is nothing of that name. Errors: Io when it cannot be opened, E131 when it is no regular file.
  std::int64_t sizeOf(const QString& name) const;

  /// The first `maxBytes` of the file, or all. Errors: NotFound, Io, E131 when the name leads out of the folder.
  QByteArray read(const QString& name, std::int64_t maxBytes) const;

  /// Fills `to` from the start of the file, some MiB at a time, and says after each how far it is. Returns how many
  /// bytes there were. Errors: as read().
  std::int64_t readInto(const QString& name, std::span<std::byte> to, const Advance& advance = {}) const;

  /// The whole files, mapped one behind the other; `sizes` as they were measured. Nothing when they cannot be mapped or
  /// are shorter by now. Errors: as read().
  std::optional<SharedBytes> map(const QStringList& names, const std::vector<std::int64_t>& sizes) const;

  bool holds(const QString& name, const WeightBytes& bytes) const;  ///< a file with exactly this content

  /// The file opened for reading. Errors: as read.
  std::unique_ptr<QFile> file(const QString& name) const;

 private:
  int open(const QString& name) const;
  int openRegular(const QString& name) const;

  QString m_path;
  int m_descriptor = -1;
};

/// E131: a path that leads out of the model's folder.
Error outside(const QString& path);

/// Refuses file names that are absolute, climb, or hold control characters or backslashes. Errors: E131.
QString safeRelativePath(const QString& path);

/// Of a save, for the message when the disk is full: what all its files need, and what is written of them so far.
struct SaveRoom {
  std::int64_t needed = 0;
  std::int64_t written = 0;
};

/// A file being made. What is written starts on its way to the disk at once; sync() waits until it is there.
/// Errors of all members: E201 (NoSpace or Io), naming space free and needed.
class NewFile {
 public:
  NewFile(const QString& path, SaveRoom room);
  NewFile(int folder, const QByteArray& name, const QString& path, SaveRoom room);  ///< `path` is for messages
  ~NewFile();
  NewFile(NewFile&& other) noexcept;
  NewFile& operator=(NewFile&&) = delete;

  void write(const WeightBytes& bytes, const Advance& advance = {});
  void sync();                  ///< of the file; the folder is not synced
  bool shareBytesOf(int file);  ///< all of it, without a byte being copied; false: the file system cannot

 private:
  void writeSome(std::span<const std::byte> bytes);

  QString m_path;
  SaveRoom m_room;
  std::int64_t m_written = 0;
  int m_descriptor;
};

/// E201: a call on this path ended with this errno. What is free is told as it was before the save: its files go again.
Error unwritten(const QString& path, int code, SaveRoom room = {});

/// What hindered, of such an error: "/data has 1 MiB free, 2 MiB needed"; of another error its message.
QString causeOf(const Error& unwritten);

/// Writes and fsyncs one new file; the folder is not synced. `others`: the files written before it. Errors: E201.
void writeSynced(const QString& path, const WeightBytes& bytes, SaveRoom others = {});

/// Puts a file under a name that may be taken, in one step: written and synced beside it, then renamed; the folder is
/// not synced. (QSaveFile::commit() of Qt 6.4 says true when the last bytes could not be written.) Errors: E201.
void replaceSynced(const QString& path, const WeightBytes& bytes, SaveRoom others = {});

/// The same for a name that is free. False: it is taken, and nothing was changed. Errors: E201.
bool placeSynced(const QString& path, const WeightBytes& bytes);

/// Removes what killed processes left of files that they replaced in a folder. Files that one writes now are locked by
/// it, and stay.
void sweepUnfinished(const QString& folder);

/// fsync of a folder, so that names in it last. Errors: E201.
void syncFolder(const QString& path);
void syncFile(const QString& path);  ///< of one that is there already. Errors: E201

/// Exchanges two folders in one step. False when the file system cannot or does not allow it, as with a mount point.
/// Errors: E201 for any other failure.
bool exchangePaths(const QString& a, const QString& b);

}  // namespace layersmith
