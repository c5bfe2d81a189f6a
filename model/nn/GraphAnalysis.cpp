#include "model/nn/GraphAnalysis.h"

#include "model/nn/GraphInference.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace layersmith {
inline namespace LAYERSMITH_SCALAR_NAMESPACE {

namespace {

constexpr const char* kInputClass = "InputLayer";

/// Walks one graph. Every method adds to m_result; none throws for what the graph says.
class GraphWalker {
 public:
  explicit GraphWalker(const Graph& graph) : m_graph(graph) {
    for (std::size_t i = 0; i < graph.layers.size(); ++i) m_position.emplace(graph.layers[i].id, i);
  }

  InferredGraph walk() {
    checkNames();
    checkEnds();
    makeLayers();
    orderCalls();
    inferShapes();
    findLooseLayers();
    countParameters();
    m_result.report.canRun = std::ranges::none_of(m_result.report.issues,
                                                  [](const Issue& issue) { return issue.severity == Severity::Error; });
    return std::move(m_result);
  }

 private:
  void checkNames();
  void checkEnds();
  void makeLayers();
  void makeLayer(const LayerSpec& spec);
  void orderCalls();
  void reach(const TensorRef& output);
  void inferShapes();
  void inferCall(const CallRef& call);
  void reportShapeError(const LayerSpec& spec, const Error& error, const std::vector<TensorRef>& inputs,
                        const std::vector<Shape>& shapes);
  void adviseFlatInput(const LayerSpec& spec, const TensorRef& input, const Shape& shape);
  void findLooseLayers();
  void countParameters();

  const LayerSpec* find(LayerId id) const {
    const auto it = m_position.find(id);
    return it == m_position.end() ? nullptr : &m_graph.layers[it->second];
  }
  Issue& add(Severity severity, LayerId layer, std::string message) {
    m_result.report.issues.push_back({severity, layer, {}, std::move(message), {}, {}});
    return m_result.report.issues.back();
  }
  void addObstacle(Issue issue) {
    m_result.obstacles.push_back(issue);
    m_result.report.issues.push_back(std::move(issue));
  }
  void addObstacle(LayerId layer, std::string message) {
    addObstacle({Severity::Error, layer, {}, std::move(message), {}, {}});
  }

  const Graph& m_graph;
  InferredGraph m_result;
  std::unordered_map<LayerId, std::size_t> m_position;
  std::set<CallRef> m_reached;
  std::map<CallRef, std::vector<Shape>> m_shapes;
  std::map<LayerId, FieldMap> m_configs;
};

std::string quoted(const std::string& name) {
  return "`" + name + "`";
}

std::vector<TensorRef> inputsOf(const LayerSpec& spec, int call) {
  return std::size_t(call) < spec.calls.size() ? spec.calls[std::size_t(call)].inputs : std::vector<TensorRef>();
}

void GraphWalker::checkNames() {
  std::unordered_set<std::string> seen;
  std::unordered_set<std::string> told;
  for (const LayerSpec& spec : m_graph.layers)
    if (!seen.insert(spec.name).second && told.insert(spec.name).second)
      add(Severity::Error, spec.id, "Two layers are called " + quoted(spec.name) + ". Give one of them another name.");
}

void GraphWalker::checkEnds() {
  if (m_graph.layers.empty()) return addObstacle({}, "The model has no layers yet. Drag one from the palette.");
  if (m_graph.inputs.empty()) {
    const LayerSpec& first = m_graph.layers.front();
    addObstacle(first.id,
                "The model has no input, so no shape is known. Put an InputLayer before " + quoted(first.name) + ".");
  }
  if (m_graph.outputs.empty()) addObstacle({}, "The model has no output yet: no layer follows the input.");
}

void GraphWalker::makeLayers() {
  for (const LayerSpec& spec : m_graph.layers) {
    LayerReport& report = m_result.report.layers[spec.id];
    report.isKnown = findLayerType(spec.className) != nullptr;
    if (report.isKnown) makeLayer(spec);
  }
}

void GraphWalker::makeLayer(const LayerSpec& spec) {
  const LayerType& type = *findLayerType(spec.className);
  const FieldList& fields = type.fields();
  bool isGood = true;
  for (const FieldSpec& field : fields) {
    try {
      field.check(fieldValue(fields, spec.config, field.key));
    } catch (const Error& error) {
      isGood = false;
      Issue issue{Severity::Error, spec.id, field.key, quoted(spec.name) + ": " + error.message(), {}, {}};
      if (!field.isRequired && (field.isNullable || !field.defaultValue.isNull()))
        issue.repairs.push_back({Repair::Action::SetField,
                                 spec.id,
                                 {},
                                 {},
                                 field.key,
                                 field.defaultValue,
                                 "Set to " + toDisplayString(field.defaultValue)});
      addObstacle(std::move(issue));
    }
  }
  if (!isGood) return;
  try {
    const FieldMap& config = m_configs[spec.id] = completed(fields, spec.config);
    m_result.layers[spec.id] = type.make({config});
  } catch (const Error& error) {
    Issue issue{Severity::Error, spec.id, error.where(), quoted(spec.name) + ": " + error.message(), error.code(), {}};
    if (const FieldSpec* field = findField(fields, error.where()); field && (field->isNullable || !field->isRequired))
      issue.repairs.push_back({Repair::Action::SetField,
                               spec.id,
                               {},
                               {},
                               field->key,
                               field->defaultValue,
                               "Set to " + toDisplayString(field->defaultValue)});
    addObstacle(std::move(issue));
  }
}

void GraphWalker::reach(const TensorRef& output) {
  std::vector<TensorRef> open = {output};
  while (!open.empty()) {
    const TensorRef ref = open.back();
    open.pop_back();
    const LayerSpec* spec = find(ref.layer);
    if (!spec) {
      addObstacle({}, "A connection leads to a layer that is not there any more.");
      continue;
    }
    if (!m_reached.insert({ref.layer, ref.nodeIndex}).second) continue;
    const bool isInput = std::ranges::find(m_graph.inputs, spec->id, &TensorRef::layer) != m_graph.inputs.end();
    const std::vector<TensorRef> inputs = inputsOf(*spec, ref.nodeIndex);
    if (inputs.empty() && !isInput)
      addObstacle(spec->id, spec->className == kInputClass
                                ? quoted(spec->name) + " is used as an input, but the model does not list it as one."
                                : quoted(spec->name) + " has no input. Connect one.");
    if (!isInput) open.insert(open.end(), inputs.begin(), inputs.end());
  }
}

void GraphWalker::orderCalls() {
  for (const TensorRef& output : m_graph.outputs) reach(output);
  // Kahn's algorithm; of the calls that are ready the one first in the list of layers goes first.
  std::map<CallRef, int> waitsFor;
  std::map<CallRef, std::vector<CallRef>> readers;
  using Ready = std::pair<std::size_t, CallRef>;
  std::set<Ready> ready;
  for (const CallRef& call : m_reached) {
    const LayerSpec& spec = *find(call.layer);
    int count = 0;
    const bool isInput = std::ranges::find(m_graph.inputs, spec.id, &TensorRef::layer) != m_graph.inputs.end();
    if (!isInput)
      for (const TensorRef& ref : inputsOf(spec, call.call))
        if (find(ref.layer)) {
          readers[{ref.layer, ref.nodeIndex}].push_back(call);
          ++count;
        }
    waitsFor[call] = count;
    if (count == 0) ready.insert({m_position.at(call.layer), call});
  }
  while (!ready.empty()) {
    const CallRef call = ready.begin()->second;
    ready.erase(ready.begin());
    m_result.calls.push_back(call);
    if (call.call == 0 || std::ranges::find(m_result.report.order, call.layer) == m_result.report.order.end())
      m_result.report.order.push_back(call.layer);
    for (const CallRef& reader : readers[call])
      if (--waitsFor[reader] == 0) ready.insert({m_position.at(reader.layer), reader});
  }
  if (m_result.calls.size() < m_reached.size())
    addObstacle({}, "Some layers feed themselves in a circle. Take one connection out.");
}

void GraphWalker::inferShapes() {
  for (const CallRef& call : m_result.calls) inferCall(call);
}

void GraphWalker::inferCall(const CallRef& call) {
  const LayerSpec& spec = *find(call.layer);
  LayerReport& report = m_result.report.layers[spec.id];
  if (!report.isKnown) {
    if (call.call > 0) return;
    const std::string kind = spec.subgraph ? "a model used as a layer" : spec.className;
    return addObstacle(
        {Severity::Error,
         spec.id,
         {},
         "Layer " + quoted(spec.name) + " (" + kind + ") is not known here. It is kept and saved as it is.",
         "E120",
         {}});
  }
  const auto layer = m_result.layers.find(spec.id);
  if (layer == m_result.layers.end()) return;

  std::vector<Shape> inputs;
  const std::vector<TensorRef> refs = inputsOf(spec, call.call);
  for (const TensorRef& ref : refs) {
    const auto found = m_shapes.find({ref.layer, ref.nodeIndex});
    if (found == m_shapes.end() || std::size_t(ref.tensorIndex) >= found->second.size()) return;
    inputs.push_back(found->second[std::size_t(ref.tensorIndex)]);
  }
  if (call.call == 0) report.inputShapes = inputs;
  try {
    std::vector<Shape> outputs = layer->second->outputShapes(inputs);
    for (const Shape& shape : outputs) elementCount(shape);
    if (call.call == 0) {
      report.outputShapes = outputs;
      report.weights = layer->second->weights(inputs);
      for (const WeightDeclaration& weight : report.weights) elementCount(weight.shape);
    }
    m_shapes[call] = std::move(outputs);
  } catch (const Error& error) {
    report.weights.clear();
    return reportShapeError(spec, error, refs, inputs);
  }
  if (layer->second->inputWish() == InputWish::Flat && inputs.size() == 1 && inputs.front().size() >= 4)
    adviseFlatInput(spec, refs.front(), inputs.front());
}

Repair insertBefore(LayerId layer, const char* className, FieldMap config = {}, std::string label = {}) {
  Repair repair;
  repair.action = Repair::Action::InsertBefore;
  repair.layer = layer;
  repair.className = className;
  repair.config = std::move(config);
  repair.label = label.empty() ? std::string("Insert ") + className : std::move(label);
  return repair;
}

/// An image shape that a flat input of `size` values can be: square, grey or with 3 channels.
std::optional<Shape> imageOfSize(std::int64_t size) {
  for (const std::int64_t channels : {1, 3}) {
    const auto side = std::int64_t(std::llround(std::sqrt(double(size) / double(channels))));
    if (side > 1 && side * side * channels == size) return Shape{side, side, channels};
  }
  return std::nullopt;
}

void GraphWalker::reportShapeError(const LayerSpec& spec, const Error& error, const std::vector<TensorRef>& inputs,
                                   const std::vector<Shape>& shapes) {
  if (error.kind() != ErrorKind::ShapeMismatch)
    return addObstacle(
        {Severity::Error, spec.id, error.where(), quoted(spec.name) + ": " + error.message(), error.code(), {}});
  std::string message = quoted(spec.name) + " " + error.message();
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const LayerSpec* producer = find(inputs[i].layer);
    message += (i == 0                  ? ", but "
                : i + 1 < shapes.size() ? ", "
                                        : " and ") +
               quoted(producer ? producer->name : std::string("?")) + " gives " + toStringWithoutBatch(shapes[i]);
  }
  Issue issue{Severity::Error, spec.id, error.where(), message + ".", error.code(), {}};
  if (!shapes.empty() && error.where() == "rank" && shapes.front().size() == 2)
    if (const auto image = imageOfSize(shapes.front()[1]))
      issue.repairs.push_back(
          insertBefore(spec.id, "Reshape", {{"targetShape", FieldValue::ofInts(*image)}},
                       "Insert Reshape to " + toStringWithoutBatch({0, (*image)[0], (*image)[1], (*image)[2]})));
  if (error.where() == "rank") issue.fieldKey.clear();
  addObstacle(std::move(issue));
}

/// TensorFlow.js applies a Dense to the last axis of anything; over an image that is nearly always a forgotten Flatten.
/// Advice, not an obstacle: such a model predicts.
void GraphWalker::adviseFlatInput(const LayerSpec& spec, const TensorRef& input, const Shape& shape) {
  if (std::ranges::all_of(shape.begin() + 1, shape.end() - 1, [](std::int64_t dim) { return dim == 1; })) return;
  const bool isSequential = m_graph.kind == GraphKind::Sequential;
  Issue& issue = add(isSequential ? Severity::Error : Severity::Warning, spec.id,
                     quoted(spec.name) + " needs a flat input, but " + quoted(find(input.layer)->name) + " gives " +
                         toStringWithoutBatch(shape) + ".");
  if (isFullyKnown(Shape(shape.begin() + 1, shape.end()))) issue.repairs.push_back(insertBefore(spec.id, "Flatten"));
  if (shape.size() == 4) issue.repairs.push_back(insertBefore(spec.id, "GlobalAveragePooling2D"));
}

void GraphWalker::findLooseLayers() {
  std::unordered_set<LayerId> onPath;
  for (const CallRef& call : m_result.calls) onPath.insert(call.layer);
  for (const LayerSpec& spec : m_graph.layers) {
    if (onPath.contains(spec.id)) continue;
    if (m_graph.outputs.empty() && spec.className == kInputClass) {  // the start of an empty model
      if (const auto layer = m_result.layers.find(spec.id); layer != m_result.layers.end())
        m_result.report.layers[spec.id].outputShapes = layer->second->outputShapes({});
      continue;
    }
    Issue& issue = add(Severity::Hint, spec.id,
                       quoted(spec.name) + " is not connected: it takes no part in training and prediction.");
    Repair connect;
    connect.action = Repair::Action::ConnectToEnd;
    connect.layer = spec.id;
    connect.label = "Connect to the end";
    Repair remove;
    remove.action = Repair::Action::RemoveLayer;
    remove.layer = spec.id;
    remove.label = "Remove";
    if (spec.className != kInputClass) issue.repairs.push_back(std::move(connect));
    issue.repairs.push_back(std::move(remove));
  }
}

void GraphWalker::countParameters() {
  for (const LayerSpec& spec : m_graph.layers) {
    LayerReport& report = m_result.report.layers[spec.id];
    for (const WeightDeclaration& weight : report.weights) {
      const std::int64_t count = elementCount(weight.shape);
      report.parameters += count;
      if (spec.isTrainable && weight.isTrainable) report.trainableParameters += count;
    }
    m_result.report.parameters += report.parameters;
    m_result.report.trainableParameters += report.trainableParameters;
  }
}

}  // namespace

InferredGraph inferGraph(const Graph& graph) {
  return GraphWalker(graph).walk();
}

GraphReport analyse(const Graph& graph) {
  return inferGraph(graph).report;
}

}  // namespace LAYERSMITH_SCALAR_NAMESPACE
}  // namespace layersmith
