#include "model/core/Error.h"
#include "model/data/Generators.h"
#include "model/data/Readers.h"
#include "model/document/Edits.h"

#include <algorithm>

namespace layersmith::edits {

namespace {

/// What the data asks of the last layer.
struct OutputNeed {
  std::int64_t units = 1;
  const char* activation = "linear";
  const char* loss = "meanSquaredError";
};

OutputNeed outputNeed(const DataRecipe& recipe) {
  const std::int64_t classes = recipe.classNames.size();
  if (classes == 0) return {1, "linear", "meanSquaredError"};
  if (classes == 2 && recipe.targetEncoding != TargetEncoding::OneHot) return {1, "sigmoid", "binaryCrossentropy"};
  return {
      classes, "softmax",
      recipe.targetEncoding == TargetEncoding::OneHot ? "categoricalCrossentropy" : "sparseCategoricalCrossentropy"};
}

std::string lossOf(const TrainingConfig& training) {
  return training.losses.empty() ? std::string() : training.losses.front();
}

/// How targets must be presented to this loss; for losses that take numbers, as the recipe has it.
TargetEncoding encodingFor(const std::string& loss, const DataRecipe& recipe) {
  if (!recipe.isClassification()) return TargetEncoding::Number;
  if (loss == "categoricalCrossentropy") return TargetEncoding::OneHot;
  if (loss == "sparseCategoricalCrossentropy") return TargetEncoding::ClassIndex;
  if (loss == "binaryCrossentropy" && recipe.classNames.size() == 2) return TargetEncoding::ClassIndex;
  return recipe.targetEncoding;
}

FieldValue batchShape(const std::vector<std::int64_t>& shape) {
  std::vector<std::int64_t> dims = {kUnknownDim};
  dims.insert(dims.end(), shape.begin(), shape.end());
  return FieldValue::ofInts(dims, true);
}

const LayerSpec* inputLayer(const Graph& graph) {
  return graph.inputs.size() == 1 ? graph.find(graph.inputs.front().layer) : nullptr;
}

const LayerSpec* outputLayer(const Graph& graph) {
  return graph.outputs.size() == 1 ? graph.find(graph.outputs.front().layer) : nullptr;
}

/// A model that has learned nothing yet is fitted to its data; a trained one is left alone, Problems says what differs.
void fitModelToData(DocumentState& state) {
  const OutputNeed need = outputNeed(state.recipe);
  if (const LayerSpec* input = inputLayer(state.graph))
    state = setField(state, {input->id}, "batchInputShape", batchShape(state.recipe.inputShape));
  const LayerSpec* output = outputLayer(state.graph);
  if (output && output->className == "Dense" && state.graph.layers.size() > 1) {
    const LayerId id = output->id;
    state = setField(state, {id}, "units", need.units);
    state = setField(state, {id}, "activation", need.activation);
  }
  state.training.losses = {need.loss};
  if (state.training.optimizer.empty()) {
    state.training.optimizer = "adam";
    state.training.optimizerConfig.set("learningRate", 0.01);
  }
  state.training.metrics.clear();
  if (state.recipe.isClassification()) state.training.metrics = {"accuracy"};
}

Issue issue(Severity severity, LayerId layer, std::string field, std::string message) {
  Issue result;
  result.severity = severity;
  result.layer = layer;
  result.fieldKey = std::move(field);
  result.message = std::move(message);
  return result;
}

Repair setFieldRepair(LayerId layer, std::string key, FieldValue value, std::string label) {
  Repair repair;
  repair.action = Repair::Action::SetField;
  repair.layer = layer;
  repair.fieldKey = std::move(key);
  repair.value = std::move(value);
  repair.label = std::move(label);
  return repair;
}

Shape withBatch(const std::vector<std::int64_t>& shape) {
  Shape result = {kUnknownDim};
  result.insert(result.end(), shape.begin(), shape.end());
  return result;
}

void checkInput(const DocumentState& state, const GraphReport& report, std::vector<Issue>& issues) {
  const LayerSpec* input = inputLayer(state.graph);
  if (!input) return;
  const auto it = report.layers.find(input->id);
  if (it == report.layers.end() || it->second.outputShapes.empty()) return;
  const Shape wanted = withBatch(state.recipe.inputShape);
  const Shape& found = it->second.outputShapes.front();
  const bool fits = found.size() == wanted.size() &&
                    std::equal(found.begin() + 1, found.end(), wanted.begin() + 1,
                               [](std::int64_t a, std::int64_t b) { return a == b || a == kUnknownDim; });
  if (fits) return;
  Issue mismatch = issue(Severity::Error, input->id, "batchInputShape",
                         "The data has samples of " + toStringWithoutBatch(wanted) + ", but `" + input->name +
                             "` takes " + toStringWithoutBatch(found) + ".");
  mismatch.repairs = {
      setFieldRepair(input->id, "batchInputShape", batchShape(state.recipe.inputShape), "Use the data's shape")};
  issues.push_back(std::move(mismatch));
}

void checkOutput(const DocumentState& state, const GraphReport& report, std::vector<Issue>& issues) {
  const LayerSpec* output = outputLayer(state.graph);
  if (!output) return;
  const auto it = report.layers.find(output->id);
  if (it == report.layers.end() || it->second.outputShapes.empty()) return;
  const Shape& found = it->second.outputShapes.front();
  const OutputNeed need = outputNeed(state.recipe);
  const std::string loss = lossOf(state.training);
  const std::int64_t classes = state.recipe.classNames.size();
  const bool isFlat = found.size() == 2;
  const bool binaryByTwo = classes == 2 && isFlat && found[1] == 2 && loss != "binaryCrossentropy";
  if ((isFlat && found[1] == need.units) || binaryByTwo) return;
  const std::string wants = classes == 0 ? "one number" : std::to_string(classes) + " classes";
  Issue mismatch =
      issue(Severity::Error, output->id, "units",
            "The data asks for " + wants + ", but `" + output->name + "` gives " + toStringWithoutBatch(found) + ".");
  if (output->className == "Dense" && isFlat)
    mismatch.repairs = {
        setFieldRepair(output->id, "units", need.units, "Use " + std::to_string(need.units) + " units")};
  issues.push_back(std::move(mismatch));
}

void checkLoss(const DocumentState& state, std::vector<Issue>& issues) {
  const LayerSpec* output = outputLayer(state.graph);
  const std::string loss = lossOf(state.training);
  if (!output || loss.empty()) return;
  const std::string activation = output->config.stringAt("activation", "linear");
  const bool isCrossentropy = loss.find("rossentropy") != std::string::npos;
  if (isCrossentropy && (activation == "linear" || activation == "relu" || activation == "tanh") &&
      (output->className == "Dense" || output->className == "Activation")) {
    const char* fitting = loss == "binaryCrossentropy" ? "sigmoid" : "softmax";
    Issue hint = issue(Severity::Warning, output->id, "activation",
                       "The loss expects probabilities, but `" + output->name + "` ends with " + activation + ".");
    hint.repairs = {setFieldRepair(output->id, "activation", fitting, std::string("Use ") + fitting)};
    issues.push_back(std::move(hint));
  }
  if (isCrossentropy && !state.recipe.isClassification())
    issues.push_back(issue(Severity::Error, {}, {},
                           "The target is a number, but the loss is for classes. Choose meanSquaredError."));
}

}  // namespace

DocumentState bindData(const DocumentState& state, std::shared_ptr<const Dataset> dataset) {
  DocumentState after = state;
  after.dataset = std::move(dataset);
  after.source = nullptr;
  if (!after.dataset) return after;
  after.recipe = after.dataset->recipe;
  after.hasRecipe = true;
  return after;
}

DocumentState setDataset(const DocumentState& state, std::shared_ptr<const Dataset> dataset) {
  DocumentState after = bindData(state, std::move(dataset));
  if (!after.dataset) return after;
  if (after.weights.empty()) fitModelToData(after);
  return withFittingTargets(std::move(after));
}

DocumentState withFittingTargets(DocumentState state) {
  if (!state.dataset) return state;
  const TargetEncoding wanted = encodingFor(lossOf(state.training), state.recipe);
  if (wanted == state.recipe.targetEncoding) return state;
  DataRecipe recipe = state.recipe;
  recipe.targetEncoding = wanted;
  auto dataset = std::make_shared<Dataset>(prepare(state.dataset->raw, recipe, true));
  dataset->name = state.dataset->name;
  return bindData(state, std::move(dataset));
}

DocumentState withSampleData(const DocumentState& state) {
  if (!state.hasRecipe || state.dataset) return state;
  const DataRecipe& recipe = state.recipe;
  std::shared_ptr<const RawData> raw;
  if (recipe.kind == QLatin1String("generator")) {
    const FieldMap& made = recipe.generator;
    raw = generate(QString::fromStdString(made.stringAt("name")), int(made.intAt("samples", 400)),
                   made.numberAt("noise", 0), std::uint64_t(made.intAt("seed", 0)))
              .raw;
  } else if (recipe.source == QLatin1String("iris.csv")) {
    raw = readBundledCsv(recipe.source);
  } else {
    return state;
  }
  auto dataset = std::make_shared<Dataset>(prepare(raw, recipe, true));
  dataset->name = recipe.source;
  DocumentState after = bindData(state, std::move(dataset));
  after.source = state.source;  // the model itself is as it was
  return after;
}

std::vector<Issue> dataIssues(const DocumentState& state, const GraphReport& report) {
  std::vector<Issue> issues;
  if (!state.dataset) return issues;
  checkInput(state, report, issues);
  checkOutput(state, report, issues);
  checkLoss(state, issues);
  return issues;
}

}  // namespace layersmith::edits
