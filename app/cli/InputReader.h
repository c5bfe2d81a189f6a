#pragma once

#include "model/document/DocumentState.h"

#include <QStringList>

#include <vector>

namespace layersmith {

/// The model's inputs for `predict`: .json (tensors, one per input), .npy, or a CSV whose columns the recipe knows
/// (without a recipe: numbers, as many as the input takes). Errors: Format E140, E104; NotFound.
std::vector<Tensor> readInputs(const DocumentState& state, const QString& path);

/// One row of values as typed, by the recipe or as plain numbers.
std::vector<Tensor> rowInputs(const DocumentState& state, const QStringList& values);

}  // namespace layersmith
