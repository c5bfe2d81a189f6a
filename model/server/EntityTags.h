#pragma once

#include <string_view>
#include <vector>

namespace layersmith {

/// The members of a field that is a list: `"a", W/"b,c"` has two. A comma within quotes parts none.
std::vector<std::string_view> itemsOf(std::string_view list);

/// How tags are compared (RFC 9110 section 8.8.3.2): strongly for If-Match, where a weak one is equal to none; weakly
/// for If-None-Match.
enum class TagMatch { Strong, Weak };

bool namesAny(std::string_view list);  ///< it is *
/// Whether a list of entity tags, or *, names this one, which is strong.
bool namesEtag(std::string_view list, std::string_view etag, TagMatch match);

}  // namespace layersmith
