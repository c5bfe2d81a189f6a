#pragma once

#include "model/storage/ModelStore.h"
#include "model/storage/Sqlite.h"

struct stat;

namespace layersmith {

/// What a list shows of the models in folders, kept from list to list so that only what changed is read again: columns
/// of the store file's table `listed`, which is not written when the store is damaged. A row holds as long as its
/// model.json is the same file of the same time and size and its weight files have their sizes. Losing it costs time
/// only. Errors of all members: as SqliteDatabase.
class FolderIndex {
 public:
  using OpenDatabase = std::function<SqliteDatabase&()>;
  explicit FolderIndex(OpenDatabase database) : m_database(std::move(database)) {}

  /// When a model.json was written, how long it is, and which file it is.
  struct Version {
    std::int64_t changedNs = 0;
    std::int64_t bytes = 0;
    std::int64_t inode = 0;
    static Version of(const struct stat& status);
    bool operator==(const Version&) const = default;
  };
  /// Weight files relative to the listed folder, with their sizes: "92 moons/weights.bin\n" each, for no file name
  /// holds a line break (safeRelativePath).
  class WeightFiles {
   public:
    WeightFiles() = default;
    explicit WeightFiles(QByteArray text) : m_text(std::move(text)) {}
    void append(const QByteArray& name, std::int64_t bytes);
    /// Whether `holds` of every file.
    bool all(const std::function<bool(const char* name, std::int64_t bytes)>& holds) const;
    const QByteArray& text() const { return m_text; }

   private:
    QByteArray m_text;
  };
  struct Row {
    QByteArray file;  ///< "moons", "pair.json"
    Version version{};
    WeightFiles weightFiles{};
    ModelEntry entry{};
  };

  /// Of one folder, ascending by file; `expected` of them, more or less.
  std::vector<Row> rows(const QString& folder, std::size_t expected);
  void replace(const QString& folder, const std::vector<Row>& changed, const std::vector<QByteArray>& gone);

 private:
  OpenDatabase m_database;
};

}  // namespace layersmith
