#pragma once

#include "model/core/Error.h"

namespace layersmith {

/// Whether an error that ended the reading of a model says something of its bytes, and not of the way to them: a server
/// that does not answer, a refused token and a stop say nothing.
bool isFinding(const Error& error);

/// "It was changed. Open anyway?" -> "It was changed.": for where nobody can answer.
std::string withoutQuestions(std::string message);

}  // namespace layersmith
