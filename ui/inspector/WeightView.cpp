#include "ui/inspector/WeightView.h"

#include "ui/theme/StylePainting.h"
#include "ui/theme/Theme.h"

#include <QLocale>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace layersmith {

namespace {

constexpr int kMostRows = 24;
constexpr int kMostColumns = 48;
constexpr int kBins = 24;
constexpr int kHistogramHeight = 64;
constexpr int kFewValues = 9;  // below this a histogram says nothing that the map does not

QString figure(double value) {
  return QLocale().toString(value, 'f', 3);
}

QString change(double now, double before) {
  return (now >= before ? QStringLiteral("+") : QString()) + QLocale().toString(now - before, 'f', 3);
}

}  // namespace

WeightView::WeightView(const QString& name, QWidget* parent) : QWidget(parent), m_name(name) {
  setObjectName(QStringLiteral("weight_") + name);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  connect(&theme(), &Theme::changed, this, [this] {
    updateGeometry();
    update();
  });
}

void WeightView::setBuffer(std::shared_ptr<const WeightBuffer> buffer) {
  if (buffer == m_buffer) return;
  if (m_buffer && buffer->shape == m_buffer->shape)
    m_before = m_now;
  else
    m_before.reset();
  m_buffer = std::move(buffer);
  m_now = weightStatistics(m_buffer->floats(), kBins);
  setAccessibleName(
      tr("%1, mean %2, deviation %3, from %4 to %5, %6 not a number")
          .arg(m_name, figure(m_now.mean), figure(m_now.deviation), figure(m_now.smallest), figure(m_now.largest))
          .arg(m_now.notNumbers));
  setToolTip(accessibleName());
  updateGeometry();
  update();
}

// A weight as a picture: its last axis across, all others down.
int WeightView::columns() const {
  return m_buffer->shape.empty() ? 1 : int(std::min<std::int64_t>(m_buffer->shape.back(), kMostColumns));
}

int WeightView::rows() const {
  const std::int64_t last = m_buffer->shape.empty() ? 1 : std::max<std::int64_t>(1, m_buffer->shape.back());
  return int(std::min<std::int64_t>(elementCount(m_buffer->shape) / last, kMostRows));
}

int WeightView::lineHeight() const {
  return std::max(20, QFontMetrics(theme().font(Theme::TextRole::Body)).height() + 4);
}

int WeightView::mapHeight() const {
  return rows() == 0 ? 0 : rows() == 1 ? 28 : std::clamp(rows() * 24, 48, 144);
}

bool WeightView::hasFigures() const {
  return elementCount(m_buffer->shape) >= kFewValues;
}

QSize WeightView::sizeHint() const {
  if (!m_buffer) return {240, 0};
  int height = lineHeight() + 8 + mapHeight() + 4 + lineHeight();
  if (hasFigures()) height += 12 + kHistogramHeight + lineHeight() + 8 + 6 * (lineHeight() + 6);
  return {240, height + 16};
}

double WeightView::valueAt(int row, int column) const {
  const std::span<const float> values = m_buffer->floats();
  const std::size_t last = m_buffer->shape.empty() ? 1 : std::size_t(std::max<std::int64_t>(1, m_buffer->shape.back()));
  const std::size_t index = std::size_t(row) * last + std::size_t(column);
  return index < values.size() ? double(values[index]) : 0;
}

QColor WeightView::colorOf(double value) const {
  if (!std::isfinite(value)) return theme().color("danger");
  const double bound = std::max({std::abs(m_now.smallest), std::abs(m_now.largest), 1e-12});
  const double share = std::clamp(std::abs(value) / bound, 0., 1.);
  const QColor end = theme().series(value < 0 ? 0 : 1);
  const QColor middle = theme().boundary("mid");
  const auto mix = [share](int from, int to) { return int(std::lround(from + (to - from) * share)); };
  return QColor(mix(middle.red(), end.red()), mix(middle.green(), end.green()), mix(middle.blue(), end.blue()));
}

void WeightView::paintTitle(QPainter& painter, int& top) const {
  painter.setFont(theme().font(Theme::TextRole::BodyStrong));
  painter.setPen(theme().color("text"));
  const QRect line(0, top, width(), lineHeight());
  painter.drawText(line, Qt::AlignVCenter | Qt::AlignLeft, m_name);
  painter.setFont(theme().mono(Theme::TextRole::Caption));
  painter.setPen(theme().color("text3"));
  QString shape = QString::fromStdString(toString(m_buffer->shape));
  if (rows() * columns() < elementCount(m_buffer->shape)) shape = tr("%1, first part").arg(shape);
  painter.drawText(line, Qt::AlignVCenter | Qt::AlignRight, shape);
  top += lineHeight() + 8;
}

