#pragma once

#include "model/core/Error.h"
#include "model/storage/ModelStore.h"
#include "model/storage/Sha256.h"

namespace layersmith {

/// What a list shows of a model, found without decoding weights.
struct ModelSummary {
  int layerCount = 0;           ///< layers as written, those of nested models included, the models themselves not
  std::int64_t parameters = 0;  ///< elements of all weights but the optimizer's
};
ModelSummary summarise(const ModelArtifacts& artifacts);

/// sha256 over everything a model is (its model.json with one nominal weight file, then the digest of the weights that
/// a WeightHasher finds): equal for equal models wherever they are kept.
QByteArray contentHash(const ModelArtifacts& artifacts);

/// The part of contentHash() before the weights.
Sha256 contentHashStart(const ModelArtifacts& artifacts);

SaveResult saveResult(const QString& url, const ModelArtifacts& artifacts, const QDateTime& dateSaved);

/// Calls `progress` and throws Cancelled when it says no.
void report(const StoreProgress& progress, std::int64_t done, std::int64_t total);

/// Errors: E203 when `base` is not empty and differs from `now`, the stamp of what is there since `changed`.
void requireBase(const QString& base, const QString& now, const QString& name, const QDateTime& changed);

Error alreadyExists(const QString& name, const QString& where);
Error notFound(const QString& name, const QString& where);

/// TensorFlow.js' ModelArtifactsInfo: {dateSaved, modelTopologyType, modelTopologyBytes, weightSpecsBytes,
/// weightDataBytes}.
Json toJson(const ModelArtifactsInfo& info);

}  // namespace layersmith
