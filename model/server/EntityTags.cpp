#include "model/server/EntityTags.h"

#include <algorithm>

namespace layersmith {

std::vector<std::string_view> itemsOf(std::string_view list) {
  std::vector<std::string_view> items;
  for (;;) {
    list.remove_prefix(std::min(list.find_first_not_of(" \t,"), list.size()));
    if (list.empty()) return items;
    std::size_t end = 0;
    for (bool isQuoted = false; end < list.size() && (isQuoted || list[end] != ','); ++end)
      if (list[end] == '"') isQuoted = !isQuoted;
    const std::string_view item = list.substr(0, end);
    items.push_back(item.substr(0, item.find_last_not_of(" \t") + 1));
    list.remove_prefix(end);
  }
}

bool namesAny(std::string_view list) {
  const std::vector<std::string_view> items = itemsOf(list);
  return !items.empty() && std::ranges::all_of(items, [](std::string_view item) { return item == "*"; });
}

bool namesEtag(std::string_view list, std::string_view etag, TagMatch match) {
  const auto isIt = [&](std::string_view tag) {
    if (match == TagMatch::Weak && tag.starts_with("W/")) tag.remove_prefix(2);
    return tag == etag;
  };
  return namesAny(list) || std::ranges::any_of(itemsOf(list), isIt);
}

}  // namespace layersmith
