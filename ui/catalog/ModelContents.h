#pragma once

#include "model/format/ModelArtifacts.h"
#include "ui/catalog/ModelFacts.h"
#include "ui/catalog/TopologyPicture.h"

namespace layersmith {

/// What the details show of a model's structure. Made on any thread.
struct ModelContents {
  struct Layer {
    QString family;
    QString text;
    QString shape;
  };
  std::vector<Layer> layers;
  TopologySketch sketch;
  std::int64_t parameters = 0;
  QString optimizer;
  ModelFacts facts;

  /// Without weights: the list of them says what is kept. Errors: of documentFromArtifacts.
  static ModelContents of(ModelArtifacts artifacts);
};

}  // namespace layersmith
