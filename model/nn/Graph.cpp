#include "model/nn/Graph.h"

#include <algorithm>
#include <cctype>

namespace layersmith {

const LayerSpec* Graph::find(LayerId id) const {
  const auto it = std::ranges::find(layers, id, &LayerSpec::id);
  return it == layers.end() ? nullptr : &*it;
}

LayerSpec* Graph::find(LayerId id) {
  const auto it = std::ranges::find(layers, id, &LayerSpec::id);
  return it == layers.end() ? nullptr : &*it;
}

const LayerSpec* Graph::findByName(std::string_view layerName) const {
  const auto it = std::ranges::find(layers, layerName, &LayerSpec::name);
  return it == layers.end() ? nullptr : &*it;
}

std::vector<LayerId> Graph::consumersOf(LayerId id) const {
  std::vector<LayerId> consumers;
  for (const LayerSpec& layer : layers)
    for (const LayerCall& call : layer.calls)
      if (std::ranges::find(call.inputs, id, &TensorRef::layer) != call.inputs.end()) {
        consumers.push_back(layer.id);
        break;
      }
  return consumers;
}

LayerId Graph::unusedId() const {
  LayerId largest;
  for (const LayerSpec& layer : layers) largest = std::max(largest, layer.id);
  return {largest.value + 1};
}

std::string Graph::unusedName(std::string_view className) const {
  const std::string stem = snakeCase(className);
  for (int number = 1;; ++number)
    if (std::string candidate = stem + "_" + std::to_string(number); !findByName(candidate)) return candidate;
}

std::string snakeCase(std::string_view className) {
  const auto isUpper = [](char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; };
  const auto isLower = [](char c) { return std::islower(static_cast<unsigned char>(c)) != 0; };
  std::string snake;
  for (std::size_t i = 0; i < className.size(); ++i) {
    const bool startsWord = i > 0 && isUpper(className[i]) &&
                            (isLower(className[i - 1]) ||
                             (i + 1 < className.size() && isLower(className[i + 1]) && isUpper(className[i - 1])));
    if (startsWord) snake += '_';
    snake += char(std::tolower(static_cast<unsigned char>(className[i])));
  }
  return snake;
}

}  // namespace layersmith
