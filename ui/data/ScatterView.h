#pragma once

#include "model/data/Dataset.h"

#include <QWidget>

#include <memory>
#include <vector>

namespace layersmith {

/// The rows over the first two number columns that are features, marked by class; validation hollow.
class ScatterView : public QWidget {
  Q_OBJECT

 public:
  explicit ScatterView(QWidget* parent = nullptr);

  void setDataset(const std::shared_ptr<const Dataset>& dataset);
  bool isEmpty() const { return m_points.empty(); }

  QSize sizeHint() const override { return {220, 200}; }
  QSize minimumSizeHint() const override { return {120, 100}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  struct Point {
    QPointF at;
    int classIndex;
    bool isValidation;
  };

  std::vector<Point> m_points;
  QRectF m_extent;
  QString m_nameX;
  QString m_nameY;
};

}  // namespace layersmith
