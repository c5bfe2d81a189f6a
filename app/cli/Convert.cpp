#include "app/cli/Commands.h"
#include "app/cli/OpenModel.h"
#include "app/cli/Program.h"
#include "app/cli/StoreResults.h"
#include "model/core/Error.h"
#include "model/document/DocumentIo.h"
#include "model/format/Quantization.h"
#include "model/storage/StorePreview.h"
#include "model/storage/files/FileSet.h"

#include <algorithm>

namespace layersmith {

namespace {

struct ConvertOptions {
  std::vector<std::string> places;  ///< FROM..., TO
  std::int64_t shardBytes = 0;
  std::string quantize;
  std::vector<std::string> weights;
  bool dropsOptimizer = false;
  bool isTrainableOnly = false;
  bool isForced = false;
  bool isDryRun = false;
};

ModelArtifacts loadFrom(Program& program, const std::vector<std::string>& from) {
  if (from.size() == 1) return program.library().load(placeText(from.front()), program.loadOptions());
  QStringList files;
  for (const std::string& file : from) files.append(QString::fromStdString(file));
  return loadPickedFiles(files, program.loadOptions());
}

ModelArtifacts contentsOf(ModelArtifacts artifacts, const ConvertOptions& options) {
  if (!options.dropsOptimizer && !options.isTrainableOnly) return artifacts;
  SaveContents contents;
  contents.includeOptimizer = !options.dropsOptimizer;
  contents.trainableOnly = options.isTrainableOnly;
  return artifactsFromDocument(documentFromArtifacts(std::move(artifacts)).state, contents);
}

std::size_t quantizedCount(const ModelArtifacts& artifacts) {
  return std::size_t(std::ranges::count_if(artifacts.weightSpecs,
                                           [](const WeightSpec& spec) { return spec.quantization.has_value(); }));
}

ModelArtifacts smaller(Program& program, const ModelArtifacts& artifacts, const ConvertOptions& options,
                       QuantizationReport& report) {
  if (const std::size_t count = quantizedCount(artifacts))
    program.output().warn(std::to_string(count) + " of " + std::to_string(artifacts.weightSpecs.size()) +
                          " weights are quantized already and stay as they are.");
  try {
    return quantize(artifacts, {*dtypeFromString(options.quantize), options.weights}, &report);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Numeric) throw;
    // the model cannot be stored so; nothing diverged
    throw Error(ErrorKind::Format, error.message(), error.code(), error.where(), error.hint());
  }
}

Json toJson(const QuantizationReport& report) {
  Json weights = Json::array();
  for (const QuantizationReport::Weight& weight : report.weights)
    weights.push_back({{"name", weight.name}, {"largestChange", weight.largest}, {"meanChange", weight.mean}});
  return {{"largestChange", report.largest},
          {"meanChange", report.mean},
          {"bytesBefore", report.bytesBefore},
          {"bytesAfter", report.bytesAfter},
          {"weights", std::move(weights)}};
}

Json convert(Program& program, const ConvertOptions& options) {
  if (options.places.size() < 2) throw usageError("convert needs FROM and TO.");
  const std::vector<std::string> from(options.places.begin(), options.places.end() - 1);
  const std::string& to = options.places.back();
  if (options.quantize.empty() && !options.weights.empty())
    throw usageError("--weights says which weights --quantize makes smaller; there is no --quantize.");
  const HttpOptions access =
      program.accessOfBoth(from.size() == 1 ? placeText(from.front()) : QString(), placeText(to)).target;
  ModelArtifacts artifacts = loadFrom(program, from);
  const std::size_t quantized = quantizedCount(artifacts);
  artifacts = contentsOf(std::move(artifacts), options);
  if (quantizedCount(artifacts) < quantized && options.isTrainableOnly)
    program.output().warn("--trainable-only writes quantized weights as float32 again.");
  QuantizationReport report;
  if (!options.quantize.empty()) artifacts = smaller(program, artifacts, options, report);
  SaveOptions how;
  how.overwrite = options.isForced;
  how.replacedToTrash = options.isForced;
  how.shardBytes = options.shardBytes;
  how.http = access;
  const Place target = parsePlace(placeText(to));
  if (options.shardBytes > 0 &&
      (target.scheme != QLatin1String("file") || target.name.endsWith(QLatin1String(".json"))))
    program.output().warn("--shard-bytes cuts the weights of folders alone; it changes nothing here.");
  if (options.isDryRun) return previewOfSave(program, placeText(to), artifacts, how);
  const SaveResult saved = program.library().save(placeText(to), artifacts, how, program.storeProgress("Saving"));
  const bool isFiles = target.scheme == QLatin1String("file");
  const std::int64_t bytes = isFiles ? previewSave(target.url(), artifacts, how).total : saved.info.totalBytes();
  program.output().line(QStringLiteral("Wrote %1 (%2).").arg(QString::fromStdString(to), sizeText(bytes)));
  Json result = toJson(saved);
  if (options.quantize.empty()) return result;
  program.output().line(
      QStringLiteral("%1 weights as %2: %3 are now %4; the largest change of a value is %5, the mean %6.")
          .arg(report.weights.size())
          .arg(QString::fromStdString(options.quantize), sizeText(report.bytesBefore), sizeText(report.bytesAfter),
               numberText(report.largest), numberText(report.mean)));
  result["quantization"] = toJson(report);
  return result;
}

}  // namespace

void addConvert(Program& program) {
  auto options = std::make_shared<ConvertOptions>();
  CLI::App& command = program.addCommand(
      "convert", "Write a model in another layout: folder, shards, download pair (NAME.json), store, server",
      [&program, options] { return convert(program, *options); });
  command
      .add_option("FROM... TO", options->places,
                  "The model, or its model.json and weight files in any order; and where it goes: a folder, NAME.json "
                  "for a download pair, a store, an address")
      ->required();
  program.addTargetAccess(command);
  command
      .add_option("--shard-bytes", options->shardBytes,
                  "Cut the weights of a folder into files of this size, e.g. 4194304; 0: one file")
      ->check(CLI::Range(std::int64_t(0), std::int64_t(1) << 40))
      ->capture_default_str();
  command
      .add_option("--quantize", options->quantize,
                  "Store float32 weights smaller, as the TensorFlow.js converter does, and tell the change")
      ->check(CLI::IsMember({"float16", "uint16", "uint8"}));
  command.add_option("--weights", options->weights, "Quantize only weights of such names, e.g. 'dense_*/kernel'")
      ->type_name("GLOB")
      ->allow_extra_args(false);
  command.add_flag("--no-optimizer", options->dropsOptimizer, "Leave the optimizer's settings and state out");
  command.add_flag("--trainable-only", options->isTrainableOnly, "Save the trainable weights alone");
  command.add_flag("--dry-run", options->isDryRun, "Say what would be written and what room is left; write nothing");
  command.add_flag("-f,--force", options->isForced, "Replace a model that is there already");
}

}  // namespace layersmith
