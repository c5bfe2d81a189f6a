#pragma once

#include "model/nn/ActivationType.h"
#include "model/nn/PlanBuilder.h"
#include "model/nn/kernels/Convolution.h"

#include <memory>
#include <string_view>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

/// The steps of y = activation(convolution(x, kernel) + bias), for every layer that convolves. At inference they take
/// over batch normalization, a skip connection and a relu that follow, when y is the layer's output.
class ConvolutionSteps {
 public:
  /// Roles name weights of the layer being compiled; an absent bias is none.
  ConvolutionSteps(PlanBuilder& plan, Value x, Value y, const kernels::WindowGeometry& geometry,
                   std::string_view kernelRole, std::string_view biasRole, ActivationType activation);

  void addForward();
  /// `dx` may be invalid: nobody needs it.
  void addBackward(Value dy, Value dx);

 private:
  struct Work;

  PlanBuilder& m_plan;
  Value m_x, m_y, m_z, m_kernel, m_bias;
  std::string_view m_kernelRole, m_biasRole;
  ActivationType m_activation;
  const bool* m_isTailFused = nullptr;
  std::shared_ptr<Work> m_work;
};

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith
