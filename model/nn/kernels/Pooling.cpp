#include "model/nn/kernels/Pooling.h"

#include "model/nn/Threads.h"

#if !defined(LAYERSMITH_SCALAR_DOUBLE)
#include <oneapi/dnnl/dnnl.hpp>
#endif

#include <algorithm>
#include <vector>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

/// One loop per axis. Kept per output: the place of the maximum, or how many values were averaged.
struct Pooling::Plain {
  PoolingKind kind;
  WindowGeometry g;
  std::vector<std::int64_t> from;

  /// visit(output place, sample, row, column, channel)
  template <class Visit>
  void eachOutput(const Visit& visit) const {
    std::int64_t out = 0;
    for (std::int64_t n = 0; n < g.batch; ++n)
      for (std::int64_t oy = 0; oy < g.outHeight; ++oy)
        for (std::int64_t ox = 0; ox < g.outWidth; ++ox)
          for (std::int64_t c = 0; c < g.outChannels; ++c, ++out) visit(out, n, oy, ox, c);
  }

  /// visit(input place) for every value of a window that lies within the image.
  template <class Visit>
  void eachInput(std::int64_t n, std::int64_t oy, std::int64_t ox, std::int64_t c, const Visit& visit) const {
    for (std::int64_t ky = 0; ky < g.kernelHeight; ++ky)
      for (std::int64_t kx = 0; kx < g.kernelWidth; ++kx) {
        const std::int64_t iy = oy * g.strideY + ky - g.padTop;
        const std::int64_t ix = ox * g.strideX + kx - g.padLeft;
        if (iy < 0 || iy >= g.inHeight || ix < 0 || ix >= g.inWidth) continue;
        visit(((n * g.inHeight + iy) * g.inWidth + ix) * g.inChannels + c);
      }
  }

  void forward(const Scalar* x, Scalar* y) {
    eachOutput([&](std::int64_t out, std::int64_t n, std::int64_t oy, std::int64_t ox, std::int64_t c) {
      std::int64_t best = -1, count = 0;
      Scalar sum = 0;
      eachInput(n, oy, ox, c, [&](std::int64_t at) {
        if (best < 0 || x[at] > x[best] || x[at] != x[at]) best = at;
        sum += x[at];
        ++count;
      });
      from[std::size_t(out)] = kind == PoolingKind::Max ? best : count;
      y[out] = kind == PoolingKind::Max ? x[best] : sum / Scalar(count);
    });
  }

  void backward(const Scalar* dy, Scalar* dx) const {
    std::fill_n(dx, g.batch * g.inHeight * g.inWidth * g.inChannels, Scalar(0));
    if (kind == PoolingKind::Max) {
      for (std::size_t i = 0; i < from.size(); ++i) dx[from[i]] += dy[i];
      return;
    }
    eachOutput([&](std::int64_t out, std::int64_t n, std::int64_t oy, std::int64_t ox, std::int64_t c) {
      const Scalar share = dy[out] / Scalar(from[std::size_t(out)]);
      eachInput(n, oy, ox, c, [&](std::int64_t at) { dx[at] += share; });
    });
  }
};

#if defined(LAYERSMITH_SCALAR_DOUBLE)

struct Pooling::Fast {  // oneDNN 2.6 has no double
  Fast(PoolingKind, const WindowGeometry&, bool) {}
  void forward(const Scalar*, Scalar*) {}
  void backward(const Scalar*, Scalar*) {}
};

#else

struct Pooling::Fast {
  using memory = dnnl::memory;

  Fast(PoolingKind pooling, const WindowGeometry& g, bool forTraining)
      : engine(dnnl::engine::kind::cpu, 0), stream(engine), hasWorkspace(forTraining && pooling == PoolingKind::Max) {
    const auto f32 = memory::data_type::f32;
    const memory::desc xDesc({g.batch, g.inChannels, g.inHeight, g.inWidth}, f32, memory::format_tag::nhwc);
    const memory::desc yDesc({g.batch, g.outChannels, g.outHeight, g.outWidth}, f32, memory::format_tag::nhwc);
    const memory::dims strides{g.strideY, g.strideX}, window{g.kernelHeight, g.kernelWidth};
    const memory::dims low{g.padTop, g.padLeft}, high{g.padBottom, g.padRight};
    threads = threadsFor(g.batch * g.inHeight * g.inWidth * g.inChannels);
    const ThreadScope scope(threads);
    const auto kind = forTraining ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference;
    const auto algorithm =
        pooling == PoolingKind::Max ? dnnl::algorithm::pooling_max : dnnl::algorithm::pooling_avg_exclude_padding;
    const dnnl::pooling_forward::primitive_desc forwardPd(
        dnnl::pooling_forward::desc(kind, algorithm, xDesc, yDesc, strides, window, low, high), engine);
    forwardPrimitive = dnnl::pooling_forward(forwardPd);
    x = memory(xDesc, engine, nullptr);
    y = memory(yDesc, engine, nullptr);
    if (!forTraining) return;
    if (hasWorkspace) workspace = memory(forwardPd.workspace_desc(), engine);
    const dnnl::pooling_backward::primitive_desc backwardPd(
        dnnl::pooling_backward::desc(algorithm, xDesc, yDesc, strides, window, low, high), engine, forwardPd);
    backwardPrimitive = dnnl::pooling_backward(backwardPd);
    dx = memory(xDesc, engine, nullptr);
    dy = memory(yDesc, engine, nullptr);
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
    if (hasWorkspace)
      backwardPrimitive.execute(stream,
                                {{DNNL_ARG_DIFF_DST, dy}, {DNNL_ARG_DIFF_SRC, dx}, {DNNL_ARG_WORKSPACE, workspace}});
    else
      backwardPrimitive.execute(stream, {{DNNL_ARG_DIFF_DST, dy}, {DNNL_ARG_DIFF_SRC, dx}});
  }

  dnnl::engine engine;
  dnnl::stream stream;
  bool hasWorkspace;
  int threads = 1;
  dnnl::pooling_forward forwardPrimitive;
  dnnl::pooling_backward backwardPrimitive;
  memory x, y, dx, dy, workspace;
};

#endif

Pooling::Pooling(PoolingKind kind, ComputePath path, const WindowGeometry& geometry, bool forTraining) {
  if (path == ComputePath::Fast) {
    m_fast = std::make_unique<Fast>(kind, geometry, forTraining);
    return;
  }
  const std::int64_t outputs = geometry.batch * geometry.outHeight * geometry.outWidth * geometry.outChannels;
  m_plain = std::make_unique<Plain>(Plain{kind, geometry, std::vector<std::int64_t>(std::size_t(outputs))});
}

Pooling::~Pooling() = default;

void Pooling::forward(const Scalar* x, Scalar* y) {
  m_fast ? m_fast->forward(x, y) : m_plain->forward(x, y);
}

void Pooling::backward(const Scalar* dy, Scalar* dx) {
  m_fast ? m_fast->backward(dy, dx) : m_plain->backward(dy, dx);
}

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith
