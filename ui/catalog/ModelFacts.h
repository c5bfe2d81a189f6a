#pragma once

#include "model/document/ModelScore.h"
#include "ui/catalog/CatalogWork.h"

#include <optional>
#include <vector>

namespace layersmith {

struct DocumentState;

/// What a model's recipe says of its training, read after the list itself.
struct ModelFacts {
  QString trainedOn;  ///< "Two moons", "iris.csv"; empty: not known
  std::optional<ModelScore> score;
  QString family;  ///< of its most telling layer: "convolution"; empty: not known

  static ModelFacts of(const DocumentState& state);
};

/// What reading some models gave. A damaged model has no facts; its row says what is wrong once it is checked.
struct ReadFacts {
  QStringList urls;
  std::vector<ModelFacts> facts;  ///< one for each URL
  QStringList silentPlaces;       ///< servers that did not answer: nothing more of them was asked
};

/// Reads the structures, never weights. Thread rule: a storage worker.
ReadFacts readModelFacts(ModelLibrary& library, const QStringList& urls, const ServerAccess& servers);

}  // namespace layersmith
