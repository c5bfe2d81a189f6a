#include "app/cli/Commands.h"
#include "app/cli/OpenModel.h"
#include "app/cli/Program.h"
#include "app/cli/StoreResults.h"
#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/format/JsonAccess.h"
#include "model/storage/browser/BrowserDump.h"

#include <QFile>

namespace layersmith {

namespace {

struct ImportOptions {
  std::string file;
  std::vector<std::string> places;
  bool isForced = false;
  bool wantsScript = false;
};

QByteArray readFile(const std::string& name) {
  QFile file(QString::fromStdString(name));
  if (!file.exists()) throw Error(ErrorKind::NotFound, "There is no file " + name + ".", {}, name);
  if (!file.open(QIODevice::ReadOnly))
    throw Error(ErrorKind::Io, name + " could not be read: " + file.errorString().toStdString() + ".", {}, name);
  if (file.size() > limits::kDumpBytes) throw overLimit(name, file.size(), limits::kDumpBytes, "dump.bytes");
  return file.readAll();
}

Json importDump(Program& program, const ImportOptions& options) {
  if (options.wantsScript) {
    program.output().line(dumpScript());
    return {{"script", dumpScript().toStdString()}};
  }
  if (options.file.empty()) throw usageError("import needs the FILE of a dump.", "--script prints what makes one.");
  QStringList only;
  for (const std::string& place : options.places) only.append(placeText(place));
  Json result = Json::object();
  const QString name = QString::fromStdString(options.file);
  for (const QString& url : program.library().importDump(readFile(options.file), name, only, options.isForced)) {
    const ModelArtifactsInfo info = infoAt(program, url).value_or(ModelArtifactsInfo());
    program.output().line(QStringLiteral("Imported %1 (%2).").arg(url, sizeText(info.totalBytes())));
    result[url.toStdString()] = toJson(info);
  }
  if (result.empty()) program.output().warn("The dump holds no model of TensorFlow.js.");
  return result;
}

}  // namespace

void addImport(Program& program) {
  auto options = std::make_shared<ImportOptions>();
  CLI::App& command =
      program.addCommand("import", "Bring the models of a browser's dump into localstorage:// and indexeddb://",
                         [&program, options] { return importDump(program, *options); });
  command.add_option("FILE", options->file, "A dump of a page's localStorage or IndexedDB, or of both");
  command.add_option("PLACE", options->places, "Only these, e.g. indexeddb://moons (default: all)");
  command.add_flag("-f,--force", options->isForced, "Replace models that are there already");
  command.add_flag("--script", options->wantsScript, "Print what to paste into a page's console to get a dump");
}

}  // namespace layersmith
