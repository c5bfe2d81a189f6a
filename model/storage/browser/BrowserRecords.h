#pragma once

#include "model/storage/ModelStore.h"

#include <vector>

namespace layersmith {

/// One entry as the browser keeps it.
struct BrowserRecord {
  QString store;  ///< "localStorage", "models_store", "model_info_store"
  QString key;
  QString value;  ///< the string itself, or the record as JSON text without its weightData
};

/// How one of the browser's stores holds a model. Sources: tfjs-core/src/io/local_storage.ts and indexed_db.ts.
class BrowserFormat {
 public:
  virtual ~BrowserFormat() = default;
  virtual QString scheme() const = 0;
  virtual bool keepsWeightsApart() const = 0;  ///< true: weight bytes go to chunks, not into a record
  virtual std::int64_t quota() const = 0;

  virtual std::vector<BrowserRecord> encode(const QString& name, const ModelArtifacts& artifacts,
                                            const QDateTime& saved) const = 0;
  /// `weights` is null for a format that keeps them in a record. Errors: E104, E110.
  virtual ModelArtifacts decode(const std::vector<BrowserRecord>& records, WeightData weights) const = 0;
  /// What the info record says; invalid when it says nothing.
  virtual QDateTime dateSaved(const std::vector<BrowserRecord>& records) const = 0;
  virtual std::vector<BrowserRecord> renamed(std::vector<BrowserRecord> records, const QString& from,
                                             const QString& to) const = 0;
  /// What counts against the quota.
  virtual std::int64_t units(const std::vector<BrowserRecord>& records, std::int64_t weightBytes) const = 0;
};

/// Five keys tensorflowjs_models/NAME/..., weights in base64, 5 MiB in UTF-16 units.
const BrowserFormat& localStorageFormat();
/// Database tensorflowjs, stores models_store and model_info_store, weights as bytes, 2 GiB.
const BrowserFormat& indexedDbFormat();

}  // namespace layersmith
