#pragma once

#include "model/document/DocumentState.h"

#include <QString>

namespace layersmith {

/// The layersmith-cli line that does what Train does for this document. `url` is the model's place, or empty.
QString trainCommandLine(const DocumentState& state, const QString& url, const QString& savePlace);

/// A small complete web page that loads the model saved as model.json beside it and predicts, by the recipe.
QString tensorflowJsPage(const DocumentState& state, const QString& modelName);

}  // namespace layersmith
