#pragma once

#include "model/nn/Tensor.h"

#include <QImage>
#include <QWidget>

#include <optional>

namespace layersmith {

/// A square to draw a digit in with the mouse, light on dark as MNIST has them.
class DigitCanvas : public QWidget {
  Q_OBJECT

 public:
  explicit DigitCanvas(QWidget* parent = nullptr);

  void clear();
  bool isEmpty() const { return m_isEmpty; }
  void setDrawing(const QImage& image);                    ///< shows an image of the data instead of a drawing
  void addStroke(const QPointF& from, const QPointF& to);  ///< in the unit square

  /// What was drawn as a sample of (1, height, width, channels): its box is cut out, scaled so that the longer side
  /// takes 20/28 of the picture, and centred by its weight, as MNIST was made.
  Tensor sample(const std::vector<std::int64_t>& inputShape, double pixelScale) const;

  QSize sizeHint() const override { return {140, 140}; }
  int heightForWidth(int width) const override { return width; }

 Q_SIGNALS:
  void drawn();  ///< a stroke ended

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;

 private:
  QPointF unit(const QPointF& pixel) const;
  QImage centred(int width, int height) const;

  QImage m_image;
  bool m_isEmpty = true;
  bool m_isPicture = false;
  std::optional<QPointF> m_last;
};

}  // namespace layersmith
