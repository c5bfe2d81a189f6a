#include "app/cli/Commands.h"
#include "app/cli/OpenModel.h"
#include "app/cli/Program.h"
#include "model/core/Error.h"
#include "model/storage/browser/BrowserDump.h"
#include "model/storage/folder/FileAccess.h"

#include <QFileInfo>

namespace layersmith {

namespace {

struct ExportOptions {
  std::string file;
  std::vector<std::string> places;
  bool isForced = false;
  bool wantsScript = false;
};

Error isThere(const QString& name) {
  return {ErrorKind::AlreadyExists,
          name.toStdString() + " exists already. Nothing was changed.",
          {},
          name.toStdString(),
          "--force replaces it."};
}

/// It is on the disk afterwards. Errors: AlreadyExists, also when it came just now; E201.
void writeDumpFile(const QString& name, const QByteArray& dump, bool mayReplace) {
  const QFileInfo info(name);
  if (info.exists() && !info.isFile())
    throw Error(ErrorKind::Io, "Not saved: " + name.toStdString() + " is no file.", "E201", name.toStdString());
  const QString path = info.exists() ? info.canonicalFilePath() : info.absoluteFilePath();  // a link stays one
  if (mayReplace)
    replaceSynced(path, dump);
  else if (!placeSynced(path, dump))
    throw isThere(name);
  try {
    syncFolder(QFileInfo(path).absolutePath());
  } catch (const Error& error) {
    throw Error(
        error.kind(),
        QStringLiteral("%1 is written, but a power cut may lose it: %2.").arg(name, causeOf(error)).toStdString(),
        "E201", name.toStdString());
  }
}

Json exportDump(Program& program, const ExportOptions& options) {
  if (options.wantsScript) {
    program.output().line(restoreScript());
    return {{"script", restoreScript().toStdString()}};
  }
  if (options.file.empty()) throw usageError("export needs the FILE to write.");
  const QString name = QString::fromStdString(options.file);
  if (QFileInfo::exists(name) && !options.isForced) throw isThere(name);
  QStringList urls;
  for (const std::string& place : options.places) urls.append(placeText(place));
  const QByteArray dump = program.library().exportDump(urls);
  writeDumpFile(name, dump, options.isForced);
  program.output().line(QStringLiteral("Wrote %1 (%2).").arg(name, sizeText(dump.size())));
  return {{"file", options.file}, {"bytes", dump.size()}};
}

}  // namespace

void addExport(Program& program) {
  auto options = std::make_shared<ExportOptions>();
  CLI::App& command =
      program.addCommand("export", "Write models of localstorage:// and indexeddb:// as a dump for a browser",
                         [&program, options] { return exportDump(program, *options); });
  command.add_option("FILE", options->file, "The dump to write");
  command.add_option("PLACE", options->places, "Only these, e.g. localstorage://moons (default: all)");
  command.add_flag("-f,--force", options->isForced, "Replace the file when it is there already");
  command.add_flag("--script", options->wantsScript, "Print what to paste into a page's console to bring a dump in");
}

}  // namespace layersmith
