#pragma once

#include "model/data/Dataset.h"

#include <QString>

namespace layersmith {

/// Data sets that the program brings along: "iris" (bundled as CSV) and every generator.
QStringList sampleNames();

/// The path of a bundled CSV, readable by readCsv; empty for samples that are made.
QString sampleDataPath(const QString& name);

/// The sample, prepared. Iris keeps back a fifth of each class by the seed; generators are made from it.
/// Errors: NotFound for an unknown name.
Dataset loadSample(const QString& name, std::uint64_t seed = 42, double validationFraction = 0.2);

/// The data set that a recipe of kind "generator" or of a bundled sample describes, made again with the recipe's
/// scaling. Errors: NotFound when the recipe's data came from a file.
Dataset reproduceSample(const DataRecipe& recipe);

}  // namespace layersmith
