#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace layersmith {

/// Element types of the format. float32, int32 and bool compute; the others are stored and round-trip.
enum class DType { Float32, Int32, Bool, UInt8, UInt16, Float16, String, Complex64 };

/// The name as the weights manifest spells it: "float32".
constexpr std::string_view toString(DType dtype) {
  switch (dtype) {
    case DType::Float32: return "float32";
    case DType::Int32: return "int32";
    case DType::Bool: return "bool";
    case DType::UInt8: return "uint8";
    case DType::UInt16: return "uint16";
    case DType::Float16: return "float16";
    case DType::String: return "string";
    case DType::Complex64: return "complex64";
  }
  return "float32";
}

constexpr std::optional<DType> dtypeFromString(std::string_view name) {
  for (DType dtype : {DType::Float32, DType::Int32, DType::Bool, DType::UInt8, DType::UInt16, DType::Float16,
                      DType::String, DType::Complex64})
    if (toString(dtype) == name) return dtype;
  return std::nullopt;
}

/// Bytes of one element in a weights file; 0 for String, whose elements carry their own length.
constexpr std::size_t sizeOf(DType dtype) {
  switch (dtype) {
    case DType::Float32:
    case DType::Int32: return 4;
    case DType::Bool:
    case DType::UInt8: return 1;
    case DType::UInt16:
    case DType::Float16: return 2;
    case DType::Complex64: return 8;
    case DType::String: return 0;
  }
  return 0;
}

}  // namespace layersmith
