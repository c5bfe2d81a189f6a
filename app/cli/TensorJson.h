#pragma once

#include "model/format/ModelArtifacts.h"
#include "model/nn/Tensor.h"

#include <QString>

#include <vector>

namespace layersmith {

/// {shape, dtype, values}. Errors: Format E104 when the values do not fill the shape.
Tensor tensorFromJson(const Json& json, const std::string& where);
std::vector<Tensor> tensorsFromJson(const Json& json, const std::string& where);

/// {name, shape, dtype, values}
Json toJson(const Tensor& tensor, const std::string& name);

/// Shape with null for what is not known: [null, 4].
Json shapeJson(const Shape& shape);

/// A whole file. Errors: NotFound, Io, Format E103.
Json readJsonFile(const QString& path);

}  // namespace layersmith
