#include "model/core/Error.h"
#include "model/format/ModelJson.h"
#include "model/server/ModelRepository.h"
#include "model/storage/TrashAge.h"
#include "model/storage/browser/SqliteStore.h"

#include <QDir>
#include <QFileInfo>

#include <optional>
#include <utility>

namespace layersmith {

namespace {

/// A connection for as long as one piece of work takes: requests run on several threads.
class Connection {
 public:
  explicit Connection(const QString& file)
      : m_database(openStoreDatabase(file)),
        m_store(indexedDbFormat(), [this]() -> SqliteDatabase& { return *m_database; }) {}

  SqliteStore* operator->() { return &m_store; }
  SqliteStore& store() { return m_store; }

 private:
  std::unique_ptr<SqliteDatabase> m_database;
  SqliteStore m_store;
};

class TextSource final : public ByteSource {
 public:
  explicit TextSource(QByteArray text) : m_text(std::move(text)) {}
  std::int64_t size() const override { return m_text.size(); }
  std::string read(std::int64_t offset, std::int64_t count) override { return m_text.mid(offset, count).toStdString(); }

 private:
  QByteArray m_text;
};

class WeightsSource final : public ByteSource {
 public:
  WeightsSource(QString file, StoredModel model, std::int64_t offset, std::int64_t size)
      : m_file(std::move(file)), m_model(std::move(model)), m_offset(offset), m_size(size) {}

  std::int64_t size() const override { return m_size; }

  std::string read(std::int64_t offset, std::int64_t count) override {
    // SQLite lets a connection go from thread to thread, as long as one at a time uses it.
    if (!m_connection) m_connection.emplace(m_file);
    const QByteArray bytes = (*m_connection)->readWeights(m_model, m_offset + offset, count);
    if (bytes.isEmpty()) throw Error(ErrorKind::Database, "The store holds fewer weight bytes than it says.");
    return bytes.toStdString();
  }

 private:
  QString m_file;
  std::optional<Connection> m_connection;
  StoredModel m_model;
  std::int64_t m_offset;
  std::int64_t m_size;
};

class StoreRepository final : public ModelRepository {
 public:
  explicit StoreRepository(const QString& file) : m_file(QFileInfo(file).absoluteFilePath()) {
    Connection made(m_file);  // a file that cannot be opened is said at the start
    m_file = QFileInfo(m_file).canonicalFilePath();
  }

  std::vector<ModelEntry> list() override {
    std::vector<ModelEntry> entries = Connection(m_file)->list();
    std::erase_if(entries, [](const ModelEntry& entry) { return !isModelName(entry.name.toStdString()); });
    return entries;
  }

  bool contains(const QString& name) override { return Connection(m_file)->contains(name); }

  std::optional<ServedFile> open(const QString& name, const QString& file) override {
    Connection connection(m_file);
    if (!connection->contains(name)) return {};
    StoredModel model = connection->open(name);
    std::vector<WeightsGroup> groups = model.artifacts.groups;
    if (groups.empty() && !model.artifacts.weightSpecs.empty())
      groups = {{{"./model.weights.bin"}, model.artifacts.weightSpecs.size(), {model.weightBytes}}};
    const std::string etag = '"' + model.sha256.toHex().left(32).toStdString() + '-' +
                             std::to_string(model.saved.toMSecsSinceEpoch()) + '-' + file.toStdString() + '"';
    if (file == QStringLiteral("model.json"))
      return ServedFile{std::make_unique<TextSource>(toJsonBytes(modelJson(model.artifacts, groups))), etag};
    std::int64_t offset = 0;
    for (const WeightsGroup& group : groups)
      for (std::size_t i = 0; i < group.paths.size() && i < group.bytes.size(); ++i) {
        if (QDir::cleanPath(QString::fromStdString(group.paths[i])) == file) {
          model.artifacts = {};
          return ServedFile{std::make_unique<WeightsSource>(m_file, std::move(model), offset, group.bytes[i]), etag};
        }
        offset += group.bytes[i];
      }
    return {};
  }

  SaveResult publish(const QString& name, const ModelArtifacts& artifacts, const SaveOptions& options) override {
    return Connection(m_file)->save(name, artifacts, options);
  }

  QString stamp(const QString& name) override { return Connection(m_file)->stamp(name); }

  TrashEntry remove(const QString& name, const QString& stamp) override {
    return Connection(m_file)->removeUnchanged(name, stamp);
  }

  void purgeTrash(const QDateTime& before) override {
    Connection connection(m_file);
    purgeRemovedBefore(connection.store(), before);
  }

  std::int64_t usedBytes() override { return Connection(m_file)->usage().used; }

  QString stagingFolder() const override { return m_file + QStringLiteral(".staging"); }

 private:
  QString m_file;
};

}  // namespace

std::unique_ptr<ModelRepository> storeRepository(const QString& file) {
  return std::make_unique<StoreRepository>(file);
}

}  // namespace layersmith
