// A weights manifest with its weight bytes, divided by the first zero byte, up to numbers a layer can use.
#include "model/core/Error.h"
#include "model/format/ModelJson.h"
#include "model/format/ModelReader.h"
#include "model/format/WeightsManifest.h"
#include "model/storage/folder/FolderLayout.h"
#include "tests/fuzz/FuzzTarget.h"

#include <algorithm>

using namespace layersmith;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::uint8_t* const mark = std::find(data, data + size, 0);
  const QByteArray manifest(reinterpret_cast<const char*>(data), mark - data);
  const QByteArray weights =
      mark == data + size ? QByteArray() : QByteArray(reinterpret_cast<const char*>(mark + 1), data + size - mark - 1);
  try {
    ModelArtifacts artifacts = parseModelJson(
        R"({"modelTopology":{"class_name":"Sequential","config":{"name":"m","layers":[]}},"weightsManifest":)" +
            manifest + "}",
        QStringLiteral("model.json"));
    for (const WeightsGroup& group : artifacts.groups)
      for (const std::string& path : group.paths) weightFile(path);
    if (storedBytes(artifacts.weightSpecs) > weights.size()) return 0;  // the stores refuse it (E110)
    artifacts.weightData = std::make_shared<const WeightBytes>(weights);
    readModel(artifacts);
  } catch (const Error&) {
  }
  return 0;
}
