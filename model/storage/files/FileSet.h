#pragma once

#include "model/storage/ModelStore.h"

#include <QHash>

namespace layersmith {

/// Files known by name only: an archive's entries, or what a person picked in any order. Names are compared, never used
/// as paths.
class FileSet {
 public:
  struct File {
    QString name;  ///< "model.json", "folder/weights.bin"
    std::int64_t bytes = 0;
  };

  virtual ~FileSet() = default;
  virtual QString source() const = 0;  ///< for messages
  virtual const std::vector<File>& files() const = 0;
  /// Fills these buffers, one a file of files() and as large as it says. Errors: as the kind of set.
  virtual void read(const QHash<const File*, char*>& destinations) = 0;

  QByteArray readWhole(const File& file);  ///< REQUIRES: one of files()
};

/// The model among these files: its model.json is found by content, the weight files by their path beside it or, where
/// all names differ, by name alone. Teachable Machine's metadata.json goes to userDefinedMetadata: `labels`, and all of
/// it as `teachableMachine`. Errors: NotFound when there is no model.json, E101-E104, E110, E130, E131.
ModelArtifacts loadFileSet(FileSet& set, const LoadOptions& options = {});

/// Files from anywhere on disk, as tf.io.browserFiles() takes them. Errors: as loadFileSet; Io.
ModelArtifacts loadPickedFiles(const QStringList& paths, const LoadOptions& options = {});

}  // namespace layersmith
