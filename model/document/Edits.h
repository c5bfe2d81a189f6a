#pragma once

#include "model/core/Issue.h"
#include "model/document/DocumentState.h"
#include "model/nn/GraphAnalysis.h"

#include <optional>
#include <vector>

/// Every change a person can make to a model, as a pure function from state to state. Each keeps the weights of layers
/// whose shapes did not change, drops the others, and forgets `source`. They never throw for what a model looks like;
/// a change that makes no sense there returns the state unchanged.
namespace layersmith::edits {

/// Where a dropped layer goes.
struct InsertPlace {
  enum class Kind { AfterLayer, OnEdge, Loose, Replace } kind = Kind::Loose;
  LayerId layer;                         ///< AfterLayer, Replace: that layer. OnEdge: the layer the edge leads into
  int inputIndex = 0;                    ///< OnEdge: which input of it
  std::optional<CardPosition> position;  ///< Loose
};

/// Gives the new layer a free name and defaults that work at its place. `inserted` receives its id.
DocumentState insertLayer(const DocumentState& state, const std::string& className, const InsertPlace& place,
                          const FieldMap& config = {}, LayerId* inserted = nullptr);
DocumentState removeLayers(const DocumentState& state, const std::vector<LayerId>& layers);
/// Takes a layer out of the chain (joining its neighbours) and puts it at `place`.
DocumentState moveLayer(const DocumentState& state, LayerId layer, const InsertPlace& place);
/// One place up (-1) or down (+1) in a chain.
DocumentState shiftLayer(const DocumentState& state, LayerId layer, int direction);
DocumentState duplicateLayers(const DocumentState& state, const std::vector<LayerId>& layers,
                              std::vector<LayerId>* copies = nullptr);
DocumentState connectLayers(const DocumentState& state, LayerId from, LayerId to);
DocumentState setField(const DocumentState& state, const std::vector<LayerId>& layers, const std::string& key,
                       const FieldValue& value);
/// Empty or taken names are refused: the state comes back unchanged.
DocumentState renameLayer(const DocumentState& state, LayerId layer, const std::string& name);
DocumentState setTrainable(const DocumentState& state, const std::vector<LayerId>& layers, bool isTrainable);
DocumentState setPosition(const DocumentState& state, LayerId layer, std::optional<CardPosition> position);
DocumentState applyRepair(const DocumentState& state, const Repair& repair);
DocumentState setTraining(const DocumentState& state, const TrainingConfig& config, const FitOptions& fit);
/// Binds data. A model without weights is fitted to it: input shape, last layer's units and activation, loss, metric.
DocumentState setDataset(const DocumentState& state, std::shared_ptr<const Dataset> dataset);
/// Binds data and changes nothing else.
DocumentState bindData(const DocumentState& state, std::shared_ptr<const Dataset> dataset);
/// A model that names a generator or the bundled Iris table in its recipe gets that data again.
DocumentState withSampleData(const DocumentState& state);
/// The targets encoded as the loss takes them: one-hot for categoricalCrossentropy, class numbers for the sparse one.
DocumentState withFittingTargets(DocumentState state);
DocumentState setWeights(const DocumentState& state, const WeightSet& weights, const OptimizerState& optimizer,
                         std::shared_ptr<const TrainingRun> run);
DocumentState resetWeights(const DocumentState& state);  ///< fresh random values at the next training

/// Layers as text for the clipboard, and back.
QByteArray copyLayers(const DocumentState& state, const std::vector<LayerId>& layers);
DocumentState pasteLayers(const DocumentState& state, const QByteArray& text, LayerId after,
                          std::vector<LayerId>* pasted = nullptr);

/// Problems between the model and its data: input shape, number of outputs, loss. With repairs.
std::vector<Issue> dataIssues(const DocumentState& state, const GraphReport& report);

}  // namespace layersmith::edits
