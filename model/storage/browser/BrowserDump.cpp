#include "model/storage/browser/BrowserDump.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/format/BoundedJson.h"
#include "model/format/JsonAccess.h"
#include "model/format/ModelJson.h"

#include <algorithm>

namespace layersmith {

namespace {

const QString kLocalPrefix = QStringLiteral("tensorflowjs_models/");
constexpr const char* kLocalParts[] = {"info", "model_topology", "weight_specs", "weight_data", "model_metadata"};
constexpr const char* kDatabase = "tensorflowjs";

QString textOf(const Json& json) {
  return QString::fromStdString(json.get_ref<const std::string&>());
}

void readLocalStorage(const Json& dump, std::vector<DumpedModel>& models) {
  for (const auto& [key, value] : dump.items()) {
    const QString full = QString::fromStdString(key);
    const qsizetype slash = full.lastIndexOf(u'/');
    if (!full.startsWith(kLocalPrefix) || slash < kLocalPrefix.size()) continue;
    const QString part = full.mid(slash + 1);
    if (std::ranges::none_of(kLocalParts, [&](const char* known) { return part == QLatin1String(known); })) continue;
    if (!value.is_string()) throw mistyped("localStorage > " + key, "a text", value);
    const QString name = full.mid(kLocalPrefix.size(), slash - kLocalPrefix.size());
    auto model = std::ranges::find(models, name, &DumpedModel::name);
    if (model == models.end()) model = models.insert(models.end(), {QStringLiteral("localstorage"), name, {}, nullptr});
    model->records.push_back({QStringLiteral("localStorage"), full, textOf(value)});
  }
}

QByteArray arrayBuffer(const Json& value, const std::string& where) {
  const Json& base64 = memberOf(value, "$arrayBuffer");
  if (!base64.is_string()) throw mistyped(where, "{\"$arrayBuffer\": base64}", value);
  const auto bytes = QByteArray::fromBase64Encoding(QByteArray::fromStdString(base64.get_ref<const std::string&>()),
                                                    QByteArray::AbortOnBase64DecodingErrors);
  if (!bytes)
    throw Error(ErrorKind::Format, where + " is not base64: the dump is damaged. Nothing was imported.", "E104", where);
  return *bytes;
}

/// Takes the weights out of a record: one ArrayBuffer, or a list of them.
WeightData takeWeights(Json& artifacts, const std::string& where) {
  if (!artifacts.is_object() || !artifacts.contains("weightData")) return nullptr;
  const Json data = std::move(artifacts["weightData"]);
  artifacts.erase("weightData");
  if (data.is_null() || data.contains("$undefined")) return nullptr;
  QByteArray weights;
  if (data.is_array())
    for (const Json& part : data) weights += arrayBuffer(part, where);
  else
    weights = arrayBuffer(data, where);
  return std::make_shared<const WeightBytes>(std::move(weights));
}

/// A record holds its dates as Date objects; ours holds them as their text.
void plainDate(Json& record) {
  if (Json* info = record.contains("modelArtifactsInfo") ? &record["modelArtifactsInfo"] : nullptr)
    if (const Json& date = memberOf(memberOf(*info, "dateSaved"), "$date"); date.is_string())
      (*info)["dateSaved"] = Json(date);
}

void readIndexedDb(Json& databases, std::vector<DumpedModel>& models) {
  const std::size_t first = models.size();
  for (Json& database : databases) {
    if (memberOf(database, "name") != Json(kDatabase) || !memberOf(database, "stores").is_array()) continue;
    for (Json& store : database["stores"]) {
      const Json& storeName = memberOf(store, "name");
      if (storeName != Json("models_store") && storeName != Json("model_info_store")) continue;
      if (!memberOf(store, "records").is_array()) throw missingMember("indexedDB > stores > records");
      for (Json& record : store["records"]) {
        const Json& path = memberOf(record, "modelPath");
        if (!path.is_string()) throw mistyped("indexedDB > modelPath", "a text", path);
        const QString name = textOf(path);
        auto model = std::find_if(models.begin() + std::ptrdiff_t(first), models.end(),
                                  [&](const DumpedModel& one) { return one.name == name; });
        if (model == models.end())
          model = models.insert(models.end(), {QStringLiteral("indexeddb"), name, {}, nullptr});
        if (storeName == Json("models_store"))
          model->weights = takeWeights(record["modelArtifacts"], "indexedDB > " + name.toStdString() + " > weightData");
        plainDate(record);
        model->records.push_back({textOf(storeName), name, QString::fromUtf8(toJsonBytes(record))});
      }
    }
  }
}

Json localStorageDump(const std::vector<DumpedModel>& models) {
  Json dump = Json::object();
  for (const DumpedModel& model : models)
    if (model.scheme == QStringLiteral("localstorage"))
      for (const BrowserRecord& record : model.records) dump[record.key.toStdString()] = record.value.toStdString();
  return dump;
}

Json browserRecord(const DumpedModel& model, const BrowserRecord& record) {
  JsonLimits roomy;
  roomy.bytes = 2 * limits::kModelJsonBytes;
  Json json = parseBoundedJson(record.value.toUtf8(), record.store, roomy);
  if (json.contains("modelArtifactsInfo"))
    json["modelArtifactsInfo"]["dateSaved"] = Json{{"$date", memberOf(json["modelArtifactsInfo"], "dateSaved")}};
  if (!json.contains("modelArtifacts") || !model.weights) return json;
  Json artifacts = Json::object();  // weightData stands before weightSpecs, where TensorFlow.js puts it
  for (const auto& [key, value] : json["modelArtifacts"].items()) {
    if (key == "weightSpecs")
      artifacts["weightData"] = Json{{"$arrayBuffer", model.weights->joined().toBase64().toStdString()}};
    artifacts[key] = value;
  }
  json["modelArtifacts"] = std::move(artifacts);
  return json;
}

Json indexedDbDump(const std::vector<DumpedModel>& models) {
  Json stores = Json::array();
  for (const char* store : {"model_info_store", "models_store"}) {
    Json records = Json::array();
    for (const DumpedModel& model : models)
      for (const BrowserRecord& record : model.records)
        if (model.scheme == QStringLiteral("indexeddb") && record.store == QLatin1String(store))
          records.push_back(browserRecord(model, record));
    stores.push_back({{"name", store},
                      {"keyPath", "modelPath"},
                      {"autoIncrement", false},
                      {"indexes", Json::array()},
                      {"records", std::move(records)}});
  }
  return Json::array({Json{{"name", kDatabase}, {"version", 1}, {"stores", std::move(stores)}}});
}

/// Browsers keep texts alone in localStorage, and name every database.
bool isDump(const Json& json) {
  if (json.is_array())
    return json.empty() || std::ranges::any_of(json, [](const Json& one) { return !memberOf(one, "name").is_null(); });
  return json.is_object() && std::ranges::all_of(json, [](const Json& value) { return value.is_string(); });
}

Error notADump(const QString& fileName, const Json& json) {
  const bool isModel = json.is_object() && (json.contains("modelTopology") || json.contains("weightsManifest"));
  const std::string name = fileName.toStdString();
  return {ErrorKind::Format,
          name + " is no dump of a browser's stores" + (isModel ? ", but a model's own file" : "") +
              ". Nothing was imported.",
          "E104", name,
          isModel ? "layersmith-cli convert " + name + " indexeddb://NAME brings it into the store."
                  : std::string("A dump is a page's localStorage as one JSON object, or its IndexedDB as a list.")};
}

}  // namespace

std::vector<DumpedModel> readDump(QByteArrayView text, const QString& fileName) {
  JsonLimits roomy;
  roomy.bytes = limits::kDumpBytes;
  roomy.stringBytes = limits::kDumpBytes;
  Json dump = parseBoundedJson(text, fileName, roomy);
  std::vector<DumpedModel> models;
  if (dump.is_array()) {
    if (!isDump(dump)) throw notADump(fileName, dump);
    readIndexedDb(dump, models);
  } else if (dump.is_object() && (dump.contains("localStorage") || dump.contains("indexedDB"))) {
    if (dump.contains("localStorage")) readLocalStorage(dump["localStorage"], models);
    if (dump.contains("indexedDB")) readIndexedDb(dump["indexedDB"], models);
  } else if (dump.is_object()) {
    readLocalStorage(dump, models);
    if (models.empty() && !isDump(dump)) throw notADump(fileName, dump);
  } else {
    throw mistyped(fileName.toStdString(), "a dump of localStorage or IndexedDB", dump);
  }
  return models;
}

QByteArray writeDump(const std::vector<DumpedModel>& models) {
  const auto isLocal = [](const DumpedModel& model) { return model.scheme == QStringLiteral("localstorage"); };
  if (std::ranges::all_of(models, isLocal)) return toJsonBytes(localStorageDump(models));
  if (std::ranges::none_of(models, isLocal)) return toJsonBytes(indexedDbDump(models));
  return toJsonBytes(Json{{"localStorage", localStorageDump(models)}, {"indexedDB", indexedDbDump(models)}});
}

}  // namespace layersmith
