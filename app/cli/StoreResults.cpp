#include "app/cli/StoreResults.h"

#include "app/cli/Program.h"
#include "model/core/Error.h"
#include "model/format/WeightsManifest.h"
#include "model/storage/StorePreview.h"
#include "model/storage/folder/FolderLayout.h"
#include "model/storage/plugins/PluginLoader.h"

#include <QFileInfo>
#include <QUrl>

namespace layersmith {

namespace {

/// The place whose list names this model; empty for files, whose folder may hold thousands of others.
QString listOf(const Place& place) {
  if (place.scheme == QLatin1String("localstorage") || place.scheme == QLatin1String("indexeddb"))
    return place.scheme + QStringLiteral("://");
  if (!findPlugin(place.scheme)) return {};
  const qsizetype mark = place.name.lastIndexOf(QLatin1Char('#'));
  return place.scheme + QStringLiteral("://") + (mark > 0 ? place.name.left(mark) : QString());
}

}  // namespace

Json toJson(const SaveResult& result) {
  Json json = {{"url", result.url.toStdString()}, {"modelArtifactsInfo", toJson(result.info)}};
  if (result.httpStatus == 0) return json;
  Json headers = Json::object();
  for (const auto& [name, value] : result.replyHeaders) headers[name.toStdString()] = value.toStdString();
  json["responses"] = Json::array({{{"status", result.httpStatus},
                                    {"headers", std::move(headers)},
                                    {"body", QString::fromUtf8(result.replyBody).toStdString()}}});
  return json;
}

Json infoPerUrl(const QString& url, const ModelArtifactsInfo& info) {
  return {{url.toStdString(), toJson(info)}};
}

std::optional<ModelArtifactsInfo> infoAt(Program& program, const QString& url) {
  try {
    const Place place = parsePlace(url);
    if (const QString list = listOf(place); !list.isEmpty()) {
      for (const ModelEntry& entry : modelsAt(program, list))
        if (entry.url == place.url()) return entry.info;
      return {};
    }
    const ModelArtifacts artifacts = program.library().peek(url);
    const QFileInfo file(place.scheme == QLatin1String("file") ? layoutOf(place.name).jsonPath() : place.name);
    ModelArtifactsInfo info = artifactsInfo(artifacts, file.lastModified());
    if (!artifacts.weightData) info.weightDataBytes = storedBytes(artifacts.weightSpecs);
    return info;
  } catch (const Error&) {
    return {};  // the work is done: figures are no reason to call it failed
  }
}

Json knownInfoPerUrl(Program& program, const QString& url) {
  const std::optional<ModelArtifactsInfo> info = infoAt(program, url);
  return {{url.toStdString(), info ? toJson(*info) : Json::object()}};
}

void requireTwoPlaces(const QString& from, const QString& to) {
  if (parsePlace(from).url() == parsePlace(to).url())
    throw Error(ErrorKind::AlreadyExists, "Source and destination are the same place. Nothing was changed.", {},
                to.toStdString(), "Name another place to put it.");
}

bool isServerRoot(const QString& place) {
  const QUrl url(place);
  if (url.scheme() != QLatin1String("http") && url.scheme() != QLatin1String("https")) return false;
  const QString path = url.adjusted(QUrl::StripTrailingSlash).path();
  return path.isEmpty() || path == QLatin1String("/") || path.endsWith(QLatin1String("/models"));
}

std::vector<ModelEntry> modelsAt(Program& program, const QString& place) {
  if (place.isEmpty()) return program.library().list();
  for (const QString& scheme : {QStringLiteral("localstorage"), QStringLiteral("indexeddb")})
    if (place == scheme || place.startsWith(scheme + QLatin1Char(':'))) return program.library().store(scheme).list();
  if (place.startsWith(QLatin1String("http://")) || place.startsWith(QLatin1String("https://")))
    return program.library().listServer(place, program.httpOptions());
  if (const qsizetype mark = place.indexOf(QLatin1String("://")); mark > 0 && findPlugin(place.left(mark)))
    return program.library().listPlugin(place.left(mark), place.mid(mark + 3));
  return program.library().listFolder(parsePlace(place).name);
}

Json previewOfSave(Program& program, const QString& url, const ModelArtifacts& artifacts, const SaveOptions& options) {
  ModelLibrary& library = program.library();
  const QString scheme = parsePlace(url).scheme;
  const bool hasQuota = scheme == QLatin1String("localstorage") || scheme == QLatin1String("indexeddb");
  const std::int64_t replaced =
      hasQuota && library.contains(url) ? previewSave(url, library.load(url), options).total : 0;
  const StorePreview preview =
      previewSave(url, artifacts, options, hasQuota ? library.usage(scheme) : StoreUsage(), replaced);
  const bool isOnServer = scheme.startsWith(QLatin1String("http"));  // which alone knows what it holds
  const bool exists = !isOnServer && library.contains(url);
  program.output().line(preview.text().trimmed());
  if (exists && options.overwrite)
    program.output().line(QStringLiteral("It would replace the model that is there, which goes to the Trash."));
  else if (exists)
    program.output().warn("A model is there already: without --force this would be refused.");
  if (!preview.fits()) program.output().warn("This does not fit: nothing would be written.");
  if (exists && !options.overwrite)
    program.setExitCode(1);
  else if (!preview.fits())
    program.setExitCode(5);
  Json items = Json::array();
  for (const PreviewItem& item : preview.items)
    items.push_back({{"name", item.name.toStdString()}, {"amount", item.amount}});
  return {{"url", preview.url.toStdString()},
          {"items", std::move(items)},
          {"total", preview.total},
          {"unit", preview.unit.toStdString()},
          {"quota", preview.quota},
          {"left", preview.left},
          {"exists", exists},
          {"fits", preview.fits()}};
}

}  // namespace layersmith
