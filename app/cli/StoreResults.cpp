#include "app/cli/StoreResults.h"

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
  if (result.httpStatus != 0)
    json["responses"] =
        Json::array({{{"status", result.httpStatus}, {"body", QString::fromUtf8(result.replyBody).toStdString()}}});
  return json;
}

Json infoPerUrl(const QString& url, const ModelArtifactsInfo& info) {
  return {{url.toStdString(), toJson(info)}};
}

}  // namespace layersmith
