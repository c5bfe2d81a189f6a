#pragma once

#include "model/storage/ModelStore.h"

namespace layersmith {

/// One file, key, record or part that a save writes.
struct PreviewItem {
  QString name;             ///< "weights.bin", "tensorflowjs_models/moons/info", "model.weights.bin"
  std::int64_t amount = 0;  ///< bytes; UTF-16 units for localStorage, key included
};

/// What a save will write, found without writing anything. Exact to the byte, but for hashes and dates of equal length.
struct StorePreview {
  QString url;
  QString unit;  ///< "bytes", or "characters" for localStorage
  std::vector<PreviewItem> items;
  ModelArtifactsInfo info;
  std::int64_t total = 0;
  std::int64_t quota = 0;  ///< 0: none
  std::int64_t left = 0;   ///< of the quota before this save, what it replaces counted as free
  bool fits() const { return quota == 0 || total <= left; }

  QString request;  ///< HTTP only: request line, headers with secrets masked, and the parts; weights as a byte count

  QString text() const;  ///< all of this as lines for people
};

/// `usage` is the store's (0/0 where it has none); `replaced` what the model of that name takes of it now.
/// Errors: InvalidConfig for a place that is none, E131.
StorePreview previewSave(const QString& url, const ModelArtifacts& artifacts, const SaveOptions& options,
                         const StoreUsage& usage = {}, std::int64_t replaced = 0);

/// The same upload as a curl line, and as JavaScript for TensorFlow.js. Secrets stand as $TOKEN and "...".
QString asCurl(const QString& url, const HttpOptions& options);
QString asTfIoHttp(const QString& url, const HttpOptions& options);

/// "Bearer ****" for the value of a header that carries a secret; other values as they are.
QString maskedHeader(const QString& name, const QString& value);

}  // namespace layersmith
