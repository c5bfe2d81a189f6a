#pragma once

#include <QWidget>

class QToolButton;

namespace layersmith {

class LayerCanvas;

/// The cluster in the canvas' lower corner: zoom out, percentage, zoom in, fit, automatic layout.
class CanvasTools final : public QWidget {
  Q_OBJECT

 public:
  explicit CanvasTools(LayerCanvas* canvas);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QToolButton* m_percent;
};

}  // namespace layersmith
