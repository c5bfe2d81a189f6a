#pragma once

#include "model/storage/http/HttpStore.h"

/// HTTP without the pauses between tries.
namespace layersmith::fixtures {

inline const HttpTransfer::Pause dontWait = [](int, const std::function<bool()>& isWanted) { return isWanted(); };

/// A store that does not wait between tries, and remembers how long it would have waited.
struct QuickStore {
  QuickStore() {
    store.transfer().setPause([this](int milliseconds, const std::function<bool()>& isWanted) {
      pauses.push_back(milliseconds);
      return isWanted();
    });
  }
  ModelArtifacts load(const QString& url, const LoadOptions& options = {}) { return store.load(url, options); }
  SaveResult save(const QString& url, const ModelArtifacts& artifacts, const SaveOptions& options = {}) {
    return store.save(url, artifacts, options);
  }
  HttpStore store;
  std::vector<int> pauses;
};

}  // namespace layersmith::fixtures
