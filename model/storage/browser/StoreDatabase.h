#pragma once

#include "model/storage/Sqlite.h"

#include <memory>

namespace layersmith {

/// Opens the store file, makes it when it is not there, and brings its schema to version 3:
///
///   model(id, scheme, name, generation, sha256, ... , trash_id, deleted)   one row per model, Trash included
///   record(model, store, key, value)    what the browser holds: localStorage keys, IndexedDB records as JSON text
///   chunk(model, position, bytes)       weights of IndexedDB records up to 1 MiB; before version 3 all, 8 MiB a row
///   listed(folder, file, ...)           what lists show of models in folders (FolderIndex.h); since version 2
///
/// Larger weights lie in files that model.weight_file names (WeightFolder.h), since version 3.
/// A store of an older version is copied to PATH.version-N before it is changed.
///
/// Write-ahead log, synchronous FULL, waits 10 s for other writers; a rollback journal on network file systems.
/// Errors: Database when the file is no store of ours or of a newer version; as SqliteDatabase.
std::unique_ptr<SqliteDatabase> openStoreDatabase(const QString& path);

/// The same file once it is known to be damaged: read-only, for what still reads.
std::unique_ptr<SqliteDatabase> openDamagedStore(const QString& path);

/// What a person should know of a store whose folder is on this file system (statfs' f_type): on a network it has a
/// rollback journal. Empty: nothing.
QString networkWarning(const QString& path, unsigned long fileSystem);
QString networkWarning(const QString& path);  ///< of the folder as it is

inline constexpr std::int64_t kChunkBytes = 8 * 1024 * 1024;

}  // namespace layersmith
