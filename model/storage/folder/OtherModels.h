#pragma once

#include "model/storage/folder/FileAccess.h"

namespace layersmith {

/// Of a model's weight files, those that another .json of their folder names too: they are not this model's to remove.
/// All of them where that cannot be known: there are more than 256 of these, or more than 64 MiB, or one cannot be
/// read, also for its name that is not UTF-8.
QStringList namedByOthers(const OpenFolder& folder, const QString& jsonName, const QStringList& files);

}  // namespace layersmith
