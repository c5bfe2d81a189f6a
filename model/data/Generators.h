#pragma once

#include "model/data/Dataset.h"

#include <span>

namespace layersmith {

/// A made data set for learning by doing: two inputs x1, x2 and a label 0 or 1 (digits: 12x12 images of 10 classes).
struct GeneratorType {
  QString name;   ///< "twoMoons", "xor", "spirals", "circles", "digits"
  QString title;  ///< "Two moons"
  int defaultSamples;
  double defaultNoise;
};

std::span<const GeneratorType> generatorTypes();

/// "Two moons" for "twoMoons"; a name that is no generator's as it is.
QString generatorTitle(const QString& name);

/// Equal arguments give equal data, on every machine. Errors: InvalidConfig for an unknown name.
Dataset generate(const QString& name, int samples, double noise, std::uint64_t seed, double validationFraction = 0.2);

}  // namespace layersmith
