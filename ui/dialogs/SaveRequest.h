#pragma once

#include "model/document/DocumentIo.h"
#include "model/storage/ModelStore.h"

namespace layersmith {

enum class SaveTarget { Folder, Pair, LocalStorage, IndexedDb, Http };

/// Where and how a model shall be saved: what the Save As dialog gives.
struct SaveRequest {
  SaveTarget target = SaveTarget::Folder;
  QString url;  ///< what parsePlace takes; empty: the form is not complete
  QString name;
  SaveContents contents;
  SaveOptions options;
};

}  // namespace layersmith
