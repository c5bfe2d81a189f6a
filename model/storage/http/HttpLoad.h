#pragma once

#include "model/storage/http/LostLoad.h"
#include "model/storage/http/ServedJson.h"

#include <optional>

namespace layersmith {

/// One load of a model from a web server, with all its requests: model.json, the weight files, and model.json once
/// more. Thread rule: as HttpTransfer.
class HttpLoad {
 public:
  /// All are used until run() or structure() is done.
  HttpLoad(HttpTransfer& transfer, LostLoad& lost, const QString& address, const LoadOptions& options);

  ModelArtifacts run();        ///< Errors: of HttpStore::load
  ModelArtifacts structure();  ///< model.json alone

 private:
  std::optional<ModelArtifacts> loadUnchanged(bool isAgain);
  bool fetchUnchanged(WeightsDownload& weights, ModelArtifacts& artifacts, const ServedJson& json, bool isAgain);
  void fetchWeights(WeightsDownload& weights, ModelArtifacts& artifacts, const ServedJson& json);
  bool isAnotherThere(const ServedJson& json, bool isAgain);
  StoreProgress isWanted() const;

  HttpTransfer& m_transfer;
  LostLoad& m_lost;
  const QString& m_address;
  const LoadOptions& m_options;
};

}  // namespace layersmith