void WeightView::paintMap(QPainter& painter, int& top) const {
  const qreal gap = columns() <= 16 && rows() <= 16 ? 2 : 0;
  const qreal cellWidth = (width() + gap) / columns();
  const qreal cellHeight = rows() ? (mapHeight() + gap) / rows() : 0;
  painter.setRenderHint(QPainter::Antialiasing, gap > 0);
  painter.setPen(Qt::NoPen);
  for (int row = 0; row < rows(); ++row)
    for (int column = 0; column < columns(); ++column) {
      painter.setBrush(colorOf(valueAt(row, column)));
      const QRectF cell(column * cellWidth, top + row * cellHeight, cellWidth - gap, cellHeight - gap);
      if (gap > 0)
        painter.drawRoundedRect(cell, 3, 3);
      else
        painter.fillRect(cell.adjusted(0, 0, .5, .5), painter.brush());
    }
  top += mapHeight() + 4;
  // Scale: both ends with their numbers.
  const double bound = std::max(std::abs(m_now.smallest), std::abs(m_now.largest));
  painter.setFont(theme().mono(Theme::TextRole::Caption));
  painter.setPen(theme().color("text3"));
  const QRect line(0, top, width(), lineHeight());
  painter.drawText(line, Qt::AlignVCenter | Qt::AlignLeft, figure(-bound));
  painter.drawText(line, Qt::AlignVCenter | Qt::AlignRight, figure(bound));
  const int side = painter.fontMetrics().horizontalAdvance(figure(-bound)) + 8;
  QLinearGradient gradient(side, 0, width() - side, 0);
  gradient.setColorAt(0, colorOf(-bound));
  gradient.setColorAt(0.5, colorOf(0));
  gradient.setColorAt(1, colorOf(bound));
  if (bound > 0) painter.fillRect(QRectF(side, line.center().y() - 1, width() - 2 * side, 4), gradient);
  top += lineHeight();
}

void WeightView::paintHistogram(QPainter& painter, int& top) const {
  top += 12;
  const int most = *std::ranges::max_element(m_now.histogram);
  const qreal step = (width() + 2.) / kBins;
  for (int bin = 0; bin < kBins; ++bin) {
    const int count = m_now.histogram[std::size_t(bin)];
    if (count == 0) continue;
    const qreal height = std::max(1., double(count) / most * kHistogramHeight);
    painter.fillRect(QRectF(bin * step, top + kHistogramHeight - height, step - 2, height), theme().series(0));
  }
  top += kHistogramHeight;
  painter.fillRect(0, top, width(), 1, theme().color("lineStrong"));
  const QRect line(0, top + 2, width(), lineHeight());
  painter.drawText(line, Qt::AlignVCenter | Qt::AlignLeft, figure(m_now.smallest));
  painter.drawText(line, Qt::AlignVCenter | Qt::AlignRight, figure(m_now.largest));
  top += lineHeight() + 8;
}

void WeightView::paintFigures(QPainter& painter, int& top) const {
  struct Line {
    QString name;
    QString now;
    QString change;
  };
  const auto since = [this](double WeightStatistics::*field) {
    return m_before ? layersmith::change(m_now.*field, (*m_before).*field) : QString();
  };
  const QList<Line> lines{
      {tr("Statistic"), tr("Now"), m_before ? tr("Last epoch") : QString()},
      {tr("mean"), figure(m_now.mean), since(&WeightStatistics::mean)},
      {tr("deviation"), figure(m_now.deviation), since(&WeightStatistics::deviation)},
      {tr("largest"), figure(m_now.largest), since(&WeightStatistics::largest)},
      {tr("zeros"), tr("%1 %").arg(QLocale().toString(m_now.zeroShare * 100, 'f', 0)), {}},
      {tr("not a number"), m_now.notNumbers ? QLocale().toString(qlonglong(m_now.notNumbers)) : tr("none"), {}}};
  const int right = width() * 2 / 3;
  for (qsizetype i = 0; i < lines.size(); ++i) {
    const int height = lineHeight() + 6;
    const bool isHead = i == 0;
    painter.setFont(theme().font(isHead ? Theme::TextRole::Label : Theme::TextRole::Body));
    painter.setPen(theme().color(isHead ? "text2" : "text"));
    painter.drawText(QRect(0, top, right, height), Qt::AlignVCenter | Qt::AlignLeft, lines[i].name);
    if (!isHead) painter.setFont(theme().mono());
    if (i == 5 && m_now.notNumbers) painter.setPen(theme().color("danger"));
    painter.drawText(QRect(0, top, right, height), Qt::AlignVCenter | Qt::AlignRight, lines[i].now);
    painter.setPen(theme().color("text2"));
    painter.drawText(QRect(0, top, width(), height), Qt::AlignVCenter | Qt::AlignRight, lines[i].change);
    top += height;
    if (isHead) painter.fillRect(0, top - 1, width(), 1, theme().color("line"));
  }
}

void WeightView::paintEvent(QPaintEvent*) {
  if (!m_buffer || elementCount(m_buffer->shape) == 0) return;
  QPainter painter(this);
  int top = 0;
  paintTitle(painter, top);
  paintMap(painter, top);
  if (!hasFigures()) return;
  paintHistogram(painter, top);
  paintFigures(painter, top);
}

}  // namespace layersmith
