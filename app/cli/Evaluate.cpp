#include "app/cli/Commands.h"
#include "app/cli/DataOptions.h"
#include "app/cli/OpenModel.h"
#include "app/cli/Program.h"
#include "app/cli/TextTable.h"
#include "model/document/Edits.h"
#include "model/session/Evaluation.h"

namespace layersmith {

namespace {

struct EvaluateOptions {
  std::string place;
  DataOptions data;
  std::string loss;
  int batchSize = 32;
};

/// The data through the recipe the model was trained with; all of it is judged.
std::shared_ptr<const Dataset> evaluationData(const DocumentState& state, const DataOptions& options) {
  LoadedData loaded = loadData(options);
  const bool keeps = state.hasRecipe && !options.choosesColumns();
  if (keeps) {
    const QString source = loaded.recipe.source;
    loaded.recipe = state.recipe;
    loaded.recipe.source = source;
  }
  loaded.recipe.validationFraction = options.validationSplit.value_or(0);
  return std::make_shared<Dataset>(prepare(loaded.raw, loaded.recipe, keeps));
}

std::string lossFor(const DataRecipe& recipe) {
  if (!recipe.isClassification()) return "meanSquaredError";
  if (recipe.targetEncoding == TargetEncoding::OneHot) return "categoricalCrossentropy";
  return recipe.classNames.size() == 2 ? "binaryCrossentropy" : "sparseCategoricalCrossentropy";
}

void settleTraining(DocumentState& state, const std::string& loss) {
  if (!loss.empty()) state.training.losses = {loss};
  if (state.training.losses.empty()) state.training.losses = {lossFor(state.recipe)};
  if (state.training.optimizer.empty()) state.training.optimizer = "sgd";  // evaluating takes no step
  if (state.training.metrics.empty() && state.recipe.isClassification()) state.training.metrics = {"accuracy"};
}

void printConfusion(Output& output, const EvaluationReport& report) {
  constexpr qsizetype kClassesShown = 20;
  if (report.classNames.isEmpty() || report.classNames.size() > kClassesShown) return;
  QStringList headings = {QStringLiteral("true \\ predicted")};
  headings += report.classNames;
  std::vector<QStringList> rows;
  std::vector<int> numbers;
  for (qsizetype i = 0; i < report.classNames.size(); ++i) {
    QStringList row = {report.classNames[i]};
    for (int count : report.confusion[std::size_t(i)]) row << QString::number(count);
    rows.push_back(row);
    numbers.push_back(int(i) + 1);
  }
  printTable(output, headings, rows, numbers);
}

Json reportJson(const EvaluationReport& report) {
  Json result = Json::object();
  for (const MetricValue& value : report.values) result[value.name] = value.value;
  result["rows"] = report.rows.size();
  if (report.classNames.isEmpty()) return result;
  std::size_t right = 0;
  for (const EvaluationReport::Row& row : report.rows) right += row.trueClass == row.predictedClass;
  result["accuracy"] = report.rows.empty() ? 0.0 : double(right) / double(report.rows.size());
  result["classNames"] = Json::array();
  for (const QString& name : report.classNames) result["classNames"].push_back(name.toStdString());
  result["confusion"] = report.confusion;
  return result;
}

Json evaluate(Program& program, const EvaluateOptions& options) {
  DocumentState state = openModel(program, placeText(options.place));
  const bool hasOwnData = options.data.data.empty();
  if (hasOwnData)
    state = edits::withSampleData(state);
  else
    state = edits::bindData(state, evaluationData(state, options.data));
  if (!state.dataset) throw usageError("The model does not know its data: give --data FILE or --data SAMPLE.");
  settleTraining(state, options.loss);
  state.fit.batchSize = options.batchSize;
  state = edits::withFittingTargets(std::move(state));
  requireRunnable(state);
  for (const QString& remark : state.dataset->remarks) program.output().warn(remark.toStdString());

  const bool onValidation = hasOwnData || options.data.validationSplit.has_value();
  const EvaluationReport report = evaluateModel(state, onValidation);
  const Json result = reportJson(report);
  QStringList parts;
  for (const MetricValue& value : report.values)
    parts << QStringLiteral("%1 %2").arg(QString::fromStdString(value.name), numberText(value.value));
  program.output().line(program.output().bold(QStringLiteral("%1 rows: ").arg(report.rows.size())) +
                        parts.join(QStringLiteral(", ")));
  printConfusion(program.output(), report);
  return result;
}

}  // namespace

void addEvaluate(Program& program) {
  auto options = std::make_shared<EvaluateOptions>();
  CLI::App& command = program.addCommand("evaluate", "Measure a model on data, by the recipe it was trained with",
                                         [&program, options] { return evaluate(program, *options); });
  command.add_option("PLACE", options->place, "The model")->required();
  options->data.addTo(command);
  command
      .add_option("--validation-split", options->data.validationSplit, "Judge only the part that training held back")
      ->check(CLI::Range(0.0, 0.99))
      ->group("Data");
  command.add_option("--loss", options->loss, "Loss to measure (default: the model's, or what fits the data)")
      ->type_name("NAME");
  command.add_option("--batch-size", options->batchSize, "Rows at a time")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
}

}  // namespace layersmith
