#pragma once

#include <QByteArray>
#include <QString>

#include <cstdint>

namespace layersmith {

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
  bool contains(const QString& name) const;        ///< a regular file
  std::int64_t sizeOf(const QString& name) const;  ///< -1 when there is none

  /// The first `maxBytes` of the file, or all. Errors: NotFound, Io, E131 when the name leads out of the folder.
  QByteArray read(const QString& name, std::int64_t maxBytes) const;

 private:
  int open(const QString& name) const;

  QString m_path;
  int m_descriptor = -1;
};

/// Refuses file names that are absolute, climb, or hold control characters or backslashes. Errors: E131.
QString safeRelativePath(const QString& path);

/// Writes and fsyncs one new file; the folder is not synced. Errors: E201 (NoSpace or Io), naming space free and
/// needed.
void writeSynced(const QString& path, const QByteArray& bytes);

/// fsync of a folder, so that names in it last. Errors: E201.
void syncFolder(const QString& path);

/// Exchanges two paths in one step. False when the file system cannot. Errors: E201 for any other failure.
bool exchangePaths(const QString& a, const QString& b);

}  // namespace layersmith
