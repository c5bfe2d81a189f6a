#include "ui/catalog/ModelContents.h"

#include "model/document/DocumentIo.h"
#include "model/nn/GraphAnalysis.h"
#include "ui/canvas/LayerText.h"

#include <QCoreApplication>

#include <algorithm>

namespace layersmith {

ModelContents ModelContents::of(ModelArtifacts artifacts) {
  const bool keepsOptimizer =
      std::ranges::any_of(artifacts.weightSpecs, [](const WeightSpec& spec) { return spec.group == "optimizer"; });
  const DocumentState state = documentFromArtifacts(std::move(artifacts)).state;
  const GraphReport report = analyse(state.graph);
  ModelContents contents;
  contents.parameters = report.parameters;
  contents.sketch = TopologySketch::of(state);
  for (const LayerSpec& layer : state.graph.layers) {
    const QString summary = summaryOf(state, layer, true);
    const QString name = typeName(layer.className);
    contents.layers.push_back({familyOf(layer), summary.isEmpty() ? name : name + QStringLiteral(" ") + summary,
                               shapeText(reportOf(report, layer.id))});
  }
  contents.facts = ModelFacts::of(state);
  if (!state.training.optimizer.empty()) contents.optimizer = QString::fromStdString(state.training.optimizer);
  if (keepsOptimizer)
    contents.optimizer = QCoreApplication::translate("ModelContents", "%1, kept").arg(contents.optimizer);
  return contents;
}

}  // namespace layersmith
