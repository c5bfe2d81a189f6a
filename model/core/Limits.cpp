#include "model/core/Limits.h"

#include <charconv>
#include <cstdlib>
#include <map>
#include <optional>
#include <string_view>

namespace layersmith::limits {

namespace {

struct Bounds {
  std::int64_t standard = 0, most = 0;
};

std::map<std::string, Bounds, std::less<>>& known() {
  static std::map<std::string, Bounds, std::less<>> bounds;
  return bounds;
}

/// "64M" as bytes; nothing when it is no such number.
std::optional<std::int64_t> numberIn(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 1) return {};
  const std::string_view unit(end, std::size_t(text.data() + text.size() - end));
  const std::int64_t factor = unit.empty() ? 1 : unit == "K" ? kKiB : unit == "M" ? kMiB : unit == "G" ? kGiB : 0;
  if (factor == 0 || __builtin_mul_overflow(number, factor, &number)) return {};
  return number;
}

struct Item {
  std::string_view text, key, value;
};

/// Calls back for every KEY=VALUE of the variable.
template <class Use>
void forEachItem(Use use) {
  const char* variable = std::getenv("LAYERSMITH_LIMITS");
  std::string_view rest = variable ? variable : "";
  while (!rest.empty()) {
    const std::string_view text = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), text.size() + 1));
    const std::size_t mark = std::min(text.find('='), text.size());
    use(Item{text, text.substr(0, mark), text.substr(std::min(text.size(), mark + 1))});
  }
}

}  // namespace

std::int64_t settable(const char* key, std::int64_t standard, std::int64_t most) {
  known()[key] = {standard, most};
  std::int64_t limit = standard;
  forEachItem([&](const Item& item) {
    const auto number = numberIn(item.value);
    if (item.key == key && number && *number <= most) limit = *number;
  });
  return limit;
}

std::string settingsProblem() {
  std::string problem;
  forEachItem([&](const Item& item) {
    if (!problem.empty()) return;
    const std::string start = "LAYERSMITH_LIMITS: \"" + std::string(item.text) + "\" ";
    const auto found = known().find(item.key);
    if (found == known().end()) {
      problem = start + "sets no limit that there is. There are:";
      for (const auto& [key, bounds] : known()) problem += ' ' + key;
      problem += '.';
    } else if (const auto number = numberIn(item.value); !number || *number > found->second.most) {
      problem = start + "needs a number from 1 to " + std::to_string(found->second.most) + ", as 64M for 64 MiB.";
    }
  });
  return problem;
}

}  // namespace layersmith::limits
