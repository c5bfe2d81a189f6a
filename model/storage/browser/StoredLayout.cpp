#include "model/storage/browser/StoredLayout.h"

#include "model/core/Error.h"
#include "model/format/BoundedJson.h"
#include "model/format/JsonAccess.h"

namespace layersmith {

QString storedLayout(const ModelArtifacts& artifacts) {
  Json groups = Json::array();
  for (const WeightsGroup& group : artifacts.groups)
    groups.push_back(Json{{"paths", group.paths}, {"weights", group.weights}, {"bytes", group.bytes}});
  return QString::fromUtf8(toJsonBytes(Json{{"hasWeights", artifacts.weightData != nullptr},
                                            {"groups", std::move(groups)},
                                            {"memberOrder", artifacts.memberOrder}}));
}

void applyStoredLayout(const QString& text, ModelArtifacts& artifacts) {
  if (text.isEmpty()) return;
  const Json layout = parseBoundedJson(text.toUtf8(), QStringLiteral("layout"));
  if (memberOf(layout, "hasWeights") == Json(false)) artifacts.weightData = nullptr;
  try {
    for (const Json& group : layout.at("groups"))
      artifacts.groups.push_back({group.at("paths").get<std::vector<std::string>>(),
                                  group.at("weights").get<std::size_t>(),
                                  group.at("bytes").get<std::vector<std::int64_t>>()});
    artifacts.memberOrder = layout.at("memberOrder").get<std::vector<std::string>>();
  } catch (const Json::exception& exception) {
    throw Error(ErrorKind::Database, std::string("The store holds a damaged row: ") + exception.what(), "E104",
                "layout");
  }
}

}  // namespace layersmith
