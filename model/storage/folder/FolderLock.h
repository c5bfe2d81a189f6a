#pragma once

#include "model/storage/folder/Descriptor.h"

#include <QString>

namespace layersmith {

/// Holds a folder for the time of a save. Errors: E203 when another program has it for 10 s, E201.
class FolderLock {
 public:
  explicit FolderLock(const QString& folder);

 private:
  Descriptor m_folder;
};

}  // namespace layersmith
