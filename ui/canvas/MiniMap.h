#pragma once

#include <QWidget>

namespace layersmith {

class LayerCanvas;

/// The whole model as blocks in their family's colour, with the part in view framed; press to go there.
class MiniMap final : public QWidget {
  Q_OBJECT

 public:
  explicit MiniMap(LayerCanvas* canvas);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;

 private:
  QTransform toMap() const;
  void goTo(const QPoint& position);

  LayerCanvas& m_canvas;
};

}  // namespace layersmith
