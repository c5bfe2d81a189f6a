#include "ui/training/LossChart.h"

#include "ui/theme/Theme.h"

#include <QChart>
#include <QElapsedTimer>
#include <QGraphicsLayout>
#include <QLineSeries>
#include <QMouseEvent>
#include <QPainter>
#include <QValueAxis>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace layersmith {

namespace {

constexpr int kRedrawMs = 66;  // 15 a second
constexpr int kSlowestRedrawMs = 500;
constexpr double kRestPerDrawing = 40;  // so many times as long as it draws
constexpr double kLeft = 52;
constexpr double kTop = 12;
constexpr double kRight = 20;
constexpr double kBottom = 28;
constexpr double kLogRoom = 0.06;  // decades left free above and below the curve
constexpr double kMinBandPx = 6;

void extend(double& low, double& high, std::span<const QPointF> points, const ChartScale& scale) {
  for (const QPointF& point : points) {
    const double value = scale.axisOf(point.y());
    if (!std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
}

}  // namespace

LossChart::LossChart(QWidget* parent) : QChartView(parent) {
  setObjectName(QStringLiteral("lossChart"));
  setAccessibleName(tr("Loss over the epochs"));
  setRenderHint(QPainter::Antialiasing);
  setFrameShape(QFrame::NoFrame);
  setMouseTracking(true);
  setMinimumSize(240, 96);
  auto* axisX = new QValueAxis(chart());
  auto* axisY = new QValueAxis(chart());
  axisX->setVisible(false);
  axisY->setVisible(false);
  chart()->addAxis(axisX, Qt::AlignBottom);
  chart()->addAxis(axisY, Qt::AlignLeft);
  chart()->setBackgroundVisible(false);
  chart()->setAnimationOptions(QChart::NoAnimation);
  chart()->legend()->hide();
  chart()->setMargins({});
  chart()->layout()->setContentsMargins(0, 0, 0, 0);
  m_redraw.setSingleShot(true);
  connect(&m_redraw, &QTimer::timeout, this, &LossChart::redrawNow);
  connect(&theme(), &Theme::changed, this, &LossChart::redrawNow);
}

void LossChart::setMetric(const std::string& key, bool isRising) {
  m_key = key;
  m_isRising = isRising;
  clear();
}

void LossChart::clear() {
  m_batches.clear();
  m_train.clear();
  m_validation.clear();
  m_zoom.reset();
  m_best = -1;
  scheduleRedraw();
}

void LossChart::setPlannedEpochs(int epochs) {
  m_planned = std::max(1, epochs);
  scheduleRedraw();
}

void LossChart::setHistory(std::span<const EpochLog> history) {
  m_train.clear();
  m_validation.clear();
  m_batches.clear();
  m_zoom.reset();
  for (const EpochLog& log : history) addEpoch(log);
  findBest();
  scheduleRedraw();
}

void LossChart::addEpoch(const EpochLog& log) {
  const auto add = [&](std::vector<QPointF>& points, const std::string& name) {
    const bool isThere = std::ranges::any_of(log.values, [&](const MetricValue& value) { return value.name == name; });
    if (isThere) points.emplace_back(log.epoch + 1, log.valueOf(name));
  };
  add(m_train, m_key);
  add(m_validation, "val_" + m_key);
  findBest();
  scheduleRedraw();
}

void LossChart::addBatches(std::span<const std::pair<double, double>> points) {
  for (const auto& [x, y] : points) m_batches.emplace_back(x, y);
  if (!points.empty()) scheduleRedraw();
}

void LossChart::setLive(bool isLive) {
  m_isLive = isLive;
  scheduleRedraw();
}

void LossChart::setHint(const QString& title, const QString& text) {
  m_hintTitle = title;
  m_hintText = text;
  viewport()->update();
}

void LossChart::setLogScale(bool isLog) {
  m_scale.setLog(isLog);
  m_zoom.reset();
  redrawNow();
}

void LossChart::setSmoothing(double factor) {
  m_smoothing = std::clamp(factor, 0.0, 0.99);
  redrawNow();
}

void LossChart::fit() {
  m_zoom.reset();
  redrawNow();
}

void LossChart::findBest() {
  const std::vector<QPointF>& points = m_validation.empty() ? m_train : m_validation;
  m_best = -1;
  double best = 0;
  for (const QPointF& point : points) {
    if (!std::isfinite(point.y())) continue;
    if (m_best >= 0 && !(m_isRising ? point.y() > best : point.y() < best)) continue;
    best = point.y();
    m_best = int(point.x()) - 1;
  }
}

std::int64_t LossChart::pointsShown() const {
  std::int64_t count = 0;
  for (const Curve* curve : {&m_batchCurve, &m_rawCurve, &m_trainCurve, &m_validationCurve})
    for (const QLineSeries* line : curve->lines) count += line->count();
  return count;
}

double LossChart::xEnd() const {
  double end = m_planned;
  if (!m_train.empty()) end = std::max(end, m_train.back().x());
  if (!m_isLive && !m_train.empty()) end = m_train.back().x();
  return std::max(end, 1.0);
}

QRectF LossChart::fittedView() const {
  double low = INFINITY;
  double high = -INFINITY;
  for (const auto* points : {&m_train, &m_validation, &m_batches}) extend(low, high, *points, m_scale);
  if (low > high) {
    low = m_scale.isLog() ? -2 : 0;
    high = m_scale.isLog() ? 0 : 1;
  }
  if (m_scale.isLog()) {
    low -= kLogRoom;
    high += kLogRoom;
    if (high - low < 1) low = high - 1;
  } else {
    low = std::min(low, 0.0);
    high = high > low ? high + (high - low) * 0.04 : low + 1;
    if (m_isRising && high > 0.5 && high < 1.05) high = 1.02;
  }
  return {0, low, xEnd(), high - low};
}

void LossChart::placePlot() {
  const QRectF plot(kLeft, kTop, std::max(40.0, width() - kLeft - kRight), std::max(30.0, height() - kTop - kBottom));
  m_scale.setPlot(plot);
  chart()->setPlotArea(plot);
}

void LossChart::updateView() {
  m_scale.setView(m_zoom.value_or(fittedView()));
  const QRectF view = m_scale.view();
  const QList<QAbstractAxis*> axes = chart()->axes();
  axes[0]->setRange(view.left(), view.right());
  axes[1]->setRange(view.top(), view.bottom());
}

void LossChart::updatePens() {
  const auto solid = [](QColor color, double width, double opacity = 1) {
    color.setAlphaF(float(opacity));
    QPen pen(color, width);
    pen.setCapStyle(Qt::FlatCap);
    pen.setJoinStyle(Qt::RoundJoin);
    return pen;
  };
  m_batchCurve.pen = solid(theme().series(0), 1, theme().isDark() ? 0.42 : 0.3);
  m_rawCurve.pen = solid(theme().series(0), 1, 0.3);
  m_trainCurve.pen = solid(theme().series(0), 2);
  m_validationCurve.pen = solid(theme().series(1), 2);
  m_validationCurve.pen.setDashPattern({3, 2});  // in pen widths: 6-4
}

void LossChart::drawCurve(Curve& curve, std::span<const QPointF> points) {
  std::vector<QPointF> onAxis;
  std::span<const QPointF> shown = points;
  if (m_scale.isLog()) {
    onAxis.assign(points.begin(), points.end());
    for (QPointF& point : onAxis) {
      if (std::isfinite(point.y()) && point.y() <= 0) ++m_unshowable;
      point.setY(m_scale.axisOf(point.y()));
    }
    shown = onAxis;
  }
  const QRectF view = m_scale.view();
  ThinnedCurve thin = thinned(shown, view.left(), view.right(), int(m_scale.plot().width()));
  while (curve.lines.size() < thin.pieces.size()) {
    auto* line = new QLineSeries(chart());
    chart()->addSeries(line);
    for (QAbstractAxis* axis : chart()->axes()) line->attachAxis(axis);
    curve.lines.push_back(line);
  }
  for (std::size_t i = 0; i < curve.lines.size(); ++i) {
    if (curve.lines[i]->pen() != curve.pen) curve.lines[i]->setPen(curve.pen);
    if (i < thin.pieces.size()) {
      curve.lines[i]->replace(thin.pieces[i]);
    } else if (curve.lines[i]->count() > 0) {
      curve.lines[i]->clear();
    }
  }
  m_gaps.insert(m_gaps.end(), thin.gaps.begin(), thin.gaps.end());
}

void LossChart::redrawNow() {
  m_redraw.stop();
  QElapsedTimer clock;
  clock.start();
  placePlot();
  updateView();
  updatePens();
  m_gaps.clear();
  m_unshowable = 0;
  const bool isSmooth = m_smoothing > 0;
  m_trainSmooth = smoothed(m_train, m_smoothing);
  m_validationSmooth = smoothed(m_validation, m_smoothing);
  drawCurve(m_batchCurve, m_batches);
  drawCurve(m_rawCurve, isSmooth ? std::span<const QPointF>(m_train) : std::span<const QPointF>());
  drawCurve(m_trainCurve, m_trainSmooth);
  drawCurve(m_validationCurve, m_validationSmooth);
  std::ranges::sort(m_gaps);
  m_gaps.erase(std::unique(m_gaps.begin(), m_gaps.end()), m_gaps.end());
  resetCachedContent();
  viewport()->update();
  m_drawMs = double(clock.nsecsElapsed()) * 1e-6;
}

void LossChart::paintEvent(QPaintEvent* event) {
  QElapsedTimer clock;
  clock.start();
  QChartView::paintEvent(event);
  m_drawMs += double(clock.nsecsElapsed()) * 1e-6;
}

void LossChart::scheduleRedraw() {
  if (!m_redraw.isActive()) m_redraw.start(std::clamp(int(kRestPerDrawing * m_drawMs), kRedrawMs, kSlowestRedrawMs));
}

void LossChart::resizeEvent(QResizeEvent* event) {
  QChartView::resizeEvent(event);
  redrawNow();
}

void LossChart::showEvent(QShowEvent* event) {
  QChartView::showEvent(event);
  redrawNow();
}

QImage LossChart::rendered(double scale) {
  redrawNow();
  QImage image((QSizeF(size()) * scale).toSize(), QImage::Format_ARGB32_Premultiplied);
  image.setDevicePixelRatio(scale);
  image.fill(theme().color("panel"));
  QPainter painter(&image);
  painter.setRenderHint(QPainter::Antialiasing);
  render(&painter, QRectF(QPointF(), QSizeF(size())), viewport()->rect());
  return image;
}

void LossChart::wheelEvent(QWheelEvent* event) {
  if (isEmpty()) return;
  const double factor = std::pow(0.85, event->angleDelta().y() / 120.0);
  const QRectF view = m_scale.view();
  const double x = m_scale.pixelToX(event->position().x());
  QRectF next(x - (x - view.left()) * factor, view.top(), view.width() * factor, view.height());
  const QRectF all = fittedView();
  next.setLeft(std::max(next.left(), all.left()));
  next.setRight(std::min(next.right(), all.right()));
  if (next.width() < 0.5) return;
  if (next.width() >= all.width() * 0.999) {
    m_zoom.reset();
  } else {
    m_zoom = next;
  }
  redrawNow();
  event->accept();
}

void LossChart::mousePressEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton && m_scale.plot().contains(event->position())) m_bandStart = event->position();
}

void LossChart::mouseMoveEvent(QMouseEvent* event) {
  m_pointer = event->position();
  viewport()->update();
}

void LossChart::mouseReleaseEvent(QMouseEvent* event) {
  if (!m_bandStart) return;
  const QRectF band = QRectF(*m_bandStart, event->position()).normalized() & m_scale.plot();
  m_bandStart.reset();
  if (band.width() > kMinBandPx && band.height() > kMinBandPx && !isEmpty()) {
    const double low = m_scale.pixelToAxis(band.bottom());
    const double high = m_scale.pixelToAxis(band.top());
    const double left = m_scale.pixelToX(band.left());
    m_zoom = QRectF(left, low, m_scale.pixelToX(band.right()) - left, high - low);
  }
  redrawNow();
}

void LossChart::mouseDoubleClickEvent(QMouseEvent*) {
  fit();
}

void LossChart::leaveEvent(QEvent*) {
  m_pointer.reset();
  viewport()->update();
}

}  // namespace layersmith
