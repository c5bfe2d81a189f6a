// model.json, and what is found again when it is written and read once more.
#include "model/core/Error.h"
#include "model/format/ModelJson.h"
#include "model/storage/ModelSummary.h"
#include "tests/fuzz/FuzzTarget.h"

#include <cstdlib>

using namespace layersmith;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ModelArtifacts artifacts;
  try {
    artifacts = parseModelJson(QByteArrayView(data, qsizetype(size)), QStringLiteral("model.json"));
    requireWhole(artifacts, QStringLiteral("model.json"));
  } catch (const Error& error) {
    if (error.code().empty()) std::abort();  // every refusal of a file has a code
    return 0;
  }
  summarise(artifacts);
  const QByteArray written = toJsonBytes(modelJson(artifacts, artifacts.groups));
  const ModelArtifacts again = parseModelJson(written, QStringLiteral("model.json"));
  if (toJsonBytes(modelJson(again, again.groups)) != written) std::abort();
  return 0;
}
