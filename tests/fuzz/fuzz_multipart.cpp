// The bodies of uploads: in one piece and cut at every place the first byte says, with the same parts found.
#include "model/server/HttpMessage.h"
#include "model/server/MultipartParser.h"
#include "tests/fuzz/FuzzTarget.h"

#include <algorithm>
#include <cstdlib>

using namespace layersmith;

namespace {

class Recorder final : public FormReceiver {
 public:
  std::string text;
  void beginPart(const FormPart& part) override {
    require(!m_isInside);
    m_isInside = true;
    text += "[" + part.name + "|" + part.fileName + "|" + part.contentType + "]";
  }
  void partData(std::string_view bytes) override {
    require(m_isInside);
    text += bytes;
  }
  void endPart() override {
    require(m_isInside);
    m_isInside = false;
    text += "[/]";
  }

 private:
  static void require(bool holds) {
    if (!holds) std::abort();
  }
  bool m_isInside = false;
};

std::string found(std::string_view body, std::size_t step) {
  Recorder recorder;
  try {
    MultipartParser parser("B", recorder);
    for (std::size_t at = 0; at < body.size(); at += step) parser.write(body.substr(at, step));
    parser.finish();
  } catch (const Refusal& refusal) {
    return "refused " + std::to_string(refusal.status);
  }
  return recorder.text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string whole = found(body, std::max<std::size_t>(body.size(), 1));
  if (found(body, std::size_t(data[0]) + 1) != whole) std::abort();
  formBoundary(body);
  return 0;
}
