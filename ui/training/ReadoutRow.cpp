#include "ui/training/ReadoutRow.h"

#include "ui/theme/Theme.h"

#include <QPainter>

#include <algorithm>

namespace layersmith {

namespace {

constexpr int kGap = 28;
constexpr int kLeast = 64;

int widthOf(const Readout& readout) {
  const int name = QFontMetrics(theme().font(Theme::TextRole::Caption)).horizontalAdvance(readout.name);
  int value = QFontMetrics(theme().mono(Theme::TextRole::Readout)).horizontalAdvance(readout.value);
  if (!readout.unit.isEmpty()) value += 8 + QFontMetrics(theme().mono()).horizontalAdvance(readout.unit);
  return std::max({name, value, kLeast});
}

}  // namespace

void ReadoutRow::setReadouts(std::vector<Readout> readouts) {
  m_readouts = std::move(readouts);
  QStringList spoken;
  for (const Readout& readout : m_readouts)
    spoken.append(QStringLiteral("%1 %2 %3").arg(readout.name, readout.value, readout.unit).trimmed());
  setAccessibleDescription(spoken.join(QStringLiteral(", ")));
  update();
}

QSize ReadoutRow::sizeHint() const {
  int width = 0;
  for (const Readout& readout : m_readouts) width += widthOf(readout) + kGap;
  return {width, 48};
}

QSize ReadoutRow::minimumSizeHint() const {
  return {kLeast, 48};
}

void ReadoutRow::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const QFont valueFont = theme().mono(Theme::TextRole::Readout);
  const QFontMetrics valueMetrics(valueFont);
  int x = 0;
  for (const Readout& readout : m_readouts) {
    const int needed = widthOf(readout);
    if (x + needed > width() && x > 0) break;
    painter.setFont(theme().font(Theme::TextRole::Caption));
    painter.setPen(theme().color("text2"));
    painter.drawText(QRect(x, 2, needed, 16), Qt::AlignLeft | Qt::AlignVCenter, readout.name);
    painter.setFont(valueFont);
    painter.setPen(theme().color(readout.isFault ? "danger" : "text"));
    const int baseline = 18 + valueMetrics.ascent() - 2;
    painter.drawText(x, baseline, readout.value);
    if (!readout.unit.isEmpty()) {
      painter.setFont(theme().mono());
      painter.setPen(theme().color("text3"));
      painter.drawText(x + valueMetrics.horizontalAdvance(readout.value) + 8, baseline, readout.unit);
    }
    x += needed + kGap;
  }
}

}  // namespace layersmith
