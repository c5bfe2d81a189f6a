#include "model/nn/Threads.h"
#include "model/nn/kernels/Clones.h"
#include "model/nn/kernels/Convolution.h"

#if !defined(LAYERSMITH_SCALAR_DOUBLE)
#include <oneapi/dnnl/dnnl.hpp>
#endif

#include <algorithm>
#include <vector>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

/// One loop per axis; the index of the maximum is kept per output.
struct MaxPooling::Plain {
  WindowGeometry g;
  std::vector<std::int64_t> from;

  void forward(const Scalar* x, Scalar* y) {
    std::int64_t out = 0;
    for (std::int64_t n = 0; n < g.batch; ++n)
      for (std::int64_t oy = 0; oy < g.outHeight; ++oy)
        for (std::int64_t ox = 0; ox < g.outWidth; ++ox)
          for (std::int64_t c = 0; c < g.outChannels; ++c, ++out) {
            const std::int64_t best = largest(x, n, oy, ox, c);
            from[std::size_t(out)] = best;
            y[out] = x[best];
          }
  }

  std::int64_t largest(const Scalar* x, std::int64_t n, std::int64_t oy, std::int64_t ox, std::int64_t c) const {
    std::int64_t best = -1;
    for (std::int64_t ky = 0; ky < g.kernelHeight; ++ky)
      for (std::int64_t kx = 0; kx < g.kernelWidth; ++kx) {
        const std::int64_t iy = oy * g.strideY + ky - g.padTop;
        const std::int64_t ix = ox * g.strideX + kx - g.padLeft;
        if (iy < 0 || iy >= g.inHeight || ix < 0 || ix >= g.inWidth) continue;
        const std::int64_t at = ((n * g.inHeight + iy) * g.inWidth + ix) * g.inChannels + c;
        if (best < 0 || x[at] > x[best] || x[at] != x[at]) best = at;
      }
    return best;
  }

  void backward(const Scalar* dy, Scalar* dx) const {
    std::fill_n(dx, g.batch * g.inHeight * g.inWidth * g.inChannels, Scalar(0));
    for (std::size_t i = 0; i < from.size(); ++i) dx[from[i]] += dy[i];
  }
};

#if defined(LAYERSMITH_SCALAR_DOUBLE)

struct MaxPooling::Fast {  // oneDNN 2.6 has no double
  explicit Fast(const WindowGeometry&, bool) {}
  void forward(const Scalar*, Scalar*) {}
  void backward(const Scalar*, Scalar*) {}
};

#else

struct MaxPooling::Fast {
  using memory = dnnl::memory;

  Fast(const WindowGeometry& g, bool forTraining) : engine(dnnl::engine::kind::cpu, 0), stream(engine) {
    const auto f32 = memory::data_type::f32;
    const memory::desc xDesc({g.batch, g.inChannels, g.inHeight, g.inWidth}, f32, memory::format_tag::nhwc);
    const memory::desc yDesc({g.batch, g.outChannels, g.outHeight, g.outWidth}, f32, memory::format_tag::nhwc);
    const memory::dims strides{g.strideY, g.strideX}, window{g.kernelHeight, g.kernelWidth};
    const memory::dims low{g.padTop, g.padLeft}, high{g.padBottom, g.padRight};
    threads = threadsFor(g.batch * g.inHeight * g.inWidth * g.inChannels);
    const ThreadScope scope(threads);
    const auto kind = forTraining ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference;
    const auto best = dnnl::algorithm::pooling_max;
    const dnnl::pooling_forward::primitive_desc forwardPd(
        dnnl::pooling_forward::desc(kind, best, xDesc, yDesc, strides, window, low, high), engine);
    forwardPrimitive = dnnl::pooling_forward(forwardPd);
    x = memory(xDesc, engine, nullptr);
    y = memory(yDesc, engine, nullptr);
    if (!forTraining) return;
    workspace = memory(forwardPd.workspace_desc(), engine);
    const dnnl::pooling_backward::primitive_desc backwardPd(
        dnnl::pooling_backward::desc(best, xDesc, yDesc, strides, window, low, high), engine, forwardPd);
    backwardPrimitive = dnnl::pooling_backward(backwardPd);
    dx = memory(xDesc, engine, nullptr);
    dy = memory(yDesc, engine, nullptr);
    hasWorkspace = true;
  }

  void forward(const Scalar* from, Scalar* to) {
    const ThreadScope scope(threads);
    x.set_data_handle(const_cast<Scalar*>(from));
    y.set_data_handle(to);
    if (hasWorkspace)
      forwardPrimitive.execute(stream, {{DNNL_ARG_SRC, x}, {DNNL_ARG_DST, y}, {DNNL_ARG_WORKSPACE, workspace}});
    else
      forwardPrimitive.execute(stream, {{DNNL_ARG_SRC, x}, {DNNL_ARG_DST, y}});
  }

  void backward(const Scalar* from, Scalar* to) {
    const ThreadScope scope(threads);
    dy.set_data_handle(const_cast<Scalar*>(from));
    dx.set_data_handle(to);
    backwardPrimitive.execute(stream,
                              {{DNNL_ARG_DIFF_DST, dy}, {DNNL_ARG_DIFF_SRC, dx}, {DNNL_ARG_WORKSPACE, workspace}});
  }

  dnnl::engine engine;
  dnnl::stream stream;
  int threads = 1;
  bool hasWorkspace = false;
  dnnl::pooling_forward forwardPrimitive;
  dnnl::pooling_backward backwardPrimitive;
  memory x, y, dx, dy, workspace;
};

#endif

MaxPooling::MaxPooling(ComputePath path, const WindowGeometry& geometry, bool forTraining) {
  if (path == ComputePath::Fast) {
    m_fast = std::make_unique<Fast>(geometry, forTraining);
    return;
  }
  m_plain = std::make_unique<Plain>();
  m_plain->g = geometry;
  m_plain->from.resize(std::size_t(geometry.batch * geometry.outHeight * geometry.outWidth * geometry.outChannels));
}

MaxPooling::~MaxPooling() = default;

void MaxPooling::forward(const Scalar* x, Scalar* y) {
  m_fast ? m_fast->forward(x, y) : m_plain->forward(x, y);
}

void MaxPooling::backward(const Scalar* dy, Scalar* dx) {
  m_fast ? m_fast->backward(dy, dx) : m_plain->backward(dy, dx);
}

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith
