#pragma once

#include "model/session/Evaluation.h"

#include <QElapsedTimer>
#include <QImage>
#include <QLineF>
#include <QPointer>
#include <QTimer>
#include <QWidget>

#include <optional>
#include <vector>

namespace layersmith {

class DocumentContext;

/// The line where a field of probabilities crosses one half, or where the best class changes, as short pieces in the
/// unit square (y down).
std::vector<QLineF> boundaryLines(const BoundaryField& field);

/// How a model with two inputs splits the plane: a colour field, the data over it, and the 50 % line. Redrawn while the
/// model trains, at most 15 times a second and only while visible; computed on the compute thread. A click tries a
/// point.
class BoundaryView : public QWidget {
  Q_OBJECT

 public:
  explicit BoundaryView(QWidget* parent = nullptr);

  void setContext(DocumentContext* context);
  void setValidationShown(bool isShown);
  void setTwoColors(bool isTwo);  ///< no shades: the winning class only

  const std::optional<BoundaryField>& field() const { return m_field; }
  void tryPoint(double x, double y);  ///< raw data units
  QString answer() const { return m_answer; }

  QSize sizeHint() const override { return {480, 360}; }
  QSize minimumSizeHint() const override { return {200, 140}; }

 Q_SIGNALS:
  void fieldShown();
  void answered(const QString& text);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  struct Point {
    QPointF at;
    int classIndex;
    bool isValidation;
  };
  struct Picture {
    BoundaryField field;
    std::vector<QLineF> lines;
  };

  QString whyNot() const;  ///< empty when there is something to show
  void collectPoints();
  void request();
  void compute();
  void showPicture(const Picture& picture);
  void paintImage();
  QRectF plotRect() const;
  QPointF toPixel(const QPointF& raw) const;
  void paintPoints(QPainter& painter) const;
  void paintLegend(QPainter& painter) const;
  DocumentState liveState() const;

  QPointer<DocumentContext> m_context;
  std::vector<Point> m_points;
  QRectF m_extent;  ///< of the data, raw units
  std::optional<BoundaryField> m_field;
  std::vector<QLineF> m_lines;
  QImage m_image;
  QTimer m_timer;
  bool m_isComputing = false;
  bool m_isStale = true;
  bool m_isValidationShown = true;
  bool m_isTwoColors = false;
  QString m_fault;
  std::optional<QPointF> m_tried;
  QString m_answer;
};

}  // namespace layersmith
