#include "model/storage/browser/BrowserRecords.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/format/BoundedJson.h"
#include "model/format/JsonAccess.h"
#include "model/format/ModelJson.h"
#include "model/format/WeightsManifest.h"

#include <algorithm>

namespace layersmith {

namespace {

const QString kPrefix = QStringLiteral("tensorflowjs_models/");

QString keyOf(const QString& name, const char* part) {
  return kPrefix + name + u'/' + QString::fromLatin1(part);
}

QString jsonText(const Json& json) {
  return QString::fromUtf8(toJsonBytes(json));
}

Json parsed(const QString& text, const QString& what) {
  JsonLimits roomy;
  roomy.bytes = 2 * limits::kModelJsonBytes;
  return parseBoundedJson(text.toUtf8(), what, roomy);
}

QString valueOf(const std::vector<BrowserRecord>& records, QStringView keyEnd, QStringView store) {
  const auto it = std::ranges::find_if(
      records, [&](const BrowserRecord& record) { return record.store == store && record.key.endsWith(keyEnd); });
  if (it == records.end())
    throw Error(ErrorKind::Database,
                QStringLiteral("The stored model lacks its record %1%2.").arg(store, keyEnd).toStdString(), "E104");
  return it->value;
}

Json infoJson(const ModelArtifactsInfo& info) {
  return Json{{"dateSaved", info.dateSaved.toUTC().toString(Qt::ISODateWithMs).toStdString()},
              {"modelTopologyType", info.modelTopologyType.toStdString()},
              {"modelTopologyBytes", info.modelTopologyBytes},
              {"weightSpecsBytes", info.weightSpecsBytes},
              {"weightDataBytes", info.weightDataBytes}};
}

QDateTime dateOf(const Json& info) {
  const Json& date = memberOf(info, "dateSaved");
  return date.is_string() ? QDateTime::fromString(QString::fromStdString(date.get<std::string>()), Qt::ISODateWithMs)
                          : QDateTime();
}

void putMembers(ModelArtifacts& artifacts, const Json& members) {
  for (const auto& [key, value] : members.items()) setMember(artifacts, key, value);
}

class LocalStorageFormat final : public BrowserFormat {
 public:
  QString scheme() const override { return QStringLiteral("localstorage"); }
  bool keepsWeightsApart() const override { return false; }
  std::int64_t quota() const override { return limits::kLocalStorageUnits; }

  std::vector<BrowserRecord> encode(const QString& name, const ModelArtifacts& artifacts,
                                    const QDateTime& saved) const override {
    const QString store = QStringLiteral("localStorage");
    const QString weights =
        artifacts.weightData ? QString::fromLatin1(artifacts.weightData->joined().toBase64()) : QString();
    return {{store, keyOf(name, "info"), jsonText(infoJson(artifactsInfo(artifacts, saved)))},
            {store, keyOf(name, "model_topology"), jsonText(artifacts.modelTopology)},
            {store, keyOf(name, "weight_specs"), jsonText(toJson(artifacts.weightSpecs))},
            {store, keyOf(name, "weight_data"), weights.isNull() ? QLatin1String("") : weights},
            {store, keyOf(name, "model_metadata"), jsonText(metadataJson(artifacts))}};
  }

  ModelArtifacts decode(const std::vector<BrowserRecord>& records, WeightData) const override {
    const auto value = [&](const char* part) {
      return valueOf(records, u'/' + QString::fromLatin1(part), QStringLiteral("localStorage"));
    };
    ModelArtifacts artifacts;
    artifacts.modelTopology = parsed(value("model_topology"), QStringLiteral("model_topology"));
    artifacts.weightSpecs =
        weightSpecsFromJson(parsed(value("weight_specs"), QStringLiteral("weight_specs")), "weight_specs");
    const auto weights =
        QByteArray::fromBase64Encoding(value("weight_data").toLatin1(), QByteArray::AbortOnBase64DecodingErrors);
    if (!weights)
      throw Error(ErrorKind::Format, "weight_data is not base64: the stored weights are damaged.", "E110",
                  "weight_data");
    artifacts.weightData = std::make_shared<const WeightBytes>(*weights);
    putMembers(artifacts, parsed(value("model_metadata"), QStringLiteral("model_metadata")));
    return artifacts;
  }

