#include "model/nn/kernels/Convolution.h"

#include "model/nn/Threads.h"
#include "model/nn/kernels/Elementwise.h"
#include "model/nn/kernels/PlainWindows.h"

#if !defined(LAYERSMITH_SCALAR_DOUBLE)
#include <oneapi/dnnl/dnnl.hpp>
#endif

#include <cstring>
#include <string>
#include <unordered_map>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

#if defined(LAYERSMITH_SCALAR_DOUBLE)

struct Convolution::Fast {};  // oneDNN 2.6 has no double

Convolution::Convolution(ComputePath path, const WindowGeometry& geometry, bool, bool withRelu, bool)
    : m_path(path), m_geometry(geometry), m_withRelu(withRelu) {}

#else

namespace {

using dnnl::memory;
using Tag = memory::format_tag;

const dnnl::engine& engine() {
  static const dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
  return cpu;
}

memory::desc floats(const memory::dims& dims, Tag tag) {
  return {dims, memory::data_type::f32, tag};
}

/// A memory over the caller's bytes.
memory over(const memory::desc& desc) {
  return memory(desc, engine(), nullptr);
}

void point(memory& at, const Scalar* data) {
  if (at.get_data_handle() != data) at.set_data_handle(const_cast<Scalar*>(data));
}

/// An operand of a primitive: the caller's array, and, where the primitive wants another layout, a copy in it.
struct Operand {
  memory plain;
  memory wanted;
  dnnl::reorder toWanted;
  dnnl::reorder toPlain;
  bool isCopied = false;

  Operand() = default;
  Operand(const memory::desc& plainDesc, const memory::desc& wantedDesc) : plain(over(plainDesc)) {
    isCopied = plainDesc != wantedDesc;
    if (!isCopied) {
      wanted = plain;
      return;
    }
    wanted = memory(wantedDesc, engine());
    toWanted = dnnl::reorder(plain, wanted);
    toPlain = dnnl::reorder(wanted, plain);
  }

  void read(dnnl::stream& stream, const Scalar* data) {
    point(plain, data);
    if (isCopied) toWanted.execute(stream, plain, wanted);
  }
  void write(dnnl::stream& stream) {
    if (isCopied) toPlain.execute(stream, wanted, plain);
  }
};

}  // namespace

struct Convolution::Fast {
  Fast(const WindowGeometry& g, bool hasBias, bool withRelu, bool forTraining);

  memory::dims strides, dilates, padLow, padHigh;
  memory::desc x, w, b, y;        // the caller's layouts
  memory::desc anyX, anyW, anyY;  // the library's choice
  dnnl::stream stream{engine()};
  int threads = 1;

  dnnl::convolution_forward forward;
  Operand forwardX, forwardW, forwardY;
  memory bias, biasGradient;
  std::uint64_t forwardVersion = 0;

  dnnl::convolution_backward_data backwardData;
  Operand dataY, dataW, dataX;
  std::uint64_t dataVersion = 0;

  dnnl::convolution_backward_weights backwardWeights;
  Operand weightsX, weightsY, weightsW;
};

namespace {

bool isSlow(const char* implementation) {
  return std::strstr(implementation, "ref") || std::strstr(implementation, "gemm");
}

}  // namespace

Convolution::Fast::Fast(const WindowGeometry& g, bool hasBias, bool withRelu, bool forTraining)
    : strides{g.strideY, g.strideX},
      dilates{g.dilationY - 1, g.dilationX - 1},
      padLow{g.padTop, g.padLeft},
      padHigh{g.padBottom, g.padRight} {
  const memory::dims xDims{g.batch, g.inChannels, g.inHeight, g.inWidth};
  const memory::dims wDims{g.outChannels, g.inChannels, g.kernelHeight, g.kernelWidth};
  const memory::dims yDims{g.batch, g.outChannels, g.outHeight, g.outWidth};
  x = floats(xDims, Tag::nhwc);
  w = floats(wDims, Tag::hwio);
  b = hasBias ? floats({g.outChannels}, Tag::a) : memory::desc();
  y = floats(yDims, Tag::nhwc);
  anyX = floats(xDims, Tag::any);
  anyW = floats(wDims, Tag::any);
  anyY = floats(yDims, Tag::any);
  const std::int64_t work =
      g.batch * g.outHeight * g.outWidth * g.outChannels * g.kernelHeight * g.kernelWidth * g.inChannels;
  threads = threadsFor(work / 16);
  const ThreadScope scope(threads);

  dnnl::primitive_attr attributes;
  if (withRelu) {
    dnnl::post_ops tail;
    tail.append_eltwise(1.0f, dnnl::algorithm::eltwise_relu, 0.0f, 0.0f);
    attributes.set_post_ops(tail);
  }
  const auto kind = forTraining ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference;
  const auto direct = dnnl::algorithm::convolution_direct;
  const auto forwardDesc = [&](const memory::desc& in, const memory::desc& out) {
    return dnnl::convolution_forward::primitive_desc(
        dnnl::convolution_forward::desc(kind, direct, in, anyW, b, out, strides, dilates, padLow, padHigh), attributes,
        engine());
  };
  auto forwardPd = forwardDesc(x, y);
  if (isSlow(forwardPd.impl_info_str())) forwardPd = forwardDesc(anyX, anyY);
  forward = dnnl::convolution_forward(forwardPd);
  forwardX = Operand(x, forwardPd.src_desc());
  forwardW = Operand(w, forwardPd.weights_desc());
  forwardY = Operand(y, forwardPd.dst_desc());
  if (hasBias) bias = over(b), biasGradient = over(b);
  if (!forTraining) return;

  const auto dataDesc = [&](const memory::desc& in, const memory::desc& out) {
    return dnnl::convolution_backward_data::primitive_desc(
        dnnl::convolution_backward_data::desc(direct, in, anyW, out, strides, dilates, padLow, padHigh), engine(),
        forwardPd);
  };
  auto dataPd = dataDesc(x, y);
  if (isSlow(dataPd.impl_info_str())) dataPd = dataDesc(anyX, anyY);
  backwardData = dnnl::convolution_backward_data(dataPd);
  dataY = Operand(y, dataPd.diff_dst_desc());
  dataW = Operand(w, dataPd.weights_desc());
  dataX = Operand(x, dataPd.diff_src_desc());

  const auto weightsDesc = [&](const memory::desc& in, const memory::desc& out) {
    return dnnl::convolution_backward_weights::primitive_desc(
        dnnl::convolution_backward_weights::desc(direct, in, anyW, b, out, strides, dilates, padLow, padHigh), engine(),
        forwardPd);
  };
  auto weightsPd = weightsDesc(x, y);
  if (isSlow(weightsPd.impl_info_str())) weightsPd = weightsDesc(anyX, anyY);
  backwardWeights = dnnl::convolution_backward_weights(weightsPd);
  weightsX = Operand(x, weightsPd.src_desc());
  weightsY = Operand(y, weightsPd.diff_dst_desc());
  weightsW = Operand(w, weightsPd.diff_weights_desc());
}

