#include "model/core/Error.h"
#include "model/document/Edits.h"
#include "model/format/FieldJson.h"

#include <algorithm>

namespace layersmith::edits {

namespace {

constexpr const char* kMarker = "layersmith/layers";

InsertPlace placeAfter(const Graph& graph, LayerId after) {
  InsertPlace place;
  if (graph.find(after)) {
    place.kind = InsertPlace::Kind::AfterLayer;
    place.layer = after;
  } else if (!graph.outputs.empty()) {
    place.kind = InsertPlace::Kind::AfterLayer;
    place.layer = graph.outputs.front().layer;
  }
  return place;
}

DocumentState insertCopies(const DocumentState& state, const std::vector<LayerSpec>& specs, LayerId after,
                           std::vector<LayerId>* copies) {
  DocumentState result = state;
  for (const LayerSpec& spec : specs) {
    LayerId inserted;
    result = insertLayer(result, spec.className, placeAfter(result.graph, after), spec.config, &inserted);
    if (LayerSpec* layer = result.graph.find(inserted)) {
      layer->isTrainable = spec.isTrainable;
      layer->unknownConfig = spec.unknownConfig;
      layer->unknownMembers = spec.unknownMembers;
    }
    if (copies) copies->push_back(inserted);
    after = inserted;
  }
  return result;
}

std::vector<LayerSpec> chosen(const Graph& graph, const std::vector<LayerId>& layers) {
  std::vector<LayerSpec> specs;
  for (const LayerSpec& layer : graph.layers)
    if (layer.className != "InputLayer" && std::ranges::find(layers, layer.id) != layers.end()) specs.push_back(layer);
  return specs;
}

}  // namespace

DocumentState duplicateLayers(const DocumentState& state, const std::vector<LayerId>& layers,
                              std::vector<LayerId>* copies) {
  const std::vector<LayerSpec> specs = chosen(state.graph, layers);
  return specs.empty() ? state : insertCopies(state, specs, specs.back().id, copies);
}

QByteArray copyLayers(const DocumentState& state, const std::vector<LayerId>& layers) {
  Json list = Json::array();
  for (const LayerSpec& layer : chosen(state.graph, layers))
    list.push_back({{"className", layer.className},
                    {"config", toJson(layer.config)},
                    {"trainable", layer.isTrainable},
                    {"unknownConfig", toJson(layer.unknownConfig)},
                    {"unknownMembers", toJson(layer.unknownMembers)}});
  const std::string text = Json{{kMarker, list}}.dump(1);
  return QByteArray::fromStdString(text);
}

DocumentState pasteLayers(const DocumentState& state, const QByteArray& text, LayerId after,
                          std::vector<LayerId>* pasted) {
  const Json json = Json::parse(text.toStdString(), nullptr, false);
  if (!json.is_object() || !json.contains(kMarker) || !json[kMarker].is_array()) return state;
  std::vector<LayerSpec> specs;
  for (const Json& item : json[kMarker]) {
    if (!item.is_object() || !item.value("className", Json()).is_string()) return state;
    LayerSpec spec;
    spec.className = item["className"].get<std::string>();
    spec.config = fieldsFromJson(item.value("config", Json::object()));
    spec.isTrainable = item.value("trainable", true);
    spec.unknownConfig = fieldsFromJson(item.value("unknownConfig", Json::object()));
    spec.unknownMembers = fieldsFromJson(item.value("unknownMembers", Json::object()));
    specs.push_back(std::move(spec));
  }
  return insertCopies(state, specs, after, pasted);
}

}  // namespace layersmith::edits
