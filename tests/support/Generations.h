#pragma once

#include "tests/support/ModelFixtures.h"

#include <cstring>

/// A model that says in every place which generation it is, so that half a save and a mix of two are seen.
namespace layersmith::fixtures {

inline ModelArtifacts generation(int number, std::int64_t floats = 200'000) {
  ModelArtifacts artifacts = sized(floats, float(number));
  artifacts.userDefinedMetadata = Json{{"generation", number}};
  return artifacts;
}

/// The generation of a whole model; -1 when its parts do not belong together.
inline int generationOf(const ModelArtifacts& artifacts) {
  const Json& number = memberOf(artifacts.userDefinedMetadata, "generation");
  if (!number.is_number_integer() || !artifacts.weightData) return -1;
  const ModelArtifacts expected = generation(number.get<int>(), artifacts.weightData->size() / 4);
  if (artifacts.weightSpecs.size() != 1 || artifacts.weightSpecs.front().shape != expected.weightSpecs.front().shape)
    return -1;
  return *expected.weightData == *artifacts.weightData ? number.get<int>() : -1;
}

}  // namespace layersmith::fixtures
