#include "app/cli/TrainSetup.h"

#include "app/cli/OpenModel.h"
#include "app/cli/Program.h"
#include "model/core/Error.h"
#include "model/document/Edits.h"
#include "model/document/Templates.h"
#include "model/training/Catalogue.h"

#include <algorithm>

namespace layersmith {

namespace {

/// "two-moons", "TwoMoons" -> "twoMoons"
QString templateKey(const std::string& name) {
  QString wanted = QString::fromStdString(name);
  wanted.remove(QLatin1Char('-')).remove(QLatin1Char('_'));
  QStringList keys;
  for (const TemplateType& type : templateTypes()) {
    if (type.key.compare(wanted, Qt::CaseInsensitive) == 0) return type.key;
    keys << type.key;
  }
  throw usageError("There is no template called '" + name + "'.",
                   "There are: " + keys.join(QStringLiteral(", ")).toStdString() + ".");
}

bool isTemplate(const std::string& name) {
  return std::ranges::any_of(templateTypes(), [&](const TemplateType& type) {
    return type.key.compare(QString::fromStdString(name), Qt::CaseInsensitive) == 0;
  });
}

DocumentState startingModel(Program& program, const TrainOptions& options) {
  if (!options.place.empty() && !options.templateName.empty())
    throw usageError("Give a PLACE or a --template, not both.");
  if (!options.place.empty()) return edits::withSampleData(openModel(program, placeText(options.place)));
  if (!options.templateName.empty()) return makeTemplate(templateKey(options.templateName));
  if (options.data.data.empty())
    throw usageError("Say what to train: a PLACE, a --template, or --data for a fresh model.");
  if (isTemplate(options.data.data)) return makeTemplate(templateKey(options.data.data));
  return makeTemplate(options.data.labels.empty() ? QStringLiteral("mlp") : QStringLiteral("convnet"));
}

/// Whether the table may go through the recipe that the model was trained with.
bool fitsRecipe(const DocumentState& state, const LoadedData& loaded) {
  if (!state.hasRecipe || state.weights.empty()) return false;
  if (loaded.raw->isImages())
    return state.recipe.columns.empty() && loaded.recipe.inputShape == state.recipe.inputShape;
  return loaded.recipe.featureNames() == state.recipe.featureNames();
}

std::shared_ptr<const Dataset> datasetFor(const DocumentState& state, const DataOptions& options) {
  if (!options.data.empty()) {
    LoadedData loaded = loadData(options);
    const bool keeps = fitsRecipe(state, loaded);
    if (keeps) {
      const QString source = loaded.recipe.source;
      loaded.recipe = state.recipe;
      loaded.recipe.source = source;
      applySplit(options, loaded.recipe);
    }
    return std::make_shared<Dataset>(prepare(loaded.raw, loaded.recipe, keeps));
  }
  if (!state.dataset) throw usageError("Say what to train on: --data FILE or --data SAMPLE.");
  DataRecipe recipe = state.recipe;
  applySplit(options, recipe);
  return std::make_shared<Dataset>(prepare(state.dataset->raw, recipe, !state.weights.empty()));
}

void checkName(std::span<const NamedType> types, const std::string& name, const char* what) {
  if (findNamedType(types, name)) return;
  std::string known;
  for (const NamedType& type : types) known += (known.empty() ? "" : ", ") + type.name;
  throw usageError(std::string("There is no ") + what + " called '" + name + "'.", "There are: " + known + ".");
}

std::string lossFor(const DataRecipe& recipe) {
  if (!recipe.isClassification()) return "meanSquaredError";
  if (recipe.targetEncoding == TargetEncoding::OneHot) return "categoricalCrossentropy";
  return recipe.classNames.size() == 2 ? "binaryCrossentropy" : "sparseCategoricalCrossentropy";
}

void applyTraining(DocumentState& state, const TrainOptions& options) {
  TrainingConfig& training = state.training;
  if (!options.optimizer.empty()) {
    checkName(optimizerTypes(), options.optimizer, "optimizer");
    const std::string name = findNamedType(optimizerTypes(), options.optimizer)->name;
    if (name != training.optimizer) {
      training.optimizer = name;
      training.optimizerConfig = {};
      state.optimizer = {};
    }
  }
  if (training.optimizer.empty()) training.optimizer = "adam";
  if (options.learningRate) training.optimizerConfig.set("learningRate", *options.learningRate);
  if (!options.loss.empty()) {
    checkName(lossTypes(), options.loss, "loss");
    training.losses = {findNamedType(lossTypes(), options.loss)->name};
  }
  if (!options.metrics.empty()) {
    training.metrics.clear();
    for (const std::string& metric : options.metrics) {
      if (metric != "accuracy" && metric != "acc") checkName(metricTypes(), metric, "metric");
      training.metrics.push_back(metric == "acc" ? "accuracy" : metric);
    }
  }
  FitOptions& fit = state.fit;
  fit.epochs = options.epochs.value_or(fit.epochs);
  fit.batchSize = options.batchSize.value_or(fit.batchSize);
  fit.seed = options.seed.value_or(fit.seed);
  if (options.hasNoShuffle) fit.shuffle = false;
}

}  // namespace

DocumentState setUpTraining(Program& program, const TrainOptions& options) {
  DocumentState state = startingModel(program, options);
  state = edits::setDataset(state, datasetFor(state, options.data));
  if (state.training.losses.empty()) {
    state.training.losses = {lossFor(state.recipe)};
    if (state.recipe.isClassification()) state.training.metrics = {"accuracy"};
  }
  applyTraining(state, options);
  state = edits::withFittingTargets(std::move(state));
  state.source = nullptr;
  requireRunnable(state);
  for (const QString& remark : state.dataset->remarks) program.output().warn(remark.toStdString());
  return state;
}

DocumentState setUpStepTraining(Program& program, const TrainOptions& options) {
  if (!options.data.data.empty()) throw usageError("Give --data or --data-json, not both.");
  DocumentState state = options.place.empty() ? makeTemplate(templateKey(options.templateName))
                                              : openModel(program, placeText(options.place));
  state.dataset = nullptr;
  applyTraining(state, options);
  if (state.training.losses.empty())
    throw usageError("The model was saved without its training settings: give --loss.");
  state.source = nullptr;
  requireRunnable(state);
  return state;
}

}  // namespace layersmith
