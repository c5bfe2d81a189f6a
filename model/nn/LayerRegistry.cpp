#include "model/nn/LayerRegistry.h"

#include "model/nn/Layer.h"

#include <algorithm>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

std::string_view familyName(Category category) {
  switch (category) {
    case Category::Input: return "input";
    case Category::Core: return "core";
    case Category::Activation: return "activation";
    case Category::Convolution: return "convolution";
    case Category::Pooling: return "pooling";
    case Category::Normalization: return "normalization";
    case Category::Regularization: return "regularization";
    case Category::Recurrent: return "recurrent";
    case Category::Embedding: return "embedding";
    case Category::Merge: return "merge";
    case Category::Reshape: return "reshape";
    case Category::Resample: return "resample";
    case Category::Preprocessing: return "preprocessing";
    case Category::Wrapper: return "wrapper";
  }
  return "core";
}

std::string_view displayName(Category category) {
  switch (category) {
    case Category::Input: return "Input";
    case Category::Core: return "Core";
    case Category::Activation: return "Activation";
    case Category::Convolution: return "Convolution";
    case Category::Pooling: return "Pooling";
    case Category::Normalization: return "Normalization";
    case Category::Regularization: return "Regularization";
    case Category::Recurrent: return "Recurrent";
    case Category::Embedding: return "Embedding";
    case Category::Merge: return "Merge";
    case Category::Reshape: return "Reshape";
    case Category::Resample: return "Resample";
    case Category::Preprocessing: return "Preprocessing";
    case Category::Wrapper: return "Wrapper";
  }
  return "Core";
}

const LayerType* findLayerType(std::string_view className) {
  const auto types = layerTypes();
  const auto it = std::ranges::find(types, className, &LayerType::className);
  return it == types.end() ? nullptr : &*it;
}

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith
