#include "ui/widgets/SegmentedSwitch.h"

#include "ui/theme/StylePainting.h"
#include "ui/theme/Theme.h"

#include <QAccessible>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace layersmith {

namespace {

constexpr int kSidePadding = 12;
constexpr int kInset = 2;

}  // namespace

SegmentedSwitch::SegmentedSwitch(const QStringList& labels, QWidget* parent) : QWidget(parent), m_labels(labels) {
  m_isEnabled.fill(true, labels.size());
  m_toolTips.resize(labels.size());
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
  const auto refresh = [this] {
    QFont font = theme().font(Theme::TextRole::Body);
    font.setWeight(QFont::Medium);
    setFont(font);
    updateGeometry();
  };
  refresh();
  connect(&theme(), &Theme::changed, this, refresh);
}

QSize SegmentedSwitch::sizeHint() const {
  int width = 2 * kInset;
  for (const QString& label : m_labels) width += fontMetrics().horizontalAdvance(label) + 2 * kSidePadding;
  return {width, std::max(28, fontMetrics().height() + 8)};
}

QRect SegmentedSwitch::segmentRect(int index) const {
  int x = kInset;
  int width = 0;
  if (m_isStretching) {
    const int room = this->width() - 2 * kInset;
    x += room * index / count();
    width = room * (index + 1) / count() + kInset - x;
  } else {
    for (int i = 0; i <= index; ++i) {
      x += width;
      width = fontMetrics().horizontalAdvance(m_labels[i]) + 2 * kSidePadding;
    }
  }
  const QRect segment(x, kInset, width, height() - 2 * kInset);
  return isRightToLeft() ? QRect(this->width() - segment.right() - 1, segment.top(), width, segment.height()) : segment;
}

int SegmentedSwitch::segmentAt(const QPoint& position) const {
  for (int i = 0; i < count(); ++i)
    if (segmentRect(i).contains(position)) return i;
  return -1;
}

void SegmentedSwitch::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const bool isDark = theme().isDark();
  paintBox(&painter, rect(), {theme().color(isDark ? "hover" : "pressed"), {}});
  for (int i = 0; i < count(); ++i) {
    const QRect segment = segmentRect(i);
    const bool isCurrent = i == m_current;
    if (isCurrent)
      paintBox(&painter, segment, {theme().color(isDark ? "pressed" : "panel"), theme().color("lineStrong"), 4});
    const bool isEnabled = this->isEnabled() && m_isEnabled[i];
    painter.setPen(theme().color(!isEnabled ? "textDisabled" : isCurrent || i == m_hovered ? "text" : "text2"));
    painter.drawText(segment, Qt::AlignCenter, m_labels[i]);
  }
  if (hasFocus()) paintFocusRing(&painter, rect());
}

void SegmentedSwitch::setCurrentIndex(int index) {
  if (index < 0 || index >= count() || index == m_current) return;
  m_current = index;
  update();
  QAccessibleEvent event(this, QAccessible::NameChanged);
  QAccessible::updateAccessibility(&event);
  Q_EMIT currentChanged(index);
}

void SegmentedSwitch::choose(int index) {
  if (index >= 0 && index < count() && m_isEnabled[index]) setCurrentIndex(index);
}

void SegmentedSwitch::setSegmentEnabled(int index, bool isEnabled) {
  m_isEnabled[index] = isEnabled;
  update();
}

void SegmentedSwitch::setSegmentToolTip(int index, const QString& text) {
  m_toolTips[index] = text;
}

void SegmentedSwitch::setStretching(bool isStretching) {
  m_isStretching = isStretching;
  setSizePolicy(isStretching ? QSizePolicy::Expanding : QSizePolicy::Fixed, QSizePolicy::Fixed);
  update();
}

void SegmentedSwitch::mousePressEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton) choose(segmentAt(event->pos()));
}

void SegmentedSwitch::mouseMoveEvent(QMouseEvent* event) {
  m_hovered = segmentAt(event->pos());
  update();
}

void SegmentedSwitch::leaveEvent(QEvent*) {
  m_hovered = -1;
  update();
}

void SegmentedSwitch::keyPressEvent(QKeyEvent* event) {
  const int forward = isRightToLeft() ? -1 : 1;
  int step = 0;
  if (event->key() == Qt::Key_Left || event->key() == Qt::Key_Up) step = -forward;
  if (event->key() == Qt::Key_Right || event->key() == Qt::Key_Down) step = forward;
  if (step == 0) return QWidget::keyPressEvent(event);
  int index = m_current + step;
  while (index >= 0 && index < count() && !m_isEnabled[index]) index += step;
  choose(index);
}

bool SegmentedSwitch::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip) {
    const auto* help = static_cast<QHelpEvent*>(event);
    const QString text = m_toolTips.value(segmentAt(help->pos()));
    if (!text.isEmpty()) {
      QToolTip::showText(help->globalPos(), text, this);
      return true;
    }
  }
  return QWidget::event(event);
}

}  // namespace layersmith
