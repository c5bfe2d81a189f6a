#include "model/format/ModelArtifacts.h"

#include "model/format/WeightsManifest.h"

namespace layersmith {

ModelArtifactsInfo artifactsInfo(const ModelArtifacts& artifacts, const QDateTime& dateSaved) {
  ModelArtifactsInfo info;
  info.dateSaved = dateSaved;
  if (!artifacts.modelTopology.is_null()) info.modelTopologyBytes = toJsonBytes(artifacts.modelTopology).size();
  if (!artifacts.weightSpecs.empty() || artifacts.weightData)
    info.weightSpecsBytes = toJsonBytes(toJson(artifacts.weightSpecs)).size();
  if (artifacts.weightData) info.weightDataBytes = artifacts.weightData->size();
  return info;
}

}  // namespace layersmith
