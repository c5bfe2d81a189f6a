#include "app/cli/Commands.h"
#include "app/cli/ExitCode.h"
#include "app/cli/Interrupt.h"
#include "app/cli/OpenModel.h"
#include "app/cli/Program.h"
#include "app/cli/StoreResults.h"
#include "app/cli/TensorJson.h"
#include "app/cli/TrainSetup.h"
#include "app/cli/TrainingProgress.h"
#include "model/core/Error.h"
#include "model/document/DocumentIo.h"
#include "model/document/Edits.h"

#include <cmath>

namespace layersmith {

namespace {

struct Trained {
  DocumentState state;
  FitResult fit;
};

/// Before minutes of work: would the result have a place?
void requireFreePlace(Program& program, const TrainOptions& options) {
  if (options.save.empty()) return;
  const QString target = placeText(options.save);
  if (options.isForced || options.save == options.place || parsePlace(target).scheme.startsWith(QLatin1String("http")))
    return;
  if (program.library().contains(target))
    throw Error(ErrorKind::AlreadyExists, "Nothing was trained: " + options.save + " holds a model already.", {}, {},
                "Give --force to replace it, or another name.");
}

[[noreturn]] void reportDivergence(const FitResult& result, const Graph& graph) {
  const LayerSpec* layer = graph.find(result.divergedLayer);
  throw Error(ErrorKind::Numeric,
              "The loss is no longer a number at epoch " + std::to_string(result.epoch + 1) + ", batch " +
                  std::to_string(result.batch + 1) + (layer ? ", first in `" + layer->name + "`" : std::string()) +
                  ". Nothing was saved.",
              "E401", {}, "A learning rate ten times smaller usually helps.");
}

Trained fit(DocumentState state, const TrainingData& data, const TrainingData* validation,
            const TrainerCallbacks& callbacks) {
  Network network(state.graph, state.weights, state.fit.seed);
  Trainer trainer(network, state.training, state.optimizer);
  FitResult result = trainer.fit(data, validation, state.fit, callbacks);
  if (result.end == FitResult::End::Diverged) reportDivergence(result, state.graph);
  const auto run =
      std::make_shared<TrainingRun>(TrainingRun{result.history, state.training, state.fit, result.compute});
  return {edits::setWeights(state, network.weights(), trainer.optimizerState(), run), std::move(result)};
}

Json valuesJson(const std::vector<MetricValue>& values) {
  Json json = Json::object();
  for (const MetricValue& value : values) json[value.name] = value.value;
  return json;
}

/// {loss: [...], acc: [...]}, one number per epoch, as History.history of TensorFlow.js.
Json historyJson(const std::vector<EpochLog>& history) {
  Json json = Json::object();
  for (const EpochLog& epoch : history)
    for (const MetricValue& value : epoch.values) json[value.name].push_back(value.value);
  return json;
}

Json save(Program& program, const TrainOptions& options, const DocumentState& state) {
  if (options.save.empty()) return nullptr;
  SaveContents contents;
  contents.includeOptimizer = options.includesOptimizer;
  SaveOptions how;
  how.overwrite = true;  // asked before training
  how.replacedToTrash = true;
  how.http = program.httpOptions();
  const SaveResult result =
      program.library().save(placeText(options.save), artifactsFromDocument(state, contents), how);
  program.output().line(QStringLiteral("Saved to %1 (%2).")
                            .arg(QString::fromStdString(options.save), sizeText(result.info.totalBytes())));
  return toJson(result);
}

void printEnd(Output& output, const Trained& trained) {
  if (trained.fit.history.empty()) return;
  const EpochLog& last = trained.fit.history.back();
  QStringList parts;
  for (const MetricValue& value : last.values)
    parts << QStringLiteral("%1 %2").arg(QString::fromStdString(value.name), numberText(value.value));
  const bool isStopped = trained.fit.end == FitResult::End::Stopped;
  output.line(output.bold(QStringLiteral("%1 after %2 epochs: ")
                              .arg(isStopped ? QStringLiteral("Stopped") : QStringLiteral("Trained"))
                              .arg(last.epoch + 1)) +
              parts.join(QStringLiteral(", ")));
  const double accuracy = last.valueOf("val_acc");
  if (!std::isnan(accuracy))
    output.line(QStringLiteral("%1 of %2 rows held back are right (%3 %).")
                    .arg(std::llround(accuracy * double(trained.state.dataset->validationRows.size())))
                    .arg(trained.state.dataset->validationRows.size())
                    .arg(100 * accuracy, 0, 'f', 1));
}

Json trainOnData(Program& program, const TrainOptions& options) {
  const DocumentState state = setUpTraining(program, options);
  const Dataset& data = *state.dataset;
  program.output().line(QStringLiteral("Training on %1: %2 rows, %3 held back for validation.")
                            .arg(data.name)
                            .arg(data.trainingRows.size())
                            .arg(data.validationRows.size()));
  const Interrupt interrupt;
  Trained trained = [&] {
    TrainingProgress progress(program.output(), state.fit.epochs, data.training.samples(), state.fit.batchSize);
    TrainerCallbacks callbacks;
    callbacks.batchFinished = [&](const BatchLog& log) {
      progress.batchFinished(log);
      return !interrupt.isAsked();
    };
    callbacks.epochFinished = [&](const EpochLog& log) {
      progress.epochFinished(log);
      return !interrupt.isAsked();
    };
    return fit(state, data.training, data.validation.samples() > 0 ? &data.validation : nullptr, callbacks);
  }();
  printEnd(program.output(), trained);
  const bool isStopped = trained.fit.end == FitResult::End::Stopped;
  if (isStopped) program.setExitCode(kStoppedExit);
  return {{"history", historyJson(trained.fit.history)},
          {"epochs", trained.fit.history.size()},
          {"stopped", isStopped},
          {"seed", std::int64_t(state.fit.seed)},
          {"trainingRows", data.trainingRows.size()},
          {"validationRows", data.validationRows.size()},
          {"saveResult", save(program, options, trained.state)}};
}

TrainingData stepData(const std::string& path) {
  const Json json = readJsonFile(QString::fromStdString(path));
  if (!json.is_object() || !json.contains("xs") || !json.contains("ys"))
    throw Error(ErrorKind::Format, path + ": expected {\"xs\": [tensors], \"ys\": [tensors]}.", "E104");
  return {tensorsFromJson(json["xs"], path + " > xs"), tensorsFromJson(json["ys"], path + " > ys")};
}

/// The job of model.fit() over given tensors, in order, stopped after K batches: what parity tests compare.
Json trainSteps(Program& program, const TrainOptions& options) {
  const TrainingData data = stepData(options.dataJson);
  if (data.samples() == 0) throw Error(ErrorKind::Format, options.dataJson + ": there are no samples in it.", "E104");
  TrainOptions given = options;
  given.hasNoShuffle = true;
  given.batchSize = options.batchSize.value_or(int(data.samples()));
  DocumentState state = setUpStepTraining(program, given);
  const std::int64_t perEpoch = (data.samples() + state.fit.batchSize - 1) / state.fit.batchSize;
  const std::int64_t steps = options.steps.value_or(int(perEpoch * options.epochs.value_or(1)));
  state.fit.epochs = int((steps + perEpoch - 1) / perEpoch);
  state.fit.validationSplit = options.data.validationSplit.value_or(0);

  Json taken = Json::array();
  const Interrupt interrupt;
  TrainerCallbacks callbacks;
  callbacks.batchFinished = [&](const BatchLog& log) {
    taken.push_back(valuesJson(log.values));
    return std::int64_t(taken.size()) < steps && !interrupt.isAsked();
  };
  const Trained trained = fit(state, data, nullptr, callbacks);
  program.output().line(
      QStringLiteral("%1 steps, loss %2.").arg(taken.size()).arg(numberText(taken.back()["loss"].get<double>())));
  return {{"steps", std::move(taken)},
          {"history", historyJson(trained.fit.history)},
          {"epochs", trained.fit.history.size()},
          {"saveResult", save(program, options, trained.state)}};
}

Json train(Program& program, const TrainOptions& options) {
  requireFreePlace(program, options);
  return options.dataJson.empty() ? trainOnData(program, options) : trainSteps(program, options);
}

void addTrainingOptions(CLI::App& command, TrainOptions& options) {
  const char* group = "Training";
  command.add_option("--epochs", options.epochs, "How often to go through the data")
      ->check(CLI::Range(1, 10'000'000))
      ->group(group);
  command.add_option("--batch-size", options.batchSize, "Rows per step")
      ->check(CLI::Range(1, 10'000'000))
      ->group(group);
  command.add_option("--optimizer", options.optimizer, "adam, sgd, momentum, rmsprop, adagrad, adadelta, adamax")
      ->type_name("NAME")
      ->group(group);
  command.add_option("--learning-rate", options.learningRate, "Size of a step")
      ->check(CLI::PositiveNumber)
      ->group(group);
  command
      .add_option("--loss", options.loss,
                  "meanSquaredError, binaryCrossentropy, categoricalCrossentropy, sparseCategoricalCrossentropy")
      ->type_name("NAME")
      ->group(group);
  command.add_option("--metrics", options.metrics, "What else to measure")
      ->type_name("A,B")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->group(group);
  command
      .add_option("--validation-split", options.data.validationSplit,
                  "Part held back for validation; with --data-json the tail")
      ->check(CLI::Range(0.0, 0.99))
      ->group(group);
  command.add_option("--seed", options.seed, "For initial weights, shuffling and dropout")->group(group);
  command.add_flag("--no-shuffle", options.hasNoShuffle, "Take the rows in their order")->group(group);
  command
      .add_option("--data-json", options.dataJson, "{\"xs\": [{shape, dtype, values}], \"ys\": [...]}, taken in order")
      ->type_name("FILE")
      ->group(group);
  command.add_option("--steps", options.steps, "With --data-json: stop after this many batches")
      ->check(CLI::Range(1, 1'000'000'000))
      ->group(group);
}

}  // namespace

void addTrain(Program& program) {
  auto options = std::make_shared<TrainOptions>();
  CLI::App& command = program.addCommand("train", "Train a model on a table, images or a sample",
                                         [&program, options] { return train(program, *options); });
  command.add_option("PLACE", options->place, "The model to train further");
  command
      .add_option("--template", options->templateName,
                  "Or start from: twoMoons, xor, circles, spirals, iris, digits, mlp, convnet, empty")
      ->type_name("NAME");
  options->data.addTo(command);
  addTrainingOptions(command, *options);
  command.add_option("-o,--save", options->save, "Where to save the trained model")->type_name("PLACE");
  command.add_flag("--include-optimizer", options->includesOptimizer,
                   "Save optimizer, loss and metrics too, to go on later");
  command.add_flag("-f,--force", options->isForced, "Replace a model that is there already");
  command.footer("Ctrl-C stops after the batch, keeps and saves what was learned, and exits with 130.");
}

}  // namespace layersmith
