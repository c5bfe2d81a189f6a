#pragma once

#include "model/storage/http/HttpTransfer.h"

namespace layersmith {

/// A model.json as a web server gave it, and what it says of its version. A value.
struct ServedJson {
  QUrl asked;       ///< the address that gave it, before redirects
  HttpReply reply;  ///< reply.url: where it came from in the end

  QByteArray version() const;  ///< what the server tells versions of a file apart by; empty: nothing
};

/// The ETag of an answer, when that is one for If-Match.
QString stampOf(const HttpReply& reply);

/// What lies at the address itself, or, of ".../models/NAME" where nothing does, at its model.json. Errors: of
/// HttpTransfer::get.
ServedJson modelJsonAt(HttpTransfer& transfer, const QUrl& url, const HttpOptions& options,
                       const StoreProgress& progress);

/// Whether the server has another model.json than the one that a model's weights were fetched for. `isAgain`: it had
/// another one before, and a server whose tags are never the same says nothing by them. Errors: of HttpTransfer::get,
/// but no refusals.
bool isSavedAnew(HttpTransfer& transfer, const ServedJson& json, HttpOptions options, bool isAgain,
                 const StoreProgress& progress);

}  // namespace layersmith
