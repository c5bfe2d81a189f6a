#include "model/storage/ModelSummary.h"

#include "model/core/Error.h"
#include "model/format/JsonAccess.h"
#include "model/format/ModelJson.h"
#include "model/storage/WeightHasher.h"

namespace layersmith {

namespace {

int countLayers(const Json& model) {
  const Json& config = memberOf(model, "config");
  const Json& layers = config.is_array() ? config : memberOf(config, "layers");
  if (!layers.is_array()) return 1;
  int count = 0;
  for (const Json& layer : layers) count += countLayers(layer);
  return count;
}

}  // namespace

ModelSummary summarise(const ModelArtifacts& artifacts) {
  ModelSummary summary;
  const Json& wrapped = memberOf(artifacts.modelTopology, "model_config");
  const Json& model = wrapped.is_object() ? wrapped : artifacts.modelTopology;
  if (const Json& nodes = memberOf(model, "node"); nodes.is_array())
    summary.layerCount = int(nodes.size());
  else if (model.is_object())
    summary.layerCount = countLayers(model);
  for (const WeightSpec& spec : artifacts.weightSpecs)
    if (spec.group != "optimizer") summary.parameters += elementCount(spec.shape);
  return summary;
}

Sha256 contentHashStart(const ModelArtifacts& artifacts) {
  ModelArtifacts plain = artifacts;
  plain.memberOrder.clear();
  Sha256 hash;
  hash.add(toJsonBytes(modelJson(plain, singleGroup(plain, "weights.bin"))));
  return hash;
}

QByteArray contentHash(const ModelArtifacts& artifacts) {
  Sha256 hash = contentHashStart(artifacts);
  if (!artifacts.weightData) return hash.result();
  const std::int64_t bytes = artifacts.weightData->size();
  return hash.add(WeightHasher(*artifacts.weightData, {bytes}, bytes).digests().front()).result();
}

SaveResult saveResult(const QString& url, const ModelArtifacts& artifacts, const QDateTime& dateSaved) {
  SaveResult result;
  result.url = url;
  result.info = artifactsInfo(artifacts, dateSaved);
  return result;
}

void report(const StoreProgress& progress, std::int64_t done, std::int64_t total) {
  if (progress && !progress(done, total)) throw Error(ErrorKind::Cancelled, "Stopped. Nothing was changed.");
}

void requireBase(const QString& base, const QString& now, const QString& name, const QDateTime& changed) {
  if (base.isEmpty() || now.isEmpty() || now == base) return;
  throw Error(ErrorKind::Changed,
              QStringLiteral("\"%1\" was changed by another program at %2. Nothing was written.")
                  .arg(name, changed.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")))
                  .toStdString(),
              "E203", name.toStdString(), "Replace it (the other version goes to Trash), or save this one elsewhere.");
}

Error alreadyExists(const QString& name, const QString& where) {
  return {ErrorKind::AlreadyExists,
          QStringLiteral("\"%1\" exists already in %2. Nothing was changed. Choose another name, or replace it.")
              .arg(name, where)
              .toStdString(),
          {},
          name.toStdString()};
}

Error notFound(const QString& name, const QString& where) {
  return {ErrorKind::NotFound,
          QStringLiteral("There is no model \"%1\" in %2.").arg(name, where).toStdString(),
          {},
          name.toStdString()};
}

Json toJson(const ModelArtifactsInfo& info) {
  return {{"dateSaved", info.dateSaved.toUTC().toString(Qt::ISODateWithMs).toStdString()},
          {"modelTopologyType", info.modelTopologyType.toStdString()},
          {"modelTopologyBytes", info.modelTopologyBytes},
          {"weightSpecsBytes", info.weightSpecsBytes},
          {"weightDataBytes", info.weightDataBytes}};
}

}  // namespace layersmith
