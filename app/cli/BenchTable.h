#pragma once

#include "model/benchmark/Comparison.h"
#include "model/format/ModelArtifacts.h"

#include <vector>

namespace layersmith {

class Output;

/// The ratio table: ours, the best PyTorch variant, TensorFlow.js and the machine's limit, best times in ms.
void printComparison(Output& output, const std::vector<Comparison>& rows);
Json comparisonJson(const std::vector<Comparison>& rows);

}  // namespace layersmith
