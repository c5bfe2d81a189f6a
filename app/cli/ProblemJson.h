#pragma once

#include "model/core/Issue.h"
#include "model/format/ModelArtifacts.h"
#include "model/nn/Graph.h"

#include <span>

namespace layersmith {

std::string_view severityWord(Severity severity);  ///< "error", "warning" or "hint"

/// [{severity, layer, field, code, message}]; what an issue does not have is null.
Json problemsJson(std::span<const Issue> issues, const Graph& graph);

}  // namespace layersmith
