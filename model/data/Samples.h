#pragma once

#include "model/data/Dataset.h"

#include <QString>

namespace layersmith {

/// Data sets that the program brings along: "iris" (bundled as CSV) and every generator.
QStringList sampleNames();

/// The sample, prepared. Iris keeps back a fifth of each class by the seed; generators are made from it.
/// Errors: NotFound for an unknown name.
Dataset loadSample(const QString& name, std::uint64_t seed = 42, double validationFraction = 0.2);

}  // namespace layersmith
