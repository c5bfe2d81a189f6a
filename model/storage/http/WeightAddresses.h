#pragma once

#include "model/storage/http/ServedJson.h"

#include <optional>
#include <string>
#include <vector>

namespace layersmith {

struct WeightAddress {
  QUrl url;
  HttpOptions http;  ///< without headers where they must not go
};

/// Where the weight files of a model lie. As TensorFlow.js (tfjs-core/src/io/http.ts, getWeightUrls): beside the
/// address that was given for model.json, with its query, or behind a prefix that a person says. Where model.json came
/// from another address by a redirect they may lie beside that one: it comes second.
class WeightAddresses {
 public:
  WeightAddresses(const ServedJson& json, QString prefix, HttpOptions http);

  /// Of one path of the manifest: one address, or two. Errors: E131 outside the origins of both, InvalidConfig for a
  /// prefix that is no address.
  std::vector<WeightAddress> of(const std::string& path) const;

 private:
  QUrl prefixed(const std::string& path) const;
  WeightAddress with(const QUrl& url) const;

  QUrl m_given, m_redirected;
  QString m_prefix;
  HttpOptions m_http;
};

}  // namespace layersmith
