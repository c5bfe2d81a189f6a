#pragma once

#include "model/training/Trainer.h"
#include "ui/training/ChartScale.h"
#include "ui/training/Thinning.h"

#include <QChartView>
#include <QTimer>

#include <optional>
#include <span>
#include <utility>
#include <vector>

class QLineSeries;

namespace layersmith {

/// The live chart of one quantity over the epochs: batches thin, epochs bold, validation dashed with hollow markers,
/// the best epoch marked. Keeps all points itself and hands Qt Charts at most a few per pixel, once per redraw, at most
/// 15 redraws a second and fewer where drawing takes more than a few percent of the time: the cores are for training.
/// Wheel zooms, a dragged rectangle zooms into it, a double click fits. Epoch e (from 0) ends at x
/// = e + 1.
class LossChart : public QChartView {
  Q_OBJECT

 public:
  explicit LossChart(QWidget* parent = nullptr);

  /// Key of EpochLog: "loss" or "acc". Validation is "val_" + key. `isRising`: higher is better.
  void setMetric(const std::string& key, bool isRising);

  void clear();
  void setPlannedEpochs(int epochs);
  void setHistory(std::span<const EpochLog> history);
  void addEpoch(const EpochLog& log);
  void addBatches(std::span<const std::pair<double, double>> points);  ///< (epoch as a fraction, value)
  void setLive(bool isLive);                                           ///< shows the now line and tints what is to come
  void setHint(const QString& title, const QString& text);             ///< shown while there are no points
  void setLogScale(bool isLog);
  void setSmoothing(double factor);  ///< 0 .. 0.99
  void fit();

  bool isLogScale() const { return m_scale.isLog(); }
  bool isEmpty() const { return m_train.empty() && m_batches.empty(); }
  int bestEpoch() const { return m_best; }  ///< from 0; -1: none
  std::int64_t pointsShown() const;         ///< handed to Qt Charts at the last redraw
  int gapsShown() const { return int(m_gaps.size()); }
  void redrawNow();

  /// PNG of `scale` times the size on screen, in the light theme's colours when `isLight`.
  QImage rendered(double scale);

 protected:
  void drawBackground(QPainter* painter, const QRectF& rect) override;
  void drawForeground(QPainter* painter, const QRectF& rect) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;

 private:
  /// One curve as Qt Charts draws it: a line series per piece, made as needed and kept.
  struct Curve {
    std::vector<QLineSeries*> lines;
    QPen pen;
  };

  struct LegendEntry {
    enum Kind { Training, Validation, Best };
    QString name;
    QString value;
    Kind kind;
    double width;
  };

  void scheduleRedraw();
  void placePlot();
  void updateView();
  void updatePens();
  void drawCurve(Curve& curve, std::span<const QPointF> points);
  void findBest();
  double xEnd() const;
  QRectF fittedView() const;
  bool isHeadingRight() const;

  void paintGrid(QPainter& painter) const;
  void paintMarkers(QPainter& painter) const;
  void paintBest(QPainter& painter) const;
  void paintGaps(QPainter& painter) const;
  QRectF captionBox() const;
  std::vector<LegendEntry> legendEntries() const;
  void paintLegend(QPainter& painter) const;
  void paintLegendEntry(QPainter& painter, const LegendEntry& entry, const QPointF& leftMiddle) const;
  void paintCrosshair(QPainter& painter) const;
  void paintHint(QPainter& painter) const;

  std::string m_key = "loss";
  bool m_isRising = false;
  std::vector<QPointF> m_batches;
  std::vector<QPointF> m_train;
  std::vector<QPointF> m_validation;
  std::vector<QPointF> m_trainSmooth;
  std::vector<QPointF> m_validationSmooth;
  int m_planned = 1;
  int m_best = -1;
  bool m_isLive = false;
  double m_smoothing = 0;
  QString m_hintTitle;
  QString m_hintText;

  ChartScale m_scale;
  std::optional<QRectF> m_zoom;  ///< in axis units; none: all is shown
  Curve m_batchCurve;
  Curve m_rawCurve;
  Curve m_trainCurve;
  Curve m_validationCurve;
  std::vector<double> m_gaps;
  int m_unshowable = 0;  ///< values <= 0 on a log axis

  QTimer m_redraw;
  double m_drawMs = 0;  ///< that the last redraw and its painting took
  std::optional<QPointF> m_pointer;
  std::optional<QPointF> m_bandStart;
};

}  // namespace layersmith
