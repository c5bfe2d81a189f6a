#pragma once

#include "model/document/DocumentState.h"
#include "model/format/Quantization.h"

namespace layersmith {

/// What a model's answers lose when its weights are stored smaller.
struct QuantizationEffect {
  QuantizationReport weights;
  std::int64_t samples = 0;        ///< of the document's data that both models answered; 0: there is no data
  double largest = 0;              ///< difference of an output
  std::int64_t otherAnswers = -1;  ///< samples that get another class; -1: no classification
};

/// Compares the model with what would be read back from a save with `storedAs` (Float16, UInt16, UInt8), on up to
/// kQuantizationSamples of the rows held back, else of the rows to train on.
/// A pure function for the compute thread. Errors: as quantize and Network.
QuantizationEffect quantizationEffect(const DocumentState& state, DType storedAs);

inline constexpr std::int64_t kQuantizationSamples = 1000;

}  // namespace layersmith
