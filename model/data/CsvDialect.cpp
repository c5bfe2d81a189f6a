#include "model/data/CsvDialect.h"

#include "model/data/CellText.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace layersmith {

namespace {

/// How often `delimiter` stands outside quotes in each of the first lines. The last line may be cut and is left out
/// unless it is the only one.
std::vector<int> countsPerLine(std::string_view head, char delimiter) {
  constexpr std::size_t kLines = 50;
  std::vector<int> counts;
  int count = 0;
  bool isQuoted = false;
  bool isBlank = true;
  for (char c : head) {
    if (c == '"') isQuoted = !isQuoted;
    if (!isQuoted && (c == '\n' || c == '\r')) {
      if (!isBlank) counts.push_back(count);
      if (counts.size() == kLines) return counts;
      count = 0;
      isBlank = true;
      continue;
    }
    isBlank = false;
    if (!isQuoted && c == delimiter) ++count;
  }
  if (!isBlank && counts.size() < 2) counts.push_back(count);
  return counts;
}

/// How many lines agree on the same number of delimiters, at least one.
int agreement(const std::vector<int>& counts) {
  std::map<int, int> lines;
  for (int count : counts)
    if (count > 0) ++lines[count];
  int best = 0;
  for (const auto& [count, agreeing] : lines) best = std::max(best, agreeing);
  return best;
}

bool isNumberLike(const std::string& cell) {
  return numberFromText(cell) || isDecimalCommaNumber(cell);
}

}  // namespace

char guessDelimiter(std::string_view head) {
  // Earlier wins a tie: "1,5;2,5" has as many commas as semicolons, and then the comma is a decimal comma.
  static constexpr std::array<char, 4> kCandidates = {'\t', ';', ',', '|'};
  char best = ',';
  int bestAgreement = 0;
  for (char candidate : kCandidates) {
    const int found = agreement(countsPerLine(head, candidate));
    if (found > bestAgreement) {
      best = candidate;
      bestAgreement = found;
    }
  }
  return best;
}

bool looksLikeHeader(const std::vector<std::vector<std::string>>& rows) {
  if (rows.empty()) return false;
  const auto& first = rows.front();
  if (std::ranges::any_of(first, isNumberLike)) return false;
  if (rows.size() == 1) return true;
  bool repeats = false;
  for (std::size_t column = 0; column < first.size(); ++column) {
    for (std::size_t row = 1; row < rows.size(); ++row) {
      if (column >= rows[row].size()) continue;
      const std::string& cell = rows[row][column];
      if (isNumberLike(cell)) return true;
      repeats = repeats || (cell == first[column] && !isMissingText(cell));
    }
  }
  return !repeats;
}

}  // namespace layersmith
