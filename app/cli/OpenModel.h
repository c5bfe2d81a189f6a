#pragma once

#include "model/document/DocumentState.h"

#include <QString>

namespace layersmith {

class Program;

/// A path as it was typed, or a URL: the PLACE of every command.
QString placeText(const std::string& argument);

/// Loads a model for work, or with `mapWeights` for predictions alone (LoadOptions); hints and warnings of reading go
/// to the output. Errors: as ModelLibrary::load and readModel; E112 for weights that do not fit, unless --no-strict.
DocumentState openModel(Program& program, const QString& place, bool mapWeights = false);

/// Throws what hinders the model from running on its data, the first fault first.
void requireRunnable(const DocumentState& state);

/// "dense_1" for each output of the model.
std::vector<std::string> outputNames(const Graph& graph);

/// The name a person gave to the place: "iris" of indexeddb://iris and of folder/iris/model.json.
QString nameOfPlace(const QString& place);

}  // namespace layersmith