  QDateTime dateSaved(const std::vector<BrowserRecord>& records) const override {
    return dateOf(parsed(valueOf(records, u"/info", QStringLiteral("localStorage")), QStringLiteral("info")));
  }

  std::vector<BrowserRecord> renamed(std::vector<BrowserRecord> records, const QString& from,
                                     const QString& to) const override {
    for (BrowserRecord& record : records) record.key = kPrefix + to + record.key.mid(kPrefix.size() + from.size());
    return records;
  }

  std::int64_t units(const std::vector<BrowserRecord>& records, std::int64_t) const override {
    std::int64_t units = 0;
    for (const BrowserRecord& record : records) units += record.key.size() + record.value.size();
    return units;
  }
};

class IndexedDbFormat final : public BrowserFormat {
 public:
  QString scheme() const override { return QStringLiteral("indexeddb"); }
  bool keepsWeightsApart() const override { return true; }
  std::int64_t quota() const override { return limits::kIndexedDbBytes; }

  std::vector<BrowserRecord> encode(const QString& name, const ModelArtifacts& artifacts,
                                    const QDateTime& saved) const override {
    Json stored = Json::object();
    stored["modelTopology"] = artifacts.modelTopology;
    const Json metadata = metadataJson(artifacts);  // items() refers to it
    for (const auto& [key, value] : metadata.items()) stored[key] = value;
    stored["weightSpecs"] = toJson(artifacts.weightSpecs);
    const Json info = infoJson(artifactsInfo(artifacts, saved));
    const std::string path = name.toStdString();
    return {
        {QStringLiteral("models_store"), name,
         jsonText(Json{{"modelPath", path}, {"modelArtifacts", std::move(stored)}, {"modelArtifactsInfo", info}})},
        {QStringLiteral("model_info_store"), name, jsonText(Json{{"modelPath", path}, {"modelArtifactsInfo", info}})}};
  }

  ModelArtifacts decode(const std::vector<BrowserRecord>& records, WeightData weights) const override {
    const Json record = parsed(valueOf(records, {}, QStringLiteral("models_store")), QStringLiteral("models_store"));
    ModelArtifacts artifacts;
    for (const auto& [key, value] : memberOf(record, "modelArtifacts").items()) {
      if (key == "modelTopology")
        artifacts.modelTopology = value;
      else if (key == "weightSpecs")
        artifacts.weightSpecs = weightSpecsFromJson(value, "weightSpecs");
      else if (key != "weightData")
        setMember(artifacts, key, value);
    }
    artifacts.weightData = std::move(weights);
    return artifacts;
  }

  QDateTime dateSaved(const std::vector<BrowserRecord>& records) const override {
    const QString store = QStringLiteral("model_info_store");
    return dateOf(memberOf(parsed(valueOf(records, {}, store), store), "modelArtifactsInfo"));
  }

  std::vector<BrowserRecord> renamed(std::vector<BrowserRecord> records, const QString&,
                                     const QString& to) const override {
    for (BrowserRecord& record : records) {
      Json json = parsed(record.value, record.store);
      json["modelPath"] = to.toStdString();
      record.key = to;
      record.value = jsonText(json);
    }
    return records;
  }

  std::int64_t units(const std::vector<BrowserRecord>& records, std::int64_t weightBytes) const override {
    std::int64_t bytes = weightBytes;
    for (const BrowserRecord& record : records) bytes += record.key.toUtf8().size() + record.value.toUtf8().size();
    return bytes;
  }
};

}  // namespace

const BrowserFormat& localStorageFormat() {
  static const LocalStorageFormat format;
  return format;
}

const BrowserFormat& indexedDbFormat() {
  static const IndexedDbFormat format;
  return format;
}

}  // namespace layersmith
