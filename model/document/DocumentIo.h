#pragma once

#include "model/core/Issue.h"
#include "model/document/DocumentState.h"

#include <optional>
#include <vector>

namespace layersmith {

struct OpenedDocument {
  DocumentState state;
  std::vector<Issue> issues;
};

/// Errors: as readModel.
OpenedDocument documentFromArtifacts(ModelArtifacts artifacts);

struct SaveContents {
  bool includeOptimizer = true;
  bool includeRecipe = true;
  bool trainableOnly = false;
  std::optional<DType> storedAs = std::nullopt;  ///< Float16, UInt16 or UInt8: weights are quantized; none: as they are
};

/// What a save writes. An unchanged document gives back exactly what was loaded. Weights a layer still lacks are made
/// here from fit.seed, so that what is saved is what training would start from.
/// Errors: InvalidConfig, ShapeMismatch when weights must be made and the model has a fault; as quantize.
ModelArtifacts artifactsFromDocument(const DocumentState& state, const SaveContents& contents = {});

}  // namespace layersmith
