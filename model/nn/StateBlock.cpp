#include "model/nn/StateBlock.h"

#include "model/core/Error.h"

#include <algorithm>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

Scalar* StateBlock::values(LayerId layer, std::string_view role, const Shape& shape) {
  State& state = m_states[{layer, std::string(role)}];
  if (state.shape.empty()) {
    state = {shape, Arena(std::size_t(elementCount(shape)) * sizeof(Scalar))};
  } else if (state.shape != shape) {
    throw Error(ErrorKind::ShapeMismatch, "A stateful layer needs batches of one size: its state is of " +
                                              std::to_string(state.shape.front()) + " samples, this batch of " +
                                              std::to_string(shape.front()) +
                                              ". Choose a batch size that divides the number of samples.");
  }
  return reinterpret_cast<Scalar*>(state.values.data());
}

void StateBlock::reset() {
  for (auto& [key, state] : m_states)
    std::fill_n(reinterpret_cast<Scalar*>(state.values.data()), elementCount(state.shape), Scalar(0));
}

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith
