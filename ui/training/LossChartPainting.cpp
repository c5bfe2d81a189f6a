#include "ui/itemmodels/Counted.h"
#include "ui/theme/Theme.h"
#include "ui/training/LossChart.h"

#include <QLocale>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace layersmith {

namespace {

constexpr double kMarkerGapPx = 28;
constexpr double kRowHeight = 20;
constexpr double kSampleWidth = 32;  // the piece of curve before a name of the legend
constexpr double kValueGap = 10;
constexpr double kEntryGap = 20;
constexpr int kTickGapX = 72;
constexpr int kTickGapY = 26;

QString shortNumber(double value) {
  if (!std::isfinite(value)) return LossChart::tr("not a number");
  const double size = std::abs(value);
  if (size != 0 && (size < 0.0005 || size >= 1e5)) return QLocale().toString(value, 'g', 3);
  return QLocale().toString(value, 'f', size >= 100 ? 1 : 3);
}

double valueAt(const std::vector<QPointF>& points, double x) {
  const auto found = std::ranges::find_if(points, [x](const QPointF& point) { return point.x() == x; });
  return found == points.end() ? std::numeric_limits<double>::quiet_NaN() : found->y();
}

}  // namespace

void LossChart::drawBackground(QPainter* painter, const QRectF& rect) {
  painter->fillRect(rect, theme().color("panel"));
  paintGrid(*painter);
}

void LossChart::drawForeground(QPainter* painter, const QRectF&) {
  painter->setRenderHint(QPainter::Antialiasing);
  const QRectF plot = m_scale.plot();
  if (isEmpty()) {
    paintHint(*painter);
    return;
  }
  paintBest(*painter);
  paintMarkers(*painter);
  paintGaps(*painter);
  paintLegend(*painter);
  if (m_pointer && plot.contains(*m_pointer)) {
    if (m_bandStart) {
      QColor fill = theme().color("accent");
      fill.setAlpha(40);
      painter->setPen(theme().color("accent"));
      painter->setBrush(fill);
      painter->drawRect(QRectF(*m_bandStart, *m_pointer).normalized() & plot);
    } else {
      paintCrosshair(*painter);
    }
  }
}

void LossChart::paintGrid(QPainter& painter) const {
  const QRectF plot = m_scale.plot();
  const QRectF view = m_scale.view();
  const double now = m_batches.empty() ? (m_train.empty() ? 0 : m_train.back().x()) : m_batches.back().x();
  if (m_isLive && !isEmpty() && now < view.right()) {
    QRectF future = plot;
    future.setLeft(std::max(plot.left(), m_scale.xToPixel(now)));
    QColor tint = theme().color("window");
    if (theme().isDark()) tint.setAlphaF(0.5F);
    painter.fillRect(future, tint);
  }

  painter.setFont(theme().mono(Theme::TextRole::Caption));
  const int mostY = std::max(2, int(plot.height() / kTickGapY));
  const auto ticksY = m_scale.isLog() ? logTicks(m_scale.valueOf(view.top()), m_scale.valueOf(view.bottom()), mostY)
                                      : linearTicks(view.top(), view.bottom(), mostY);
  for (const ChartTick& tick : ticksY) {
    const double y = std::round(m_scale.yToPixel(tick.value));
    painter.fillRect(QRectF(plot.left(), y, plot.width(), 1), theme().color("line"));
    painter.setPen(theme().color("text3"));
    painter.drawText(QRectF(0, y - 10, plot.left() - 10, 20), Qt::AlignRight | Qt::AlignVCenter, tick.text);
  }
  painter.fillRect(QRectF(plot.left(), std::round(plot.bottom()), plot.width(), 1), theme().color("line"));
  for (const ChartTick& tick : linearTicks(view.left(), view.right(), std::max(2, int(plot.width() / kTickGapX)))) {
    if (tick.value != std::floor(tick.value)) continue;
    const double x = m_scale.xToPixel(tick.value);
    painter.setPen(theme().color("text3"));
    painter.drawText(QRectF(x - 40, plot.bottom() + 6, 80, 16), Qt::AlignCenter,
                     QLocale().toString(qint64(tick.value)));
  }
  painter.setFont(theme().font(Theme::TextRole::Caption));
  painter.drawText(captionBox(), Qt::AlignCenter, tr("epoch"));

  if (m_isLive && !isEmpty() && now > view.left() && now < view.right())
    painter.fillRect(QRectF(std::round(m_scale.xToPixel(now)), plot.top(), 1, plot.height()), theme().color("text3"));
}

// Where no curve is: below the start of a falling one, below the end of a rising one or of what is to come.
QRectF LossChart::captionBox() const {
  constexpr double kRoom = 8;
  const QRectF plot = m_scale.plot();
  const QFontMetricsF metrics(theme().font(Theme::TextRole::Caption));
  QRectF box(0, 0, metrics.horizontalAdvance(tr("epoch")) + 2, metrics.height());
  box.moveBottomRight({plot.right() - 4, plot.bottom() - 4});
  const double last = m_scale.xToPixel(m_train.empty() ? 0 : m_train.back().x());
  const bool isLeft = !isEmpty() && !m_isRising && !(m_isLive && last < box.left());
  if (isLeft) box.moveLeft(plot.left() + 4);
  if (m_best < 0) return box;
  const double best = m_scale.xToPixel(m_best + 1);
  if (best < box.left() - kRoom || best > box.right() + kRoom) return box;
  if (isLeft)
    box.moveLeft(best + kRoom);
  else
    box.moveRight(best - kRoom);
  return box;
}

