#include "app/cli/Commands.h"
#include "app/cli/InputReader.h"
#include "app/cli/OpenModel.h"
#include "app/cli/Program.h"
#include "app/cli/TensorJson.h"
#include "app/cli/TextTable.h"
#include "model/nn/Network.h"

#include <algorithm>

namespace layersmith {

namespace {

constexpr std::int64_t kRowsShown = 20;

struct PredictOptions {
  std::string place;
  std::string input;
  std::vector<std::string> row;
  int batchSize = 32;
};

struct ClassGuess {
  int index = 0;
  double confidence = 0;
};

ClassGuess classOf(std::span<const Scalar> output) {
  if (output.size() == 1) return output[0] > 0.5f ? ClassGuess{1, output[0]} : ClassGuess{0, 1 - double(output[0])};
  const auto best = std::ranges::max_element(output);
  return {int(best - output.begin()), *best};
}

bool namesClasses(const DataRecipe& recipe, const Tensor& output) {
  const std::int64_t width = output.sampleSize();
  return recipe.isClassification() &&
         (width == recipe.classNames.size() || (width == 1 && recipe.classNames.size() == 2));
}

/// What the outputs mean by the recipe: a class with its confidence, or a number in the target's own unit.
Json predictionsJson(const DocumentState& state, const Tensor& output) {
  Json json = Json::array();
  if (!state.hasRecipe) return json;
  const auto targets = state.recipe.columnsWith(ColumnRole::Target);
  const bool isValue = !state.recipe.isClassification() && targets.size() == 1 && output.sampleSize() == 1;
  for (std::int64_t row = 0; row < output.batch(); ++row) {
    if (namesClasses(state.recipe, output)) {
      const ClassGuess guess = classOf(output.sample(row));
      json.push_back({{"label", state.recipe.classNames[guess.index].toStdString()},
                      {"index", guess.index},
                      {"confidence", guess.confidence}});
    } else if (isValue) {
      json.push_back({{"value", double(output.sample(row)[0]) * targets.front()->scale + targets.front()->offset}});
    }
  }
  return json;
}

void printPredictions(Output& output, const Json& predictions) {
  std::vector<QStringList> rows;
  const bool isClasses = predictions.front().contains("label");
  for (std::size_t i = 0; i < predictions.size() && std::int64_t(i) < kRowsShown; ++i) {
    const Json& one = predictions[i];
    if (isClasses)
      rows.push_back({QString::number(i + 1), QString::fromStdString(one["label"].get<std::string>()),
                      QStringLiteral("%1 %").arg(100 * one["confidence"].get<double>(), 0, 'f', 1)});
    else
      rows.push_back({QString::number(i + 1), numberText(one["value"].get<double>())});
  }
  QStringList headings = {QStringLiteral("Row"), QStringLiteral("Prediction")};
  if (isClasses) headings << QStringLiteral("Confidence");
  printTable(output, headings, rows, {0, isClasses ? 2 : 1});
  if (std::int64_t(predictions.size()) > kRowsShown)
    output.line(QStringLiteral("... and %1 more").arg(std::int64_t(predictions.size()) - kRowsShown));
}

void printTensor(Output& output, const Tensor& tensor, const std::string& name) {
  constexpr std::int64_t kValuesShown = 10;
  output.line(output.bold(QString::fromStdString(name)) + QStringLiteral("  ") +
              QString::fromStdString(toString(tensor.shape)));
  for (std::int64_t row = 0; row < std::min(tensor.batch(), kRowsShown); ++row) {
    QStringList values;
    const auto sample = tensor.sample(row);
    for (std::size_t i = 0; i < sample.size() && std::int64_t(i) < kValuesShown; ++i)
      values << QString::number(double(sample[i]), 'g', 6);
    if (std::int64_t(sample.size()) > kValuesShown) values << QStringLiteral("...");
    output.line(QStringLiteral("  ") + values.join(QStringLiteral("  ")));
  }
  if (tensor.batch() > kRowsShown) output.line(QStringLiteral("  ... and %1 more").arg(tensor.batch() - kRowsShown));
}

Json predict(Program& program, const PredictOptions& options) {
  if (options.input.empty() == options.row.empty())
    throw usageError("Give the input as --input FILE or as --row A,B,...");
  DocumentState state = openModel(program, placeText(options.place), true);
  Network network(state.graph, state.weights, state.fit.seed);
  QStringList values;
  for (const std::string& value : options.row) values << QString::fromStdString(value);
  const std::vector<Tensor> inputs =
      values.isEmpty() ? readInputs(state, QString::fromStdString(options.input)) : rowInputs(state, values);
  const std::vector<Tensor> outputs = network.predict(inputs, options.batchSize);

  const auto names = outputNames(state.graph);
  Json result = {{"outputs", Json::array()}};
  for (std::size_t i = 0; i < outputs.size(); ++i) result["outputs"].push_back(toJson(outputs[i], names[i]));
  const Json predictions = outputs.size() == 1 ? predictionsJson(state, outputs.front()) : Json::array();
  if (!predictions.empty()) {
    result["predictions"] = predictions;
    printPredictions(program.output(), predictions);
  } else {
    for (std::size_t i = 0; i < outputs.size(); ++i) printTensor(program.output(), outputs[i], names[i]);
  }
  return result;
}

}  // namespace

void addPredict(Program& program) {
  auto options = std::make_shared<PredictOptions>();
  CLI::App& command = program.addCommand("predict", "Run a model on inputs",
                                         [&program, options] { return predict(program, *options); });
  command.add_option("PLACE", options->place, "The model")->required();
  command
      .add_option("-i,--input", options->input,
                  "in.json with [{shape, dtype, values}], one per model input; a .csv table; an .npy array")
      ->type_name("FILE");
  command.add_option("--row", options->row, "One row of values, in the order of the feature columns")
      ->type_name("A,B,...")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--batch-size", options->batchSize, "Rows at a time")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
}

}  // namespace layersmith
