#include "model/session/QuantizationEffect.h"

#include "model/document/DocumentIo.h"
#include "model/nn/Network.h"
#include "model/session/FirstSamples.h"

#include <algorithm>
#include <cmath>

namespace layersmith {

namespace {

/// A single unit stands for two classes.
std::int64_t classOf(std::span<const Scalar> output) {
  if (output.size() == 1) return output[0] > Scalar(0.5) ? 1 : 0;
  return std::distance(output.begin(), std::ranges::max_element(output));
}

void compare(const Tensor& before, const Tensor& after, bool isClassification, QuantizationEffect& effect) {
  for (std::size_t i = 0; i < before.values.size(); ++i)
    effect.largest = std::max(effect.largest, std::abs(double(before.values[i]) - double(after.values[i])));
  effect.samples = before.batch();
  if (!isClassification) return;
  effect.otherAnswers = 0;
  for (std::int64_t i = 0; i < before.batch(); ++i)
    effect.otherAnswers += classOf(before.sample(i)) != classOf(after.sample(i));
}

}  // namespace

QuantizationEffect quantizationEffect(const DocumentState& state, DType storedAs) {
  QuantizationEffect effect;
  SaveContents contents;
  contents.includeOptimizer = false;
  const ModelArtifacts artifacts = artifactsFromDocument(state, contents);
  const DocumentState after = documentFromArtifacts(quantize(artifacts, {storedAs, {}}, &effect.weights)).state;
  if (!state.dataset) return effect;

  const Dataset& data = *state.dataset;
  std::vector<Tensor> xs = data.validation.samples() > 0 ? data.validation.xs : data.training.xs;
  for (Tensor& x : xs) x = firstSamples(x, kQuantizationSamples);
  const DocumentState before = documentFromArtifacts(artifacts).state;
  compare(Network(before.graph, before.weights).predict(xs).front(),
          Network(after.graph, after.weights).predict(xs).front(), !data.recipe.classNames.isEmpty(), effect);
  return effect;
}

}  // namespace layersmith