void LossChart::paintMarkers(QPainter& painter) const {
  const QRectF plot = m_scale.plot();
  painter.setPen(QPen(theme().series(1), 1.6));
  painter.setBrush(theme().color("panel"));
  double last = -INFINITY;
  for (const QPointF& point : m_validationSmooth) {
    const QPointF pixel = m_scale.toPixel(point);
    if (!std::isfinite(pixel.y()) || pixel.x() - last < kMarkerGapPx || !plot.adjusted(-1, -1, 1, 1).contains(pixel))
      continue;
    painter.drawEllipse(pixel, 3, 3);
    last = pixel.x();
  }
}

void LossChart::paintBest(QPainter& painter) const {
  if (m_best < 0) return;
  const QRectF plot = m_scale.plot();
  const std::vector<QPointF>& points = m_validation.empty() ? m_train : m_validation;
  const QPointF pixel = m_scale.toPixel({m_best + 1.0, valueAt(points, m_best + 1)});
  if (!plot.adjusted(-1, -1, 1, 1).contains(pixel)) return;
  const QColor color = theme().series(2);
  painter.setPen(QPen(color, 1.2, Qt::DotLine));
  painter.drawLine(QPointF(pixel.x(), plot.top()), QPointF(pixel.x(), plot.bottom()));
  painter.setPen(QPen(theme().color("panel"), 1));
  painter.setBrush(color);
  painter.drawPolygon(
      QPolygonF({pixel + QPointF(0, -6), pixel + QPointF(6, 0), pixel + QPointF(0, 6), pixel + QPointF(-6, 0)}));
}

void LossChart::paintGaps(QPainter& painter) const {
  const QRectF plot = m_scale.plot();
  double last = -INFINITY;
  for (double x : m_gaps) {
    const double pixel = m_scale.xToPixel(x);
    if (pixel < plot.left() || pixel > plot.right() || pixel - last < 14) continue;
    const QPointF center(std::min(pixel, plot.right() - 6), plot.bottom() - 34);
    painter.setPen(QPen(theme().color("danger"), 2));
    painter.drawLine(center + QPointF(-4, -4), center + QPointF(4, 4));
    painter.drawLine(center + QPointF(-4, 4), center + QPointF(4, -4));
    last = pixel;
  }
  if (m_gaps.empty() || last < 0) return;
  const QString text = m_unshowable > 0 ? counted(m_unshowable, tr("1 value not above 0"), tr("%1 values not above 0"))
                                        : tr("not a number");
  painter.setFont(theme().font(Theme::TextRole::Caption));
  painter.setPen(theme().color("danger"));
  const bool isLeft = last + 120 > plot.right();
  const QRectF box(isLeft ? last - 132 : last + 12, plot.bottom() - 42, 120, 16);
  painter.drawText(box, (isLeft ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter, text);
}

std::vector<LossChart::LegendEntry> LossChart::legendEntries() const {
  std::vector<LegendEntry> entries;
  const auto add = [&](const QString& name, double value, LegendEntry::Kind kind) {
    const double width = kSampleWidth + QFontMetricsF(theme().font(Theme::TextRole::Label)).horizontalAdvance(name) +
                         kValueGap + QFontMetricsF(theme().mono()).horizontalAdvance(shortNumber(value));
    entries.push_back({name, shortNumber(value), kind, width});
  };
  const double current = !m_train.empty()    ? m_trainSmooth.empty() ? m_train.back().y() : m_trainSmooth.back().y()
                            : m_batches.empty() ? 0
                                             : m_batches.back().y();
  add(tr("training"), current, LegendEntry::Training);
  if (!m_validation.empty()) add(tr("validation"), m_validation.back().y(), LegendEntry::Validation);
  if (m_best >= 0)
    add(tr("best, epoch %1").arg(m_best + 1), valueAt(m_validation.empty() ? m_train : m_validation, m_best + 1),
        LegendEntry::Best);
  return entries;
}

// A column; in a low plot, which a column would cover, a row.
void LossChart::paintLegend(QPainter& painter) const {
  const std::vector<LegendEntry> entries = legendEntries();
  double widest = 0;
  double rowWidth = kEntryGap * double(entries.size() - 1);
  for (const LegendEntry& entry : entries) {
    widest = std::max(widest, entry.width);
    rowWidth += entry.width;
  }
  const QRectF plot = m_scale.plot();
  const double columnHeight = kRowHeight * double(entries.size());
  const double now = m_scale.xToPixel(m_train.empty() ? 0 : m_train.back().x());
  // A falling curve leaves the top right free, a rising one the bottom right; while it runs, what is to come is free.
  const bool isFuture = m_isLive && now + widest + 20 < plot.right();
  const bool isRow = !isFuture && columnHeight * 2 > plot.height() && rowWidth + 20 < plot.width();
  const QSizeF size(isRow ? rowWidth : widest, isRow ? kRowHeight : columnHeight);
  const double left = isFuture ? now + 12 : plot.right() - size.width() - 8;
  const double top = m_isRising && !isFuture ? plot.bottom() - size.height() - 26 : plot.top() + 2;

  QColor veil = theme().color("panel");
  veil.setAlphaF(isFuture ? 0.F : 0.85F);
  painter.setPen(Qt::NoPen);
  painter.setBrush(veil);
  painter.drawRoundedRect(QRectF(QPointF(left, top), size).adjusted(-6, 0, 6, 0), 4, 4);
  QPointF place(left, top + kRowHeight / 2);
  for (const LegendEntry& entry : entries) {
    paintLegendEntry(painter, entry, place);
    place += isRow ? QPointF(entry.width + kEntryGap, 0) : QPointF(0, kRowHeight);
  }
}

void LossChart::paintLegendEntry(QPainter& painter, const LegendEntry& entry, const QPointF& leftMiddle) const {
  const QColor color = theme().series(entry.kind);
  const QPointF center = leftMiddle + QPointF(12, 0);
  if (entry.kind == LegendEntry::Best) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawPolygon(QPolygonF(
        {center + QPointF(0, -5.5), center + QPointF(5.5, 0), center + QPointF(0, 5.5), center + QPointF(-5.5, 0)}));
  } else {
    painter.setPen(entry.kind == LegendEntry::Training ? QPen(color, 2) : m_validationCurve.pen);
    painter.drawLine(leftMiddle, leftMiddle + QPointF(24, 0));
  }
  if (entry.kind == LegendEntry::Validation) {
    painter.setPen(QPen(color, 1.6));
    painter.setBrush(theme().color("panel"));
    painter.drawEllipse(center, 3, 3);
  }
  const QRectF text(leftMiddle.x() + kSampleWidth, leftMiddle.y() - 10, entry.width - kSampleWidth + 2, 20);
  painter.setPen(theme().color("text"));
  painter.setFont(theme().font(Theme::TextRole::Label));
  painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter, entry.name);
  painter.setFont(theme().mono());
  painter.drawText(text.adjusted(0, 0, -2, 0), Qt::AlignRight | Qt::AlignVCenter, entry.value);
}

