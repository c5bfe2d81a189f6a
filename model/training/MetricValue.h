#pragma once

#include <string>

namespace layersmith {

struct MetricValue {
  std::string name;  ///< "loss", "acc", "val_loss", "val_acc": TensorFlow.js' log keys
  double value = 0;
};

}  // namespace layersmith
