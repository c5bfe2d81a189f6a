#include "app/cli/ProblemJson.h"

namespace layersmith {

std::string_view severityWord(Severity severity) {
  return severity == Severity::Error ? "error" : severity == Severity::Warning ? "warning" : "hint";
}

Json problemsJson(std::span<const Issue> issues, const Graph& graph) {
  Json json = Json::array();
  for (const Issue& issue : issues) {
    const LayerSpec* layer = graph.find(issue.layer);
    json.push_back({{"severity", std::string(severityWord(issue.severity))},
                    {"layer", layer ? Json(layer->name) : Json()},
                    {"field", issue.fieldKey.empty() ? Json() : Json(issue.fieldKey)},
                    {"code", issue.code.empty() ? Json() : Json(issue.code)},
                    {"message", issue.message}});
  }
  return json;
}

}  // namespace layersmith
