#pragma once

#include "model/core/DType.h"
#include "model/core/LayerId.h"
#include "model/core/Shape.h"
#include "model/core/SharedBytes.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace layersmith {

/// The values of one weight: little-endian bytes in TensorFlow's row-major order, most often a part of the one block
/// that a file was read into. Always float32, int32 or bool in a WeightSet: quantized and float16 files are dequantized
/// when read. The bytes of a float32 weight stand at an address divisible by 4.
struct WeightBuffer {
  DType dtype = DType::Float32;
  Shape shape;
  SharedBytes bytes;

  static std::shared_ptr<const WeightBuffer> ofFloats(Shape shape, std::span<const float> values);  ///< a copy

  /// Errors: Format when the dtype is not float32.
  std::span<const float> floats() const;
};

/// All weights of a model, in the order of its weights manifest (layers in order, a layer's weights as declared).
/// A value: copying shares the buffers. Keyed by layer id and role ("kernel", "bias", "gamma", ...).
class WeightSet {
 public:
  struct Entry {
    LayerId layer;
    std::string role;
    std::string manifestName;  ///< as the file spelled it ("dense_Dense1/kernel"); empty: made from the layer's name
    std::shared_ptr<const WeightBuffer> buffer;
  };

  bool empty() const { return m_entries.empty(); }
  std::size_t size() const { return m_entries.size(); }
  auto begin() const { return m_entries.begin(); }
  auto end() const { return m_entries.end(); }

  const Entry* find(LayerId layer, std::string_view role) const;  ///< nullptr when absent
  void set(LayerId layer, std::string_view role, std::shared_ptr<const WeightBuffer> buffer,
           std::string_view manifestName = {});  ///< replaces in place, or appends
  void removeLayer(LayerId layer);
  bool hasLayer(LayerId layer) const;
  std::int64_t totalBytes() const;

 private:
  std::vector<Entry> m_entries;
};

}  // namespace layersmith
