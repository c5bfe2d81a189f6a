#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace layersmith {

/// The delimiter among , ; tab | that cuts most of the first lines into the same number of cells; ',' when none does.
char guessDelimiter(std::string_view head);

/// Whether the first of these rows names the columns: it holds no number, and a column below does, or its texts do not
/// come again.
bool looksLikeHeader(const std::vector<std::vector<std::string>>& rows);

}  // namespace layersmith
