#pragma once

#include "model/core/LayerId.h"
#include "model/core/Scalar.h"
#include "model/nn/Arena.h"
#include "model/nn/WeightBuffer.h"
#include "model/nn/WeightDeclaration.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// One weight of a network and its place in the block.
struct Parameter {
  LayerId layer;
  WeightDeclaration declaration;
  bool isTrainable = true;  ///< of the layer and of the weight
  std::int64_t count = 0;
  std::int64_t offset = 0;                       ///< in Scalars
  std::shared_ptr<const WeightBuffer> borrowed;  ///< its values stay there until own(); null: they are in the block
  Scalar* address = nullptr;
};

/// All weights of a network in one contiguous block, the trainable ones first, in the order of TensorFlow.js'
/// model.weights: so an optimizer is one pass. Gaps between weights are zero and stay zero. For inference a large
/// weight may stay where it was read instead; then it is not written to. Addresses change in own() only.
class ParameterBlock {
 public:
  ParameterBlock() = default;
  explicit ParameterBlock(std::vector<Parameter> parameters);  ///< counts, offsets and addresses are filled in here

  bool isBorrowing() const { return m_isBorrowing; }
  void own();  ///< copies what is borrowed into the block: before anything is trained

  const std::vector<Parameter>& parameters() const { return m_parameters; }
  const Parameter* find(LayerId layer, std::string_view role) const;
  std::span<Scalar> values(const Parameter& parameter) const;
  std::span<Scalar> gradients(const Parameter& parameter) const;  ///< of a trainable one; after needGradients()

  // REQUIRES of the next three: not isBorrowing().
  std::span<Scalar> trainable() const;           ///< every trainable weight, gaps included
  std::span<Scalar> trainableGradients() const;  ///< same layout
  std::span<Scalar> all() const;
  void needGradients();
  bool hasGradients() const { return m_gradients.data() != nullptr; }

  std::uint64_t version = 1;  ///< count it up after every change of values

 private:
  std::vector<Parameter> m_parameters;
  std::int64_t m_trainableSize = 0;
  std::int64_t m_size = 0;
  bool m_isBorrowing = false;
  Arena m_values;
  Arena m_gradients;
};

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith
