#pragma once

#include "model/core/DType.h"
#include "model/core/Shape.h"
#include "model/format/WeightBytes.h"

#include <QByteArray>
#include <QDateTime>
#include <QString>
#include <QStringList>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

namespace layersmith {

using Json = nlohmann::ordered_json;

/// One weight of a weights manifest. Unknown members are kept in `unknownMembers`.
struct WeightSpec {
  struct Quantization {
    DType dtype = DType::UInt8;  ///< of the stored bytes
    std::optional<double> scale;
    std::optional<double> min;
    Json original;  ///< as read
  };
  std::string name;
  Shape shape;
  DType dtype = DType::Float32;  ///< after dequantization
  std::string group;             ///< "optimizer" or empty
  std::optional<Quantization> quantization;
  Json unknownMembers = Json::object();
};

/// How the weights lay in files, when they came from files: needed to write the same files again.
struct WeightsGroup {
  std::vector<std::string> paths;
  std::size_t weights = 0;          ///< how many of weightSpecs, in order
  std::vector<std::int64_t> bytes;  ///< length of each file as found
};

/// A saved model, whole: the only currency of storage. Stores never look inside, so that copying loses nothing, also
/// for a model whose layers are unknown here. Mirrors ModelArtifacts of tfjs-core/src/io/types.ts.
struct ModelArtifacts {
  Json modelTopology;  ///< null when absent
  std::vector<WeightSpec> weightSpecs;
  WeightData weightData;             ///< in order; null: no weights (structure only)
  std::vector<WeightsGroup> groups;  ///< empty: one group
  // Members of model.json beside the topology and the manifest, in the order read; absent ones are null.
  Json format, generatedBy, convertedBy, signature, userDefinedMetadata, modelInitializer, initializerSignature,
      trainingConfig;
  Json unknownMembers = Json::object();
  std::vector<std::string> memberOrder;  ///< keys of model.json in the order read; empty: TensorFlow.js' order
  QStringList missingFiles;  ///< weight files that were named but not there (a structure can still be opened)
};

/// What TensorFlow.js' getModelArtifactsInfoForJSON counts.
struct ModelArtifactsInfo {
  QDateTime dateSaved;
  QString modelTopologyType = QStringLiteral("JSON");
  std::int64_t modelTopologyBytes = 0;
  std::int64_t weightSpecsBytes = 0;
  std::int64_t weightDataBytes = 0;

  std::int64_t totalBytes() const { return modelTopologyBytes + weightSpecsBytes + weightDataBytes; }
};

ModelArtifactsInfo artifactsInfo(const ModelArtifacts& artifacts, const QDateTime& dateSaved);

/// Bytes as JavaScript's JSON.stringify writes them: no spaces, numbers spelled 1, 0.1, 1e-7, strings in UTF-8.
QByteArray toJsonBytes(const Json& json);

}  // namespace layersmith
