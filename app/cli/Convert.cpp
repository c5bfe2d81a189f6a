#include "app/cli/Commands.h"
#include "app/cli/OpenModel.h"
#include "app/cli/Program.h"
#include "app/cli/StoreResults.h"
#include "model/core/Error.h"
#include "model/document/DocumentIo.h"

namespace layersmith {

namespace {

struct ConvertOptions {
  std::string from;
  std::string to;
  std::int64_t shardBytes = 0;
  bool dropsOptimizer = false;
  bool isForced = false;
};

Json convert(Program& program, const ConvertOptions& options) {
  ModelArtifacts artifacts = program.library().load(placeText(options.from), program.loadOptions());
  if (options.dropsOptimizer) {
    SaveContents contents;
    contents.includeOptimizer = false;
    artifacts = artifactsFromDocument(documentFromArtifacts(std::move(artifacts)).state, contents);
  }
  SaveOptions how;
  how.overwrite = options.isForced;
  how.replacedToTrash = options.isForced;
  how.shardBytes = options.shardBytes;
  how.http = program.httpOptions();
  const SaveResult saved = program.library().save(placeText(options.to), artifacts, how);
  program.output().line(
      QStringLiteral("Wrote %1 (%2).").arg(QString::fromStdString(options.to), sizeText(saved.info.totalBytes())));
  return toJson(saved);
}

}  // namespace

void addConvert(Program& program) {
  auto options = std::make_shared<ConvertOptions>();
  CLI::App& command = program.addCommand(
      "convert", "Write a model in another layout: folder, shards, download pair (NAME.json), store, server",
      [&program, options] { return convert(program, *options); });
  command.add_option("FROM", options->from, "The model")->required();
  command.add_option("TO", options->to, "Where it goes: a folder, NAME.json for a download pair, a store, an address")
      ->required();
  command
      .add_option("--shard-bytes", options->shardBytes,
                  "Cut the weights of a folder into files of this size, e.g. 4194304; 0: one file")
      ->check(CLI::Range(std::int64_t(0), std::int64_t(1) << 40))
      ->capture_default_str();
  command.add_flag("--no-optimizer", options->dropsOptimizer, "Leave the optimizer's settings and state out");
  command.add_flag("-f,--force", options->isForced, "Replace a model that is there already");
}

}  // namespace layersmith
