#include "app/cli/StoreResults.h"

#include "app/cli/Program.h"
#include "model/storage/StorePreview.h"

namespace layersmith {

Json toJson(const ModelArtifactsInfo& info) {
  return {{"dateSaved", info.dateSaved.toUTC().toString(Qt::ISODateWithMs).toStdString()},
          {"modelTopologyType", info.modelTopologyType.toStdString()},
          {"modelTopologyBytes", info.modelTopologyBytes},
          {"weightSpecsBytes", info.weightSpecsBytes},
          {"weightDataBytes", info.weightDataBytes}};
}

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

Json previewOfSave(Program& program, const QString& url, const ModelArtifacts& artifacts, const SaveOptions& options) {
  ModelLibrary& library = program.library();
  const QString scheme = parsePlace(url).scheme;
  const bool hasQuota = scheme == QLatin1String("localstorage") || scheme == QLatin1String("indexeddb");
  const std::int64_t replaced =
      hasQuota && library.contains(url) ? previewSave(url, library.load(url), options).total : 0;
  const StorePreview preview =
      previewSave(url, artifacts, options, hasQuota ? library.usage(scheme) : StoreUsage(), replaced);
  program.output().line(preview.text().trimmed());
  if (!preview.fits()) program.output().warn("This does not fit: nothing would be written.");
  Json items = Json::array();
  for (const PreviewItem& item : preview.items)
    items.push_back({{"name", item.name.toStdString()}, {"amount", item.amount}});
  return {{"url", preview.url.toStdString()},
          {"items", std::move(items)},
          {"total", preview.total},
          {"unit", preview.unit.toStdString()},
          {"quota", preview.quota},
          {"left", preview.left},
          {"fits", preview.fits()}};
}

}  // namespace layersmith
