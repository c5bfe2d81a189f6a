#pragma once

#include "model/document/DocumentState.h"
#include "model/document/ModelScore.h"

#include <optional>
#include <string>
#include <vector>

namespace layersmith {

/// A setting that two models have unlike values for; null: the model does not have it, or leaves it open. Null in both:
/// unlike, but nothing to show.
struct ValueDifference {
  std::string key;    ///< as in model.json: "units"
  std::string label;  ///< for people: "Units"
  FieldValue before;
  FieldValue after;
};

/// A layer that only one of two models has, or that is not the same in both.
struct LayerDifference {
  enum class Kind { Added, Removed, Changed };
  enum class Weights { Same, Changed, OnlyBefore, OnlyAfter };

  Kind kind = Kind::Changed;
  std::string className;
  std::string name;                     ///< by the models it lies in, too: "encoder/dense_1"
  std::vector<ValueDifference> values;  ///< its config with defaults filled in; also "name", "trainable", "inputs"
  Weights weights = Weights::Same;
  std::optional<double> largestChange;  ///< of a weight; nothing when shapes or types differ
};

/// What differs between two versions of a model.
struct ModelComparison {
  std::vector<LayerDifference> layers;    ///< in the order of the later model, removed ones last
  std::vector<ValueDifference> model;     ///< "kind", "inputs", "outputs"
  std::vector<ValueDifference> training;  ///< optimizer, its settings, loss, metrics; "iterations": steps it has taken
  bool isOptimizerStateOther = false;     ///< what it remembers of each weight
  std::vector<ValueDifference> data;      ///< of the recipe: "source", "features", "target", ...; "columns": only how
  std::optional<ModelScore> scoreBefore;
  std::optional<ModelScore> scoreAfter;

  int count(LayerDifference::Kind kind) const;
  int layersWithOtherWeights() const;
  bool isSame() const;  ///< nothing differs; scores are not looked at
};

/// Layers are matched by name; of those left over, one of the same type and config counts as renamed. Works for any two
/// models, however broken. Cost: linear in layers and weights. Thread rule: pure.
ModelComparison compareModels(const DocumentState& before, const DocumentState& after);

}  // namespace layersmith