void LossChart::paintCrosshair(QPainter& painter) const {
  const QRectF plot = m_scale.plot();
  const double epoch = std::round(m_scale.pixelToX(m_pointer->x()));
  const bool isOnEpoch = !m_train.empty() && epoch >= 1 && epoch <= m_train.back().x();
  const double x = isOnEpoch ? m_scale.xToPixel(epoch) : m_pointer->x();
  painter.fillRect(QRectF(std::round(x), plot.top(), 1, plot.height()), theme().color("control"));
  if (!isOnEpoch) return;
  QStringList lines = {tr("epoch %1").arg(int(epoch)), tr("training %1").arg(shortNumber(valueAt(m_train, epoch)))};
  if (!m_validation.empty()) lines.append(tr("validation %1").arg(shortNumber(valueAt(m_validation, epoch))));
  painter.setFont(theme().mono());
  const QFontMetricsF metrics(painter.font());
  double width = 0;
  for (const QString& line : lines) width = std::max(width, metrics.horizontalAdvance(line));
  QRectF box(x + 10, m_pointer->y() - 10, width + 20, 18.0 * double(lines.size()) + 8);
  if (box.right() > plot.right()) box.moveRight(x - 10);
  if (box.bottom() > plot.bottom()) box.moveBottom(plot.bottom());
  painter.setPen(theme().color("lineStrong"));
  painter.setBrush(theme().color("raised"));
  painter.drawRoundedRect(box, 6, 6);
  painter.setPen(theme().color("text"));
  painter.drawText(box.adjusted(10, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, lines.join(QLatin1Char('\n')));
}

void LossChart::paintHint(QPainter& painter) const {
  if (m_hintTitle.isEmpty()) return;
  const QPointF center = m_scale.plot().center();
  const QFont titleFont = theme().font(Theme::TextRole::BodyStrong);
  const QFont textFont = theme().font(Theme::TextRole::Label);
  const double width = std::max(QFontMetricsF(titleFont).horizontalAdvance(m_hintTitle),
                                QFontMetricsF(textFont).horizontalAdvance(m_hintText)) +
                       24;
  const QRectF box(center.x() - width / 2, center.y() - 22, width, 44);
  painter.fillRect(box, theme().color("panel"));
  painter.setFont(titleFont);
  painter.setPen(theme().color("text"));
  painter.drawText(QRectF(box.left(), box.top(), width, 22), Qt::AlignCenter, m_hintTitle);
  painter.setFont(textFont);
  painter.setPen(theme().color("text2"));
  painter.drawText(QRectF(box.left(), box.top() + 22, width, 20), Qt::AlignCenter, m_hintText);
}

}  // namespace layersmith
