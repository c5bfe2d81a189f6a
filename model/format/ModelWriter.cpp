#include "model/format/ModelWriter.h"

#include "model/format/TopologyWriter.h"
#include "model/format/TrainingConfigFormat.h"
#include "model/format/WeightNames.h"
#include "model/format/WeightPlacement.h"
#include "model/nn/LayerRegistry.h"
#include "model/training/Catalogue.h"

#include <span>

namespace layersmith {

namespace {

/// Appends weights to the artifacts: spec and bytes together.
class WeightAppender {
 public:
  explicit WeightAppender(ModelArtifacts& artifacts) : m_artifacts(artifacts) {}

  void add(std::string name, const WeightBuffer& buffer, const char* group = "") {
    WeightSpec spec;
    spec.name = std::move(name);
    spec.shape = buffer.shape;
    spec.dtype = buffer.dtype;
    spec.group = group;
    m_artifacts.weightSpecs.push_back(std::move(spec));
    m_bytes.append(buffer.bytes);
  }

  void finish() { m_artifacts.weightData = std::make_shared<const WeightBytes>(std::move(m_bytes)); }

 private:
  ModelArtifacts& m_artifacts;
  WeightBytes m_bytes;
};

/// Layers we know name their weights as TensorFlow.js does; others keep the names of the file while they fit.
std::string nameOf(const WeightSet::Entry& entry, const LayerSpec& layer) {
  const std::string prefix = layer.name + "/";
  if (!findLayerType(layer.className) && entry.manifestName.starts_with(prefix)) return entry.manifestName;
  return prefix + roleOnDisk(entry.role);
}

struct OrderedWeight {
  std::string name;
  const WeightBuffer* buffer;
};

/// TensorFlow.js' order: the trainable weights of all layers, then the others (Container.weights).
void collect(const Graph& graph, const WeightSet& weights, std::vector<OrderedWeight>& trainable,
             std::vector<OrderedWeight>& fixed) {
  for (const WeightOwner& owner : weightOwners(graph))
    for (const WeightSet::Entry& entry : weights)
      if (entry.layer == owner.layer->id && entry.buffer)
        (owner.isTrainable && isTrainableRole(entry.role) ? trainable : fixed)
            .push_back({nameOf(entry, *owner.layer), entry.buffer.get()});
}

std::string slotName(const OptimizerState& state, std::size_t index, const std::vector<std::string>& slots,
                     const std::vector<OrderedWeight>& trainable) {
  if (index < state.slotNames.size() && !state.slotNames[index].empty()) return state.slotNames[index];
  const std::size_t count = trainable.size();
  const std::string base = count ? trainable[index % count].name : "slot_" + std::to_string(index);
  const std::size_t slot = count ? index / count : 0;
  return base + "/" + (slot < slots.size() ? slots[slot] : std::string("slot"));
}

void addOptimizer(const OptimizerState& state, const TrainingConfig& config,
                  const std::vector<OrderedWeight>& trainable, WeightAppender& appender) {
  if (config.optimizer == "adamax") return;  // TensorFlow.js saves none of it, and refuses to open a model with some
  WeightBuffer iterations;
  iterations.dtype = DType::Int32;
  const auto count = std::int32_t(state.iterations);
  iterations.bytes = SharedBytes::copyOf(std::as_bytes(std::span(&count, 1)));
  appender.add("iter", iterations, "optimizer");
  const std::vector<std::string> slots = optimizerSlots(config);
  for (std::size_t i = 0; i < state.slots.size(); ++i)
    appender.add(slotName(state, i, slots, trainable), *state.slots[i], "optimizer");
}

}  // namespace

ModelArtifacts writeModel(const Graph& graph, const WeightSet& weights, const TrainingConfig& trainingConfig,
                          const OptimizerState& optimizerState, const Json& userDefinedMetadata,
                          const WriteOptions& options) {
  ModelArtifacts artifacts;
  artifacts.modelTopology = topologyJson(graph);
  artifacts.format = "layers-model";
  artifacts.generatedBy = "Layersmith v" LAYERSMITH_VERSION;
  artifacts.userDefinedMetadata = userDefinedMetadata;

  std::vector<OrderedWeight> trainable, fixed;
  collect(graph, weights, trainable, fixed);
  WeightAppender appender(artifacts);
  for (const OrderedWeight& weight : trainable) appender.add(weight.name, *weight.buffer);
  if (!options.trainableOnly)
    for (const OrderedWeight& weight : fixed) appender.add(weight.name, *weight.buffer);
  if (options.includeOptimizer && trainingConfig.isCompiled()) {
    artifacts.trainingConfig = trainingConfigJson(trainingConfig);
    addOptimizer(optimizerState, trainingConfig, trainable, appender);
  }
  appender.finish();
  return artifacts;
}

}  // namespace layersmith
