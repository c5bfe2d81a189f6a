#pragma once

#include "model/storage/ModelStore.h"

namespace layersmith {

inline constexpr int kTrashDays = 30;  ///< what lies in a Trash for longer is gone for good

/// Purges what was removed before `limit` from anything with trash() and purge(): a store, a library. Returns how many.
template <class Place>
int purgeRemovedBefore(Place& place, const QDateTime& limit) {
  int count = 0;
  for (const TrashEntry& entry : place.trash()) {
    if (!entry.deleted.isValid() || entry.deleted >= limit) continue;
    place.purge(entry.id);
    ++count;
  }
  return count;
}

}  // namespace layersmith
