#include "app/cli/TensorJson.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"

#include <QFile>
#include <QFileInfo>

namespace layersmith {

namespace {

[[noreturn]] void refuse(const std::string& where, const std::string& message) {
  throw Error(ErrorKind::Format, where + ": " + message, "E104", where);
}

Scalar scalarFromJson(const Json& value, const std::string& where) {
  if (value.is_boolean()) return value.get<bool>() ? 1 : 0;
  if (!value.is_number()) refuse(where, std::string("expected a number, found ") + value.type_name() + ".");
  return value.get<Scalar>();
}

}  // namespace

Tensor tensorFromJson(const Json& json, const std::string& where) {
  if (!json.is_object() || !json.contains("shape") || !json.contains("values") || !json["shape"].is_array() ||
      !json["values"].is_array())
    refuse(where, "expected {\"shape\": [...], \"dtype\": \"float32\", \"values\": [...]}.");
  Shape shape;
  for (const Json& dim : json["shape"]) {
    if (!dim.is_number_integer() || dim.get<std::int64_t>() < 0)
      refuse(where + " > shape", "expected whole numbers of at least 0.");
    shape.push_back(dim.get<std::int64_t>());
  }
  const Json& values = json["values"];
  if (std::int64_t(values.size()) != elementCount(shape))
    refuse(where, "the shape " + toString(shape) + " holds " + std::to_string(elementCount(shape)) + " values, found " +
                      std::to_string(values.size()) + ".");
  std::vector<Scalar> numbers;
  numbers.reserve(values.size());
  for (const Json& value : values) numbers.push_back(scalarFromJson(value, where + " > values"));
  Tensor tensor(std::move(shape), std::move(numbers));
  if (json.contains("dtype")) {
    const auto dtype = json["dtype"].is_string() ? dtypeFromString(json["dtype"].get<std::string>()) : std::nullopt;
    if (!dtype) refuse(where + " > dtype", "expected float32, int32 or bool.");
    tensor.dtype = *dtype;
  }
  return tensor;
}

std::vector<Tensor> tensorsFromJson(const Json& json, const std::string& where) {
  if (!json.is_array()) refuse(where, "expected a list of tensors, one per model input.");
  std::vector<Tensor> tensors;
  for (std::size_t i = 0; i < json.size(); ++i)
    tensors.push_back(tensorFromJson(json[i], where + "[" + std::to_string(i) + "]"));
  return tensors;
}

Json toJson(const Tensor& tensor, const std::string& name) {
  Json values = Json::array();
  for (Scalar value : tensor.values) values.push_back(double(value));
  return {{"name", name},
          {"shape", shapeJson(tensor.shape)},
          {"dtype", std::string(toString(tensor.dtype))},
          {"values", std::move(values)}};
}

Json shapeJson(const Shape& shape) {
  Json json = Json::array();
  for (std::int64_t dim : shape) json.push_back(dim == kUnknownDim ? Json() : Json(dim));
  return json;
}

Json readJsonFile(const QString& path) {
  QFile file(path);
  const std::string name = QFileInfo(path).fileName().toStdString();
  if (!file.open(QIODevice::ReadOnly)) {
    if (!file.exists()) throw Error(ErrorKind::NotFound, "There is no file " + path.toStdString() + ".", {}, name);
    throw Error(ErrorKind::Io, path.toStdString() + " could not be read: " + file.errorString().toStdString() + ".",
                "E201", name);
  }
  if (file.size() > limits::kGiB) throw Error(ErrorKind::LimitExceeded, name + " is larger than 1 GiB.", "E130", name);
  const QByteArray bytes = file.readAll();
  try {
    return Json::parse(bytes.begin(), bytes.end());
  } catch (const Json::parse_error& error) {
    throw Error(ErrorKind::Format, name + " is not JSON: " + error.what() + ".", "E103", name);
  }
}

}  // namespace layersmith
