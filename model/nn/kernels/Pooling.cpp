#include "model/nn/kernels/Pooling.h"

#include "model/nn/Threads.h"
#include "model/nn/kernels/Primitive.h"

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
  Fast(PoolingKind, const WindowGeometry&, bool, ScratchPad&) {}
  void forward(const Scalar*, Scalar*) {}
  void backward(const Scalar*, Scalar*) {}
  std::string name;
};

#else

struct Pooling::Fast {
  Fast(PoolingKind pooling, const WindowGeometry& g, bool forTraining, ScratchPad& pad)
      : scratch(&pad), threads(threadsFor(g.batch * g.inHeight * g.inWidth * g.inChannels)) {
    const dnnl::memory::desc xDesc = floatsAs({g.batch, g.inChannels, g.inHeight, g.inWidth}, DnnlTag::nhwc);
    const dnnl::memory::desc yDesc = floatsAs({g.batch, g.outChannels, g.outHeight, g.outWidth}, DnnlTag::nhwc);
    const dnnl::memory::dims strides{g.strideY, g.strideX}, window{g.kernelHeight, g.kernelWidth};
    const dnnl::memory::dims low{g.padTop, g.padLeft}, high{g.padBottom, g.padRight};
    const ThreadScope scope(threads);
    const auto kind = forTraining ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference;
    const auto algorithm =
        pooling == PoolingKind::Max ? dnnl::algorithm::pooling_max : dnnl::algorithm::pooling_avg_exclude_padding;
    const dnnl::pooling_forward::primitive_desc descriptor({kind, algorithm, xDesc, yDesc, strides, window, low, high},
                                                           scratchAttributes(), dnnlEngine());
    forwardPass = Primitive(dnnl::pooling_forward(descriptor), descriptor.scratchpad_desc());
    forwardPass.add(DNNL_ARG_SRC, x = placeless(xDesc));
    forwardPass.add(DNNL_ARG_DST, y = placeless(yDesc));
    name = descriptor.impl_info_str();
    pad.need(forwardPass.scratchBytes());
    if (!forTraining) return;
    const dnnl::pooling_backward::primitive_desc back({algorithm, xDesc, yDesc, strides, window, low, high},
                                                      scratchAttributes(), dnnlEngine(), descriptor);
    backwardPass = Primitive(dnnl::pooling_backward(back), back.scratchpad_desc());
    backwardPass.add(DNNL_ARG_DIFF_DST, dy = placeless(yDesc));
    backwardPass.add(DNNL_ARG_DIFF_SRC, dx = placeless(xDesc));
    pad.need(backwardPass.scratchBytes());
    if (pooling != PoolingKind::Max) return;
    const dnnl::memory workspace(descriptor.workspace_desc(), dnnlEngine());  // lives from forward to backward
    forwardPass.add(DNNL_ARG_WORKSPACE, workspace);
    backwardPass.add(DNNL_ARG_WORKSPACE, workspace);
  }

  void forward(const Scalar* from, Scalar* to) {
    const ThreadScope scope(threads);
    place(x, from);
    place(y, to);
    forwardPass.run(scratch->data());
  }

  void backward(const Scalar* from, Scalar* to) {
    const ThreadScope scope(threads);
    place(dy, from);
    place(dx, to);
    backwardPass.run(scratch->data());
  }

  ScratchPad* scratch;
  int threads;
  std::string name;
  Primitive forwardPass, backwardPass;
  dnnl::memory x, y, dx, dy;
};

#endif

Pooling::Pooling(PoolingKind kind, ComputePath path, const WindowGeometry& geometry, bool forTraining,
                 ScratchPad& scratch) {
  if (path == ComputePath::Fast) {
    m_fast = std::make_unique<Fast>(kind, geometry, forTraining, scratch);
    return;
  }
  const std::int64_t outputs = geometry.batch * geometry.outHeight * geometry.outWidth * geometry.outChannels;
  m_plain = std::make_unique<Plain>(Plain{kind, geometry, std::vector<std::int64_t>(std::size_t(outputs))});
}

Pooling::~Pooling() = default;

std::string Pooling::kernel() const {
  return m_fast ? m_fast->name : "reference";
}

void Pooling::forward(const Scalar* x, Scalar* y) {
  m_fast ? m_fast->forward(x, y) : m_plain->forward(x, y);
}

void Pooling::backward(const Scalar* dy, Scalar* dx) {
  m_fast ? m_fast->backward(dy, dx) : m_plain->backward(dy, dx);
}

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith
