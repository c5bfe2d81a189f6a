#include "app/cli/Commands.h"
#include "app/cli/ExitCode.h"
#include "app/cli/FitRun.h"
#include "app/cli/OpenModel.h"
#include "app/cli/Program.h"
#include "app/cli/StoreResults.h"
#include "app/cli/TensorJson.h"
#include "app/cli/TrainSetup.h"
#include "app/cli/TrainingProgress.h"
#include "model/core/Error.h"
#include "model/document/DocumentIo.h"
#include "model/storage/http/ServerModel.h"

#include <cmath>
#include <set>

namespace layersmith {

namespace {

bool savesInPlace(const TrainOptions& options) {
  return !options.save.empty() && options.save == options.place;
}

bool isSentAway(const TrainOptions& options) {
  return !options.save.empty() && parsePlace(placeText(options.save)).scheme.startsWith(QLatin1String("http"));
}

/// Servers that do not say so, and those of other makes, are asked by the save itself.
bool isTakenOnServer(Program& program, const QString& target, const HttpOptions& http) {
  const std::optional<ServerModel> model = ServerModel::sentTo(target);
  try {
    return model && !program.library().stamp(model->url(), http).isEmpty();
  } catch (const Error&) {
    return false;
  }
}

/// Before minutes of work: would the result have a place?
void requireFreePlace(Program& program, const TrainOptions& options) {
  if (options.save.empty()) return;
  const QString target = placeText(options.save);
  const HttpOptions http = program.accessOfBoth(QString::fromStdString(options.place), target).target;
  if (options.isForced || savesInPlace(options)) return;
  if (isSentAway(options) ? isTakenOnServer(program, target, http) : program.library().contains(target))
    throw Error(ErrorKind::AlreadyExists, "Nothing was trained: " + options.save + " holds a model already.", {}, {},
                "Give --force to replace it, or another name.");
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
  how.overwrite = how.replacedToTrash = options.isForced || savesInPlace(options);
  how.base = options.isForced ? QString() : options.base;
  how.http = program.accessOfBoth(QString::fromStdString(options.place), placeText(options.save)).target;
  const SaveResult result = program.library().save(placeText(options.save), artifactsFromDocument(state, contents), how,
                                                   program.storeProgress("Saving"));
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
  output.line(output.bold(QStringLiteral("%1 after %2 epochs: ")
                              .arg(trained.isStopped ? QStringLiteral("Stopped") : QStringLiteral("Trained"))
                              .arg(last.epoch + 1)) +
              parts.join(QStringLiteral(", ")));
  const double accuracy = last.valueOf("val_acc");
  if (!std::isnan(accuracy))
    output.line(QStringLiteral("%1 of %2 rows held back are right (%3 %).")
                    .arg(std::llround(accuracy * double(trained.state.dataset->validationRows.size())))
                    .arg(trained.state.dataset->validationRows.size())
                    .arg(100 * accuracy, 0, 'f', 1));
}

/// What is to be trained, and where it stands.
struct Training {
  DocumentState state;
  QString kept;  ///< name of the kept training it goes on with
  std::shared_ptr<const TrainingCheckpoint> from;
};

void refuseOtherOptions(const TrainOptions& options) {
  static const std::set<std::string> allowed = {
      "--resume",      "--epochs",  "--learning-rate", "--steps",    "--data-json", "--save",    "--include-optimizer",
      "--force",       "--threads", "--json",          "--quiet",    "--progress",  "--store",   "--header",
      "--auth-env",    "--auth",    "--ca-file",       "--insecure", "--method",    "--timeout", "--to-header",
      "--to-auth-env", "--to-auth"};
  for (const std::string& name : options.given())
    if (!allowed.contains(name))
      throw usageError("--resume goes on with a training as it was begun; found " + name + " beside it.",
                       "Leave it out, or start anew without --resume.");
}

Training resumed(Program& program, const TrainOptions& options) {
  refuseOtherOptions(options);
  auto [name, found] = KeptTraining::find(*options.resume);
  Training training{std::move(found.state), name, std::move(found.checkpoint)};
  FitOptions& fit = training.state.fit;
  fit.epochs = options.epochs.value_or(fit.epochs);
  if (options.learningRate) training.state.training.optimizerConfig.set("learningRate", *options.learningRate);
  const FitPosition& position = training.from->position;
  program.output().line(
      QStringLiteral("Going on with %1 at epoch %2 of %3.").arg(name).arg(position.epoch + 1).arg(fit.epochs));
  return training;
}

/// Saves what a training learned. A training that ended and could not be saved is kept; before one is sent away, too.
Json saveOrKeep(Program& program, const TrainOptions& options, const Trained& trained, KeptTraining& kept) {
  const bool isSent = isSentAway(options);
  if (isSent && !trained.isStopped) kept.keep([&] { return trained.checkpoint(); });
  try {
    return save(program, options, trained.state);
  } catch (...) {
    const Error error = currentError();
    if (!isSent && !trained.isStopped) kept.keep([&] { return trained.checkpoint(); });
    if (!kept.isKept()) throw;
    throw Error(error.kind(), error.message(), error.code(), error.where(), kept.howToGoOn() + " --save PLACE");
  }
}

/// The end of every training: saved, kept, or both.
Json finish(Program& program, const TrainOptions& options, const Trained& trained, KeptTraining& kept, Json result) {
  result["stopped"] = trained.isStopped;
  result["saveResult"] = saveOrKeep(program, options, trained, kept);
  const std::string data = options.dataJson.empty() ? "" : " --data-json " + options.dataJson;
  if (trained.isStopped) {
    program.setExitCode(kStoppedExit);
    const std::string saving = options.save.empty() ? "" : " --save " + options.save + " --force";
    if (kept.isKept()) program.output().tell(kept.howToGoOn() + data + saving);
  } else if (options.save.empty() && options.resume) {
    kept.keep([&] { return trained.checkpoint(); });
    program.output().tell("It is not saved anywhere. " + kept.howToGoOn() + data + " --save PLACE");
  } else {
    kept.forget();
  }
  result["resume"] = kept.isKept() ? Json(kept.name().toStdString()) : Json();
  return result;
}

Json trainOnData(Program& program, const TrainOptions& options) {
  const Training training =
      options.resume ? resumed(program, options) : Training{setUpTraining(program, options), {}, nullptr};
  const DocumentState& state = training.state;
  if (!state.dataset)
    throw usageError("The training was begun with tensors of a file: give --data-json FILE with --resume too.");
  const Dataset& data = *state.dataset;
  program.output().line(QStringLiteral("Training on %1: %2 rows, %3 held back for validation.")
                            .arg(data.name)
                            .arg(data.trainingRows.size())
                            .arg(data.validationRows.size()));
  KeptTraining kept(program.output(), data.name, state, training.kept);
  const Trained trained = [&] {
    TrainingProgress progress(program.output(), state.fit, data.training.samples(),
                              training.from ? &training.from->position : nullptr);
    TrainerCallbacks callbacks;
    callbacks.batchFinished = [&](const BatchLog& log) {
      progress.batchFinished(log);
      return true;
    };
    callbacks.epochFinished = [&](const EpochLog& log) {
      progress.epochFinished(log);
      return true;
    };
    return runFit(state, data.training, data.validation.samples() > 0 ? &data.validation : nullptr, callbacks, kept,
                  training.from.get());
  }();
  printEnd(program.output(), trained);
  return finish(program, options, trained, kept,
                {{"history", historyJson(trained.fit.history)},
                 {"epochs", trained.fit.history.size()},
                 {"seed", std::int64_t(state.fit.seed)},
                 {"trainingRows", data.trainingRows.size()},
                 {"validationRows", data.validationRows.size()}});
}

TrainingData stepData(const std::string& path) {
  const Json json = readJsonFile(QString::fromStdString(path));
  if (!json.is_object() || !json.contains("xs") || !json.contains("ys"))
    throw Error(ErrorKind::Format, path + ": expected {\"xs\": [tensors], \"ys\": [tensors]}.", "E104");
  return {tensorsFromJson(json["xs"], path + " > xs"), tensorsFromJson(json["ys"], path + " > ys")};
}

Training stepTraining(Program& program, const TrainOptions& options, const TrainingData& data) {
  TrainOptions given = options;
  given.hasNoShuffle = true;
  given.batchSize = options.batchSize.value_or(int(data.samples()));
  DocumentState state = setUpStepTraining(program, given);
  state.fit.epochs = options.epochs.value_or(1);
  state.fit.validationSplit = options.data.validationSplit.value_or(0);
  return {std::move(state), {}, nullptr};
}

/// The job of model.fit() over given tensors, in order, stopped after K batches: what parity tests compare.
Json trainSteps(Program& program, const TrainOptions& options) {
  const TrainingData data = stepData(options.dataJson);
  if (data.samples() == 0) throw Error(ErrorKind::Format, options.dataJson + ": there are no samples in it.", "E104");
  const Training training = options.resume ? resumed(program, options) : stepTraining(program, options, data);
  DocumentState state = training.state;
  const std::int64_t perEpoch = (data.samples() + state.fit.batchSize - 1) / state.fit.batchSize;
  const std::int64_t steps = options.steps.value_or(int(perEpoch * state.fit.epochs));
  state.fit.epochs = int((steps + perEpoch - 1) / perEpoch);
  const FitPosition start = training.from ? training.from->position : FitPosition();
  const std::int64_t first = start.epoch * perEpoch + start.batch;

  Json taken = Json::array();
  TrainerCallbacks callbacks;
  callbacks.batchFinished = [&](const BatchLog& log) {
    taken.push_back(valuesJson(log.values));
    return first + std::int64_t(taken.size()) < steps;
  };
  KeptTraining kept(program.output(), nameOfPlace(QString::fromStdString(options.dataJson)), state, training.kept);
  const Trained trained = runFit(state, data, nullptr, callbacks, kept, training.from.get());
  if (!taken.empty())
    program.output().line(
        QStringLiteral("%1 steps, loss %2.").arg(taken.size()).arg(numberText(taken.back()["loss"].get<double>())));
  return finish(program, options, trained, kept,
                {{"steps", std::move(taken)},
                 {"history", historyJson(trained.fit.history)},
                 {"epochs", trained.fit.history.size()}});
}

Json train(Program& program, const TrainOptions& options) {
  requireFreePlace(program, options);
  TrainOptions begun = options;
  if (savesInPlace(options)) begun.base = program.library().stamp(placeText(options.place));
  return options.dataJson.empty() ? trainOnData(program, begun) : trainSteps(program, begun);
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
  program.addTargetAccess(command);
  command.add_flag("--include-optimizer", options->includesOptimizer,
                   "Save optimizer, loss and metrics too, to go on later");
  command.add_flag("-f,--force", options->isForced, "Replace a model that is there already");
  command
      .add_option(
          "--resume", options->resume,
          "Go on with a training that was stopped or broke off, as if there had been no break; without a NAME the "
          "newest")
      ->type_name("[NAME]")
      ->expected(0, 1);
  options->given = [&command] {
    std::vector<std::string> names;
    for (const CLI::Option* option : command.get_options())
      if (option->count() > 0) names.push_back(option->get_name());
    return names;
  };
  command.footer(
      "Ctrl-C stops after the batch, keeps and saves what was learned, and exits with 130: --resume goes on bit for "
      "bit.\n"
      "A training is kept in the folder recovery/cli every 5 s, or less often where that would take over 5 % of its "
      "time.");
}

}  // namespace layersmith
