#pragma once

#include "model/nn/WeightBuffer.h"
#include "ui/inspector/WeightStatistics.h"

#include <QImage>
#include <QWidget>

#include <memory>
#include <optional>

namespace layersmith {

/// One weight: name and shape, heat map with its scale, histogram, figures with the change since the last epoch.
class WeightView final : public QWidget {
  Q_OBJECT

 public:
  explicit WeightView(const QString& name, QWidget* parent = nullptr);

  void setBuffer(std::shared_ptr<const WeightBuffer> buffer);
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return {160, sizeHint().height()}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  int rows() const;
  int columns() const;
  int lineHeight() const;
  int mapHeight() const;
  bool hasFigures() const;
  void paintTitle(QPainter& painter, int& top) const;
  void paintMap(QPainter& painter, int& top) const;
  void paintHistogram(QPainter& painter, int& top) const;
  void paintFigures(QPainter& painter, int& top) const;
  QColor colorOf(double value) const;
  double valueAt(int row, int column) const;

  QString m_name;
  std::shared_ptr<const WeightBuffer> m_buffer;
  WeightStatistics m_now;
  std::optional<WeightStatistics> m_before;
};

}  // namespace layersmith
