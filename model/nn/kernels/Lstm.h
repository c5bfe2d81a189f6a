#pragma once

#include "model/core/Scalar.h"
#include "model/nn/ActivationType.h"
#include "model/nn/ComputePath.h"
#include "model/nn/Plan.h"

#include <cstdint>
#include <memory>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {
namespace kernels {

struct LstmGeometry {
  std::int64_t batch = 0, steps = 0, features = 0, units = 0;
  ActivationType activation = ActivationType::Tanh;
  ActivationType recurrentActivation = ActivationType::HardSigmoid;
  bool goesBackwards = false;     ///< the last time step first
  bool returnsSequences = false;  ///< y is (batch, steps, units), in the order computed; else (batch, units)
  bool hasRecurrentMask = false;
  bool forTraining = false;
};

/// What one run reads and writes; null where there is none. Gates are in TensorFlow's order: input, forget, cell,
/// output.
struct LstmRun {
  const Scalar* x = nullptr;                ///< (batch, steps, features)
  const Scalar* kernel = nullptr;           ///< (features, 4 units)
  const Scalar* recurrentKernel = nullptr;  ///< (units, 4 units)
  const Scalar* bias = nullptr;             ///< (4 units)
  const Scalar* startH = nullptr;           ///< (batch, units), as the next; null: zeros
  const Scalar* startC = nullptr;
  const Scalar* inputMask = nullptr;      ///< (batch, features): factors of x, the same in all steps
  const Scalar* recurrentMask = nullptr;  ///< (batch, units): factors of h where it enters the gates
  Scalar* y = nullptr;
  Scalar* lastH = nullptr;  ///< (batch, units), as the next; may be startH and startC
  Scalar* lastC = nullptr;
  Scalar* kept = nullptr;            ///< lstmKeptSize(), lives until the backward run
  std::uint64_t weightsVersion = 0;  ///< copies of the weights are kept until it changes
};

/// Gradients; null where there is none or nobody asks. All of what is written is written afresh.
struct LstmGradients {
  const Scalar* y = nullptr;
  const Scalar* lastH = nullptr;
  const Scalar* lastC = nullptr;
  Scalar* x = nullptr;
  Scalar* kernel = nullptr;
  Scalar* recurrentKernel = nullptr;
  Scalar* bias = nullptr;
  Scalar* startH = nullptr;
  Scalar* startC = nullptr;
  Scalar* scratch = nullptr;  ///< lstmScratchSize()
};

/// Numbers that a run works on; in training they hold what the backward run needs.
std::int64_t lstmKeptSize(const LstmGeometry& geometry);
std::int64_t lstmScratchSize(const LstmGeometry& geometry);

/// An LSTM over whole sequences. The fast path computes x * kernel for all time steps at once, then goes through time
/// with packed weights, each thread with samples of its own, the gates computed in one loop per step; the gradients of
/// the weights are one product each over all time steps.
class Lstm {
 public:
  Lstm(ComputePath path, const LstmGeometry& geometry);
  ~Lstm();

  /// Before the first run: makes the large products ready. They work in `scratch`, which must stay.
  void prepare(ScratchPad& scratch);
  void forward(const LstmRun& run);
  /// After forward() of the same run, in training.
  void backward(const LstmRun& run, const LstmGradients& gradients);

 private:
  struct Fast;
  LstmGeometry m_geometry;
  std::unique_ptr<Fast> m_fast;
};

}  // namespace kernels
}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith
