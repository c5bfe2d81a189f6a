#pragma once

#include "model/data/Dataset.h"

namespace layersmith {

/// prepare() for images: pixels scaled, labels as class indices or one-hot. Errors: Format E140 (a label out of range).
Dataset prepareImages(Dataset dataset);

}  // namespace layersmith
