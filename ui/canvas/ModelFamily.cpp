#include "ui/canvas/ModelFamily.h"

#include "ui/canvas/LayerText.h"

namespace layersmith {

QString familyOf(const Graph& graph) {
  QString family;
  for (const LayerSpec& layer : graph.layers) {
    const QString own = familyOf(layer);
    if (own == QStringLiteral("recurrent")) return own;
    if (own == QStringLiteral("convolution") || (own == QStringLiteral("core") && family.isEmpty())) family = own;
  }
  return family;
}

}  // namespace layersmith
