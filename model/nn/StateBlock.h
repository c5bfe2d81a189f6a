#pragma once

#include "model/core/LayerId.h"
#include "model/core/Scalar.h"
#include "model/core/Shape.h"
#include "model/nn/Arena.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// What stateful layers remember from one batch to the next: shared by all plans of a network, never saved.
/// Zeros at first. Addresses never change.
class StateBlock {
 public:
  /// Errors: ShapeMismatch when the state is there with another shape, which is when batches have different sizes.
  Scalar* values(LayerId layer, std::string_view role, const Shape& shape);

  void reset();  ///< back to zeros

 private:
  struct State {
    Shape shape;
    Arena values;
  };
  std::map<std::pair<LayerId, std::string>, State> m_states;
};

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith
