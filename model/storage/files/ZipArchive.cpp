#include "model/storage/files/ZipArchive.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/format/ContentKind.h"
#include "model/format/JsonAccess.h"

#include <QFile>
#include <QFileInfo>

#include <archive.h>
#include <archive_entry.h>
#include <memory>

namespace layersmith {

namespace {

struct Close {
  void operator()(archive* handle) const { archive_read_free(handle); }
};
using Handle = std::unique_ptr<archive, Close>;

Error damaged(const QString& path, const QString& reason) {
  return {ErrorKind::Format,
          QStringLiteral("%1 is damaged: %2. Copy or download it again.").arg(path, reason).toStdString(), "E102",
          path.toStdString()};
}

Handle opened(const QString& path) {
  Handle handle(archive_read_new());
  archive_read_support_format_zip_seekable(handle.get());  // by its central directory, as everyone else reads it
  if (archive_read_open_filename(handle.get(), QFile::encodeName(path).constData(), 64 * 1024) != ARCHIVE_OK)
    throw damaged(path, QString::fromUtf8(archive_error_string(handle.get())));
  return handle;
}

/// The next entry that is a regular file; null at the end.
archive_entry* nextFile(archive* handle, const QString& path) {
  archive_entry* entry = nullptr;
  for (;;) {
    const int code = archive_read_next_header(handle, &entry);
    if (code == ARCHIVE_EOF) return nullptr;
    if (code != ARCHIVE_OK && code != ARCHIVE_WARN)
      throw damaged(path, QString::fromUtf8(archive_error_string(handle)));
    if (archive_entry_filetype(entry) == AE_IFREG) return entry;
  }
}

QString nameOf(archive_entry* entry) {
  const char* utf8 = archive_entry_pathname_utf8(entry);
  return QString::fromUtf8(utf8 ? utf8 : archive_entry_pathname(entry));
}

/// One entry into a buffer of exactly its size.
void readEntry(archive* handle, const QString& path, const FileSet::File& file, char* destination) {
  std::int64_t done = 0;
  while (done < file.bytes) {
    const la_ssize_t bytes = archive_read_data(handle, destination + done, std::size_t(file.bytes - done));
    if (bytes < 0) throw damaged(path, QString::fromUtf8(archive_error_string(handle)));
    if (bytes == 0) break;
    done += bytes;
  }
  char more = 0;
  const la_ssize_t surplus = done == file.bytes ? archive_read_data(handle, &more, 1) : 0;
  if (surplus < 0) throw damaged(path, QString::fromUtf8(archive_error_string(handle)));
  if (done != file.bytes || surplus > 0)
    throw damaged(path, QStringLiteral("%1 is not as long as it says").arg(file.name));
}

}  // namespace

ZipArchive::ZipArchive(const QString& path) : m_path(path) {
  QFile file(path);
  if (!file.exists())
    throw Error(ErrorKind::NotFound, "There is no file " + path.toStdString() + ".", {}, path.toStdString());
  if (!file.open(QIODevice::ReadOnly))
    throw Error(ErrorKind::Io, QStringLiteral("%1 could not be read: %2.").arg(path, file.errorString()).toStdString(),
                {}, path.toStdString());
  const ContentKind kind = sniffContent(file.read(512));
  if (kind != ContentKind::Zip)
    throw Error(ErrorKind::Format,
                QStringLiteral("%1 is a %2, not a zip archive. Copy or download it again.")
                    .arg(path, displayName(kind))
                    .toStdString(),
                "E102", path.toStdString());
  m_limit = std::min<std::int64_t>(limits::kDecompressedBytes,
                                   std::max<std::int64_t>(limits::kMiB, file.size() * limits::kDecompressionRatio));
  const Handle handle = opened(path);
  while (archive_entry* entry = nextFile(handle.get(), path)) {
    if (archive_entry_is_encrypted(entry)) throw damaged(path, QStringLiteral("it is encrypted"));
    if (!archive_entry_size_is_set(entry)) throw damaged(path, QStringLiteral("an entry does not say its size"));
    m_files.push_back({nameOf(entry), archive_entry_size(entry)});
    if (m_files.size() > std::size_t(limits::kArchiveEntries))
      throw overLimit("the number of files in " + path.toStdString(), std::int64_t(m_files.size()),
                      limits::kArchiveEntries, "zip.entries");
    if (m_files.back().bytes < 0 || m_files.back().bytes > m_limit)
      throw overLimit("the unpacked size of " + m_files.back().name.toStdString(), m_files.back().bytes, m_limit,
                      "zip.bytes");
  }
}

void ZipArchive::read(const QHash<const File*, char*>& destinations) {
  std::int64_t total = 0;
  for (const File& file : m_files)
    if (destinations.contains(&file)) total += file.bytes;
  if (total > m_limit) throw overLimit("the unpacked size of " + m_path.toStdString(), total, m_limit, "zip.bytes");
  const Handle handle = opened(m_path);
  std::size_t next = 0;
  while (nextFile(handle.get(), m_path)) {
    if (next == m_files.size()) throw damaged(m_path, QStringLiteral("it was changed while it was read"));
    const File& file = m_files[next++];
    if (char* const destination = destinations.value(&file)) readEntry(handle.get(), m_path, file, destination);
  }
}

}  // namespace layersmith
