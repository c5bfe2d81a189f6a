#pragma once

#include "model/core/FieldSpec.h"
#include "model/core/Scalar.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

class Layer;
struct LayerSetup;

/// The group a layer type belongs to: its place in the palette, its colour and glyph (resources/tokens.json,
/// layerFamily). The names are those of tokens.json.
enum class Category {
  Input,
  Core,
  Activation,
  Convolution,
  Pooling,
  Normalization,
  Regularization,
  Recurrent,
  Embedding,
  Merge,
  Reshape,
  Resample,
  Preprocessing,
  Wrapper
};
std::string_view familyName(Category category);   ///< "convolution": key of tokens.json and of resources/icons/layers
std::string_view displayName(Category category);  ///< "Convolution": heading in the palette

/// One layer type: everything the registry knows of it. Made by the one function of its file, e.g. dense().
struct LayerType {
  std::string className;
  Category category;
  std::string help;  ///< one sentence for palette and help: "Fully connected layer."
  const FieldList& (*fields)();
  std::unique_ptr<Layer> (*make)(const LayerSetup&);
  std::vector<std::string> summaryFields;  ///< what a card shows, in order: {"units", "activation"}
};

/// All layer types this build knows, in the order of the CMake list. Immutable; use from any thread.
std::span<const LayerType> layerTypes();

/// nullptr when the class is not known here.
const LayerType* findLayerType(std::string_view className);

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith
