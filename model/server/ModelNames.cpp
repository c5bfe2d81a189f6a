#include "model/server/ModelRepository.h"

#include <algorithm>

namespace layersmith {

namespace {

bool isPlain(std::string_view name) {
  return !name.empty() && name.size() <= 128 && name.front() != '.' && std::ranges::all_of(name, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  });
}

}  // namespace

bool isModelName(std::string_view name) {
  return isPlain(name) && !(name.size() >= 5 && equalsIgnoringCase(name.substr(name.size() - 5), ".json"));
}

bool isModelFile(std::string_view name) {
  return isPlain(name) && (name == "model.json" || name.ends_with(".bin"));
}

}  // namespace layersmith
