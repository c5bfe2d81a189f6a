#pragma once

#include "model/storage/ModelStore.h"

namespace layersmith {

/// Where a file:// place keeps its model.json: a folder's own, or a download pair's NAME.json beside NAME.weights.bin.
struct FolderLayout {
  QString folder;    ///< absolute
  QString jsonName;  ///< "model.json" or "moons.json"
  bool isPair = false;

  QString jsonPath() const { return folder + u'/' + jsonName; }
  QString around() const;  ///< the folder that is locked while the model is written
  QString name() const;    ///< "moons"
  /// "weights.bin" or "moons.weights.bin"; of a name that leaves no room for that, weightsStem() of it.
  QString preferredWeights() const;
};

/// The start of a long name, with room for ".weights-0123456789abcdef.bin" and a number. Of another, the name.
QByteArray weightsStem(const QByteArray& name);

/// A path as a person gives it: a folder, its model.json, or a NAME.json.
FolderLayout layoutOf(const QString& path);

/// Of its model.json: time, size and which file it is. Empty: there is none.
QString stampOf(const FolderLayout& layout);

/// The weight file a manifest path names, relative to the folder ("./weights.bin" -> "weights.bin"). Errors: E131.
QString weightFile(const std::string& manifestPath);

/// All weight files that the model names, each once; names that lead out of the folder are left out.
QStringList namedFiles(const ModelArtifacts& artifacts);

/// Which files to write for these artifacts: those they came from, shards, or the layout's one file.
std::vector<WeightsGroup> groupsToWrite(const ModelArtifacts& artifacts, const FolderLayout& layout,
                                        const SaveOptions& options);

}  // namespace layersmith
