#include "model/core/Error.h"
#include "model/server/ModelRepository.h"
#include "model/storage/ModelSummary.h"
#include "model/storage/TrashAge.h"
#include "model/storage/folder/FileAccess.h"
#include "model/storage/folder/FolderStore.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>

#include <sys/stat.h>
#include <atomic>

namespace layersmith {

namespace {

class FileSource final : public ByteSource {
 public:
  explicit FileSource(std::unique_ptr<QFile> file) : m_file(std::move(file)), m_size(m_file->size()) {}

  std::int64_t size() const override { return m_size; }

  std::string read(std::int64_t offset, std::int64_t count) override {
    std::string bytes(std::size_t(count), '\0');
    if (!m_file->seek(offset)) bytes.clear();
    const qint64 got = bytes.empty() ? -1 : m_file->read(bytes.data(), count);
    if (got <= 0) throw Error(ErrorKind::Io, "The file could not be read: " + m_file->errorString().toStdString());
    bytes.resize(std::size_t(got));
    return bytes;
  }

 private:
  std::unique_ptr<QFile> m_file;
  std::int64_t m_size;
};

/// Inode, time and size: every save of ours makes a new file.
std::string etagOf(const QFile& file) {
  struct stat status {};
  ::fstat(file.handle(), &status);
  return '"' + std::to_string(status.st_ino) + '-' + std::to_string(status.st_mtim.tv_sec) + '.' +
         std::to_string(status.st_mtim.tv_nsec) + '-' + std::to_string(status.st_size) + '"';
}

class FolderRepository final : public ModelRepository {
 public:
  explicit FolderRepository(const QString& root) {
    if (!QDir().mkpath(root))
      throw Error(ErrorKind::Io, "The folder " + root.toStdString() + " cannot be made.", "E201", root.toStdString());
    m_root = QFileInfo(root).canonicalFilePath();
  }

  std::vector<ModelEntry> list() override {
    std::vector<ModelEntry> entries = store().listFolder(m_root);
    std::erase_if(entries, [&](const ModelEntry& entry) {
      return !isModelName(entry.name.toStdString()) || isLink(entry.name) || !contains(entry.name);
    });
    return entries;
  }

  /// A link has its name taken.
  bool contains(const QString& name) override {
    return isLink(name) || QFileInfo(pathOf(name) + QStringLiteral("/model.json")).isFile();
  }

  std::optional<ServedFile> open(const QString& name, const QString& file) override {
    try {
      const OpenFolder root(m_root);
      if (!contains(name)) return {};
      std::unique_ptr<QFile> opened = root.file(name + u'/' + file);
      std::string etag = etagOf(*opened);
      return ServedFile{std::make_unique<FileSource>(std::move(opened)), std::move(etag)};
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::NotFound || error.code() == "E131") return {};
      throw;
    }
  }

  SaveResult publish(const QString& name, const ModelArtifacts& artifacts, const SaveOptions& options) override {
    if (isLink(name))
      throw Error(ErrorKind::Format,
                  "Not saved: \"" + name.toStdString() +
                      "\" is a link in the server's folder. Nothing was changed. Choose another name.",
                  "E131", name.toStdString());
    const Change change(*this, name);
    return store().save(pathOf(name), artifacts, options);
  }

  QString stamp(const QString& name) override { return isLink(name) ? QString() : store().stamp(pathOf(name)); }

  TrashEntry remove(const QString& name, const QString& stamp) override {
    if (isLink(name)) throw notFound(name, QStringLiteral("this server"));
    const Change change(*this, name);
    return store().removeUnchanged(pathOf(name), stamp);
  }

  void purgeTrash(const QDateTime& before) override {
    FolderStore own = store();
    purgeRemovedBefore(own, before);
  }

  std::int64_t usedBytes() override {
    if (m_used < 0) recount();
    return m_used;
  }

  void recount() override { m_used = bytesBelow(m_root); }

  QString stagingFolder() const override { return m_root + QStringLiteral("/.staging"); }

 private:
  /// Keeps count of what the change of one model adds or takes away.
  class Change {
   public:
    Change(FolderRepository& repository, const QString& name)
        : m_repository(repository), m_folder(repository.pathOf(name)), m_before(bytesBelow(m_folder)) {}
    ~Change() {
      if (m_repository.m_used >= 0) m_repository.m_used += bytesBelow(m_folder) - m_before;
    }
    Change(const Change&) = delete;
    Change& operator=(const Change&) = delete;

   private:
    FolderRepository& m_repository;
    QString m_folder;
    std::int64_t m_before;
  };

  /// Without hidden files: neither Trash nor staging.
  static std::int64_t bytesBelow(const QString& folder) {
    std::int64_t bytes = 0;
    QDirIterator it(folder, QDir::Files | QDir::NoSymLinks, QDirIterator::Subdirectories);
    while (it.hasNext()) {
      it.next();
      bytes += it.fileInfo().size();
    }
    return bytes;
  }

  FolderStore store() const { return FolderStore(m_root + QStringLiteral("/.trash")); }
  QString pathOf(const QString& name) const { return m_root + u'/' + name; }
  /// It may lead out of the root: nothing is served from there, and nothing is changed there.
  bool isLink(const QString& name) const { return QFileInfo(pathOf(name)).isSymLink(); }

  QString m_root;
  std::atomic<std::int64_t> m_used = -1;  ///< -1: not counted yet
};

}  // namespace

std::unique_ptr<ModelRepository> folderRepository(const QString& root) {
  return std::make_unique<FolderRepository>(root);
}

}  // namespace layersmith
