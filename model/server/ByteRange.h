#pragma once

#include "model/server/HttpMessage.h"

namespace layersmith {

/// Answers a GET or HEAD for bytes that have an ETag: 200, 206 for one range, 304, 412 or 416 (RFC 9110 sections 13 and
/// 14). Several ranges at once are answered with the whole, as the RFC allows; HEAD knows no ranges.
HttpResponse serveBytes(const HttpRequest& request, std::unique_ptr<ByteSource> source, const std::string& etag,
                        const std::string& contentType);

}  // namespace layersmith
