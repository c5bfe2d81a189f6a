#include "model/server/ByteRange.h"

#include "model/server/EntityTags.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace layersmith {

namespace {

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || text.front() == '-') return {};
  return value;
}

struct Range {
  std::int64_t first = 0;
  std::int64_t count = 0;  ///< 0: cannot be satisfied
};

/// nullopt: no range, several, or one that is not understood; the whole is the answer then.
std::optional<Range> parseRange(std::string_view field, std::int64_t size) {
  if (!field.starts_with("bytes=") || field.find(',') != std::string_view::npos) return {};
  field.remove_prefix(6);
  const auto dash = field.find('-');
  if (dash == std::string_view::npos) return {};
  const std::string_view from = field.substr(0, dash), to = field.substr(dash + 1);
  const auto first = number(from), last = number(to);
  if (from.empty()) {  // the last so many bytes
    if (!last) return {};
    const std::int64_t count = std::min(*last, size);
    return Range{size - count, count};
  }
  if (!first || (!to.empty() && (!last || *last < *first))) return {};
  if (*first >= size) return Range{};
  const std::int64_t end = last ? std::min(*last, size - 1) : size - 1;
  return Range{*first, end - *first + 1};
}

}  // namespace

HttpResponse serveBytes(const HttpRequest& request, std::unique_ptr<ByteSource> source, const std::string& etag,
                        const std::string& contentType) {
  const std::int64_t size = source->size();
  const std::optional<std::string> match = request.list("If-Match"), noneMatch = request.list("If-None-Match");
  if (match && !namesEtag(*match, etag, TagMatch::Strong))
    return errorResponse(412, "E307", "The file is another than If-Match names.");
  HttpResponse response;
  response.fields = {{"ETag", etag}, {"Accept-Ranges", "bytes"}, {"Cache-Control", "no-cache"}};
  if (noneMatch && namesEtag(*noneMatch, etag, TagMatch::Weak)) {
    response.status = 304;
    return response;
  }
  response.fields.emplace_back("Content-Type", contentType);
  response.count = size;
  const std::string_view condition = request.field("If-Range");
  if (request.method != "HEAD" && (condition.empty() || condition == etag))
    if (const auto range = parseRange(request.field("Range"), size)) {
      if (range->count == 0) {
        response = errorResponse(416, "E307", "The range asked for is beyond the end of the file.");
        response.fields.emplace_back("Content-Range", "bytes */" + std::to_string(size));
        return response;
      }
      response.status = 206;
      response.first = range->first;
      response.count = range->count;
      response.fields.emplace_back("Content-Range", "bytes " + std::to_string(range->first) + '-' +
                                                        std::to_string(range->first + range->count - 1) + '/' +
                                                        std::to_string(size));
    }
  response.source = std::move(source);
  return response;
}

}  // namespace layersmith