Convolution::Convolution(ComputePath path, const WindowGeometry& geometry, bool hasBias, bool withRelu,
                         bool forTraining)
    : m_path(path), m_geometry(geometry), m_withRelu(withRelu) {
  if (path == ComputePath::Fast) m_fast = std::make_unique<Fast>(geometry, hasBias, withRelu, forTraining);
}

#endif

Convolution::~Convolution() = default;

void Convolution::forward(const Scalar* x, const Scalar* kernel, const Scalar* bias, Scalar* y,
                          [[maybe_unused]] std::uint64_t weightsVersion) {
#if !defined(LAYERSMITH_SCALAR_DOUBLE)
  if (m_fast) {
    const ThreadScope scope(m_fast->threads);
    m_fast->forwardX.read(m_fast->stream, x);
    if (m_fast->forwardVersion != weightsVersion || !m_fast->forwardW.isCopied)
      m_fast->forwardW.read(m_fast->stream, kernel);
    m_fast->forwardVersion = weightsVersion;
    point(m_fast->forwardY.plain, y);
    std::unordered_map<int, memory> arguments = {{DNNL_ARG_SRC, m_fast->forwardX.wanted},
                                                 {DNNL_ARG_WEIGHTS, m_fast->forwardW.wanted},
                                                 {DNNL_ARG_DST, m_fast->forwardY.wanted}};
    if (bias) {
      point(m_fast->bias, bias);
      arguments.emplace(DNNL_ARG_BIAS, m_fast->bias);
    }
    m_fast->forward.execute(m_fast->stream, arguments);
    m_fast->forwardY.write(m_fast->stream);
    return;
  }
#endif
  plainConvolution(m_geometry, x, kernel, bias, y);
  if (!m_withRelu) return;
  const std::int64_t count = m_geometry.batch * m_geometry.outHeight * m_geometry.outWidth * m_geometry.outChannels;
  for (std::int64_t i = 0; i < count; ++i)
    if (y[i] < 0) y[i] = 0;
}

void Convolution::backwardData(const Scalar* dy, const Scalar* kernel, Scalar* dx,
                               [[maybe_unused]] std::uint64_t weightsVersion) {
#if !defined(LAYERSMITH_SCALAR_DOUBLE)
  if (m_fast) {
    const ThreadScope scope(m_fast->threads);
    m_fast->dataY.read(m_fast->stream, dy);
    if (m_fast->dataVersion != weightsVersion || !m_fast->dataW.isCopied) m_fast->dataW.read(m_fast->stream, kernel);
    m_fast->dataVersion = weightsVersion;
    point(m_fast->dataX.plain, dx);
    m_fast->backwardData.execute(m_fast->stream, {{DNNL_ARG_DIFF_DST, m_fast->dataY.wanted},
                                                  {DNNL_ARG_WEIGHTS, m_fast->dataW.wanted},
                                                  {DNNL_ARG_DIFF_SRC, m_fast->dataX.wanted}});
    m_fast->dataX.write(m_fast->stream);
    return;
  }
#endif
  plainConvolutionData(m_geometry, dy, kernel, dx);
}

void Convolution::backwardWeights(const Scalar* x, const Scalar* dy, Scalar* kernelGradient, Scalar* biasGradient) {
#if !defined(LAYERSMITH_SCALAR_DOUBLE)
  if (m_fast) {
    const ThreadScope scope(m_fast->threads);
    m_fast->weightsX.read(m_fast->stream, x);
    m_fast->weightsY.read(m_fast->stream, dy);
    point(m_fast->weightsW.plain, kernelGradient);
    std::unordered_map<int, memory> arguments = {{DNNL_ARG_SRC, m_fast->weightsX.wanted},
                                                 {DNNL_ARG_DIFF_DST, m_fast->weightsY.wanted},
                                                 {DNNL_ARG_DIFF_WEIGHTS, m_fast->weightsW.wanted}};
    if (biasGradient) {
      point(m_fast->biasGradient, biasGradient);
      arguments.emplace(DNNL_ARG_DIFF_BIAS, m_fast->biasGradient);
    }
    m_fast->backwardWeights.execute(m_fast->stream, arguments);
    m_fast->weightsW.write(m_fast->stream);
    return;
  }
#endif
  plainConvolutionWeights(m_geometry, x, dy, kernelGradient);
  if (biasGradient)
    sumRows(dy, biasGradient, m_geometry.batch * m_geometry.outHeight * m_geometry.outWidth, m_geometry.outChannels);
}

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith
