#pragma once

#include "model/document/DocumentState.h"

#include <QString>

#include <span>

namespace layersmith {

/// A ready model with fitting data and training settings: "twoMoons", "xor", "spirals", "circles", "iris", "digits",
/// "mlp", "convnet", "empty".
struct TemplateType {
  QString key;
  QString title;        ///< "Two moons"
  QString description;  ///< one sentence
};

std::span<const TemplateType> templateTypes();

/// Errors: InvalidConfig for an unknown key.
DocumentState makeTemplate(const QString& key);

}  // namespace layersmith
