#include "model/nn/kernels/FastConvolution.h"

#if !defined(LAYERSMITH_SCALAR_DOUBLE)

#include "model/nn/Threads.h"
#include "model/nn/kernels/Clones.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace layersmith {
inline namespace f32 {
namespace kernels {

namespace {

using dnnl::algorithm;
using dnnl::memory;
using Use = Operand::Use;
using Forward = dnnl::convolution_forward;
using BackwardData = dnnl::convolution_backward_data;
using BackwardWeights = dnnl::convolution_backward_weights;

/// Fewer 4 x 4 tiles than this do not pay for transforming kernel and image.
constexpr std::int64_t kWinogradTiles = 32;
constexpr int kGemmRank = 1;

/// How a pass may be computed, in the order in which they are tried.
struct Candidate {
  algorithm kind;
  DnnlTag x;
  DnnlTag y;
};

/// A layout with another name and the bytes of NHWC: the library has faster code for it.
DnnlTag sameBytes(std::int64_t channels) {
  return channels == 1    ? DnnlTag::nchw
         : channels == 8  ? DnnlTag::nChw8c
         : channels == 16 ? DnnlTag::nChw16c
                          : DnnlTag::nhwc;
}

bool suitsWinograd(const WindowGeometry& g) {
  const auto isOne = [](std::int64_t a, std::int64_t b) { return a == 1 && b == 1; };
  const std::int64_t tiles = g.batch * ((g.outHeight + 3) / 4) * ((g.outWidth + 3) / 4);
  return g.kernelHeight == 3 && g.kernelWidth == 3 && isOne(g.strideY, g.strideX) && isOne(g.dilationY, g.dilationX) &&
         g.groups == 1 && g.inChannels % 16 == 0 && g.outChannels % 16 == 0 && tiles >= kWinogradTiles;
}

std::vector<Candidate> candidates(const WindowGeometry& g) {
  std::vector<Candidate> all;
  if (suitsWinograd(g)) all.push_back({algorithm::convolution_winograd, DnnlTag::any, DnnlTag::any});
  const DnnlTag x = g.groups == 1 ? sameBytes(g.inChannels) : DnnlTag::nhwc;
  const DnnlTag y = g.groups == 1 ? sameBytes(g.outChannels) : DnnlTag::nhwc;
  if (x != DnnlTag::nhwc || y != DnnlTag::nhwc) all.push_back({algorithm::convolution_direct, x, y});
  all.push_back({algorithm::convolution_direct, DnnlTag::nhwc, DnnlTag::nhwc});
  all.push_back({algorithm::convolution_direct, DnnlTag::any, DnnlTag::any});
  return all;
}

/// The best descriptor that `make` gives for the candidates: Winograd where there is one, then the best rank; copies
/// into a layout of the library's choice only to get away from plain loops or copied windows.
template <class Descriptor, class Make>
Descriptor choose(const WindowGeometry& g, const Make& make) {
  std::optional<Descriptor> best;
  int bestRank = -1;
  for (const Candidate& candidate : candidates(g)) {
    if (candidate.x == DnnlTag::any && candidate.kind == algorithm::convolution_direct && bestRank > kGemmRank) break;
    try {
      Descriptor descriptor = make(candidate);
      const int rank = implementationRank(descriptor.impl_info_str());
      if (candidate.kind == algorithm::convolution_winograd) return descriptor;
      if (rank > bestRank) best = std::move(descriptor), bestRank = rank;
    } catch (const dnnl::error& error) {
      if (error.status != dnnl_unimplemented) throw;
    }
  }
  return best.value();
}

memory::desc windowDesc(const memory::dims& dims, const memory::desc& chosen, std::int64_t channels) {
  const memory::desc same = floatsAs(dims, sameBytes(channels));
  return same == chosen ? same : floatsAs(dims, DnnlTag::nhwc);
}

/// to (rows, columns) = from * scale, per column
LAYERSMITH_CLONES void scaleColumns(const Scalar* from, const Scalar* scale, Scalar* to, std::int64_t rows,
                                    std::int64_t columns) {
  for (std::int64_t row = 0; row < rows; ++row)
    for (std::int64_t c = 0; c < columns; ++c) to[row * columns + c] = from[row * columns + c] * scale[c];
}

}  // namespace

struct FastConvolution::Shapes {
  explicit Shapes(const WindowGeometry& g, bool withBias)
      : strides{g.strideY, g.strideX},
        dilates{g.dilationY - 1, g.dilationX - 1},
        low{g.padTop, g.padLeft},
        high{g.padBottom, g.padRight},
        x{g.batch, g.inChannels, g.inHeight, g.inWidth},
        y{g.batch, g.outChannels, g.outHeight, g.outWidth},
        w{g.outChannels, g.inChannels, g.kernelHeight, g.kernelWidth} {
    if (g.groups > 1) w = {g.groups, g.outChannels / g.groups, g.inPerGroup(), g.kernelHeight, g.kernelWidth};
    plainW = floatsAs(w, g.groups > 1 ? DnnlTag::hwigo : DnnlTag::hwio);
    anyW = floatsAs(w, DnnlTag::any);
    if (withBias) bias = floatsAs({g.outChannels}, DnnlTag::a);
  }

  memory::dims strides, dilates, low, high, x, y, w;
  memory::desc plainW, anyW, bias;
};

FastConvolution::FastConvolution(const WindowGeometry& geometry, const ConvolutionOptions& options, ScratchPad& scratch)
    : m_geometry(geometry),
      m_scratch(&scratch),
      m_threads(threadsFor(std::int64_t(geometry.flops() / 32))),
      m_isScaled(options.isScaled),
      m_addsToOutput(options.addsToOutput),
      m_withRelu(options.withRelu),
      m_largest(options.largest) {
  const ThreadScope scope(m_threads);
  const Shapes shapes(geometry, options.hasBias || options.isScaled);
  if (shapes.bias) m_bias = placeless(shapes.bias);
  makeForward(shapes, options);
  if (options.forTraining) makeBackward(shapes);
  makeOurs(options);
}

void FastConvolution::makeOurs(const ConvolutionOptions& options) {
  m_isForwardOurs = !options.isScaled && !options.addsToOutput && FewChannels::suitsForward(m_geometry);
  m_isGradientOurs = options.forTraining && FewChannels::suitsGradient(m_geometry);
  if (!m_isForwardOurs && !m_isGradientOurs) return;
  m_few.emplace(m_geometry, *m_scratch, options.forTraining);
  const std::string name = "layersmith_few_channels";
  if (m_isForwardOurs) m_forwardName = name;
  if (m_isGradientOurs) m_backwardName = name + m_backwardName.substr(m_backwardName.find(','));
}

void FastConvolution::makeForward(const Shapes& shapes, const ConvolutionOptions& options) {
  dnnl::post_ops tail;
  if (options.addsToOutput) tail.append_sum(1.0f);
  if (options.withRelu && std::isfinite(options.largest))
    tail.append_eltwise(1.0f, algorithm::eltwise_bounded_relu, options.largest, 0.0f);
  else if (options.withRelu)
    tail.append_eltwise(1.0f, algorithm::eltwise_relu, 0.0f, 0.0f);
  dnnl::primitive_attr attributes = scratchAttributes();
  attributes.set_post_ops(tail);
  const auto kind = options.forTraining ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference;
  const auto descriptor = choose<Forward::primitive_desc>(m_geometry, [&](const Candidate& c) {
    const Forward::desc desc(kind, c.kind, floatsAs(shapes.x, c.x), shapes.anyW, shapes.bias, floatsAs(shapes.y, c.y),
                             shapes.strides, shapes.dilates, shapes.low, shapes.high);
    return Forward::primitive_desc(desc, attributes, dnnlEngine());
  });
  m_forwardDescriptor = std::make_shared<Forward::primitive_desc>(descriptor);
  m_forwardName = descriptor.impl_info_str();

  ScratchPlan room;
  const memory::desc x = descriptor.src_desc(), y = descriptor.dst_desc();
  m_forward.primitive = Primitive(Forward(descriptor), descriptor.scratchpad_desc());
  m_forward.x.operand = Operand(windowDesc(shapes.x, x, m_geometry.inChannels), x, Use::Read);
  m_forward.w.operand = Operand(shapes.plainW, descriptor.weights_desc(), Use::Read, Operand::Copy::Kept);
  m_forward.y.operand = Operand(windowDesc(shapes.y, y, m_geometry.outChannels), y,
                                options.addsToOutput ? Use::ReadAndWrite : Use::Write);
  m_forward.x.at = room.take(m_forward.x.operand.scratchBytes());
  m_forward.y.at = room.take(m_forward.y.operand.scratchBytes());
  m_forward.scratchAt = room.take(m_forward.primitive.scratchBytes());
  m_forward.primitive.add(DNNL_ARG_SRC, m_forward.x.operand.wanted());
  m_forward.primitive.add(DNNL_ARG_WEIGHTS, m_forward.w.operand.wanted());
  m_forward.primitive.add(DNNL_ARG_DST, m_forward.y.operand.wanted());
  if (shapes.bias) m_forward.primitive.add(DNNL_ARG_BIAS, m_bias);
  if (m_isScaled) {
    m_foldedBias.resize(std::size_t(m_geometry.outChannels));
    const std::size_t bytes = shapes.plainW.get_size();
    if (m_forward.w.operand.isCopied())
      m_foldAt = room.take(bytes);
    else
      m_foldedKernel.resize(bytes / sizeof(Scalar));
  }
  m_scratch->need(room.bytes());
}

void FastConvolution::makeBackward(const Shapes& shapes) {
  const auto& hint = *std::static_pointer_cast<Forward::primitive_desc>(m_forwardDescriptor);
  const dnnl::primitive_attr attributes = scratchAttributes();
  const auto data = choose<BackwardData::primitive_desc>(m_geometry, [&](const Candidate& c) {
    const BackwardData::desc desc(c.kind, floatsAs(shapes.x, c.x), shapes.anyW, floatsAs(shapes.y, c.y), shapes.strides,
                                  shapes.dilates, shapes.low, shapes.high);
    return BackwardData::primitive_desc(desc, attributes, dnnlEngine(), hint);
  });
  const auto weights = choose<BackwardWeights::primitive_desc>(m_geometry, [&](const Candidate& c) {
    const BackwardWeights::desc desc(c.kind, floatsAs(shapes.x, c.x), shapes.anyW, shapes.bias, floatsAs(shapes.y, c.y),
                                     shapes.strides, shapes.dilates, shapes.low, shapes.high);
    return BackwardWeights::primitive_desc(desc, attributes, dnnlEngine(), hint);
  });
  m_backwardName = std::string(weights.impl_info_str()) + ", " + data.impl_info_str();

  const auto image = [&](const memory::dims& dims, const memory::desc& chosen, std::int64_t channels, Use use) {
    return Operand(windowDesc(dims, chosen, channels), chosen, use);
  };
  ScratchPlan room;
  m_weights.primitive = Primitive(BackwardWeights(weights), weights.scratchpad_desc());
  m_weights.x.operand = image(shapes.x, weights.src_desc(), m_geometry.inChannels, Use::Read);
  m_weights.y.operand = image(shapes.y, weights.diff_dst_desc(), m_geometry.outChannels, Use::Read);
  m_weights.w.operand = Operand(shapes.plainW, weights.diff_weights_desc(), Use::Write);
  m_data.primitive = Primitive(BackwardData(data), data.scratchpad_desc());
  m_data.x.operand = image(shapes.x, data.diff_src_desc(), m_geometry.inChannels, Use::Write);
  m_data.y.operand = image(shapes.y, data.diff_dst_desc(), m_geometry.outChannels, Use::Read);
  m_data.w.operand = Operand(shapes.plainW, data.weights_desc(), Use::Read, Operand::Copy::Kept);
  m_sharesGradient = weights.diff_dst_desc() == data.diff_dst_desc();

  // The copy of dy comes first for both; what else the two need may overlap.
  m_weights.y.at = m_data.y.at =
      room.take(std::max(m_weights.y.operand.scratchBytes(), m_data.y.operand.scratchBytes()));
  ScratchPlan forData = room;
  m_weights.x.at = room.take(m_weights.x.operand.scratchBytes());
  m_weights.w.at = room.take(m_weights.w.operand.scratchBytes());
  m_weights.scratchAt = room.take(m_weights.primitive.scratchBytes());
  m_data.x.at = forData.take(m_data.x.operand.scratchBytes());
  m_data.scratchAt = forData.take(m_data.primitive.scratchBytes());
  m_scratch->need(std::max(room.bytes(), forData.bytes()));

  m_weights.primitive.add(DNNL_ARG_SRC, m_weights.x.operand.wanted());
  m_weights.primitive.add(DNNL_ARG_DIFF_DST, m_weights.y.operand.wanted());
  m_weights.primitive.add(DNNL_ARG_DIFF_WEIGHTS, m_weights.w.operand.wanted());
  if (shapes.bias) {
    m_biasGradient = placeless(shapes.bias);
    m_weights.primitive.add(DNNL_ARG_DIFF_BIAS, m_biasGradient);
  }
  m_data.primitive.add(DNNL_ARG_DIFF_DST, m_data.y.operand.wanted());
  m_data.primitive.add(DNNL_ARG_WEIGHTS, m_data.w.operand.wanted());
  m_data.primitive.add(DNNL_ARG_DIFF_SRC, m_data.x.operand.wanted());
}

void FastConvolution::fold(const Scalar* kernel, const Scalar* bias, const ChannelAffineAt& affine, Scalar* to) {
  const std::int64_t channels = m_geometry.outChannels;
  std::vector<Scalar> scale(static_cast<std::size_t>(channels));
  for (std::int64_t c = 0; c < channels; ++c) {
    const auto at = std::size_t(c);
    scale[at] = (affine.gamma ? affine.gamma[c] : 1) / std::sqrt(affine.variance[c] + affine.epsilon);
    m_foldedBias[at] = (affine.beta ? affine.beta[c] : 0) + ((bias ? bias[c] : 0) - affine.mean[c]) * scale[at];
  }
  scaleColumns(kernel, scale.data(), to, m_geometry.kernelHeight * m_geometry.kernelWidth * m_geometry.inPerGroup(),
               channels);
}

/// Puts the kernel where the forward primitive reads it: as it is, in the primitive's layout, scaled.
void FastConvolution::readKernel(const Scalar* kernel, const Scalar* bias, const ChannelAffineAt* affine) {
  Operand& w = m_forward.w.operand;
  const Scalar* from = kernel;
  if (m_isScaled) {
    auto* to = w.isCopied() ? reinterpret_cast<Scalar*>(m_scratch->data() + m_foldAt) : m_foldedKernel.data();
    fold(kernel, bias, *affine, to);
    from = to;
  }
  w.at(from, nullptr);
  w.read();
}

void FastConvolution::forward(const Scalar* x, const Scalar* kernel, const Scalar* bias, const ChannelAffineAt* affine,
                              Scalar* y, std::uint64_t weightsVersion) {
  const ThreadScope scope(m_threads);
  if (m_isForwardOurs) return m_few->forward(x, kernel, bias, y, m_withRelu, m_largest);
  std::byte* scratch = m_scratch->data();
  if (m_forwardVersion != weightsVersion) readKernel(kernel, bias, affine);
  m_forwardVersion = weightsVersion;
  m_forward.x.operand.at(x, scratch + m_forward.x.at);
  m_forward.x.operand.read();
  m_forward.y.operand.at(y, scratch + m_forward.y.at);
  if (m_addsToOutput) m_forward.y.operand.read();
  if (m_bias) place(m_bias, m_isScaled ? m_foldedBias.data() : bias);
  m_forward.primitive.run(scratch + m_forward.scratchAt);
  m_forward.y.operand.write();
}

void FastConvolution::backward(const Scalar* x, const Scalar* y, const Scalar* dy, const Scalar* kernel,
                               Scalar* kernelGradient, Scalar* biasGradient, Scalar* dx, std::uint64_t weightsVersion) {
  const ThreadScope scope(m_threads);
  std::byte* scratch = m_scratch->data();
  if (kernelGradient && m_isGradientOurs) m_few->backwardWeights(x, dy, y, m_largest, kernelGradient, biasGradient);
  if (kernelGradient && !m_isGradientOurs) {
    m_weights.x.operand.at(x, scratch + m_weights.x.at);
    m_weights.x.operand.read();
    m_weights.y.operand.at(dy, scratch + m_weights.y.at);
    m_weights.y.operand.read();
    m_weights.w.operand.at(kernelGradient, scratch + m_weights.w.at);
    if (m_biasGradient) place(m_biasGradient, biasGradient);
    m_weights.primitive.run(scratch + m_weights.scratchAt);
    m_weights.w.operand.write();
  }
  if (!dx) return;
  m_data.y.operand.at(dy, scratch + m_data.y.at);
  if (!kernelGradient || m_isGradientOurs || !m_sharesGradient) m_data.y.operand.read();
  m_data.w.operand.at(kernel, nullptr);
  if (m_dataVersion != weightsVersion) m_data.w.operand.read();
  m_dataVersion = weightsVersion;
  m_data.x.operand.at(dx, scratch + m_data.x.at);
  m_data.primitive.run(scratch + m_data.scratchAt);
  m_data.x.operand.write();
}

}  // namespace kernels
}  // namespace f32
}  // namespace layersmith

#endif
