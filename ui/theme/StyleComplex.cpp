#include "ui/theme/LayersmithStyle.h"
#include "ui/theme/StylePainting.h"
#include "ui/theme/Theme.h"

#include <QAbstractScrollArea>
#include <QPainter>
#include <QStyleOption>

#include <algorithm>

namespace layersmith {

namespace {

constexpr int kStepperWidth = 20;
constexpr int kScrollHandleMin = 32;

QColor token(const char* name) {
  return theme().color(name);
}

}  // namespace

QRect LayersmithStyle::scrollBarPart(const QStyleOptionSlider* option, SubControl part) const {
  const QRect& rect = option->rect;
  if (part == SC_ScrollBarAddLine || part == SC_ScrollBarSubLine) return {};  // no arrow buttons: the groove is all
  if (part == SC_ScrollBarGroove) return rect;
  const bool isAcross = option->orientation == Qt::Horizontal;
  const int length = isAcross ? rect.width() : rect.height();
  const int range = option->maximum - option->minimum;
  const int handle =
      range ? std::min(length,
                       std::max(kScrollHandleMin, int(qint64(length) * option->pageStep / (range + option->pageStep))))
            : length;
  const int at = sliderPositionFromValue(option->minimum, option->maximum, option->sliderPosition, length - handle,
                                         option->upsideDown);
  const int from = part == SC_ScrollBarSubPage ? 0 : part == SC_ScrollBarAddPage ? at + handle : at;
  const int size = part == SC_ScrollBarSubPage ? at : part == SC_ScrollBarAddPage ? length - at - handle : handle;
  return isAcross ? QRect(rect.left() + from, rect.top(), size, rect.height())
                  : QRect(rect.left(), rect.top() + from, rect.width(), size);
}

QRect LayersmithStyle::subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl part,
                                      const QWidget* widget) const {
  const QRect& rect = option->rect;
  if (control == CC_SpinBox) {
    const auto* spin = qstyleoption_cast<const QStyleOptionSpinBox*>(option);
    const bool hasButtons = !spin || spin->buttonSymbols != QAbstractSpinBox::NoButtons;
    const int stepper = hasButtons ? kStepperWidth : 0;
    QRect result;
    if (part == SC_SpinBoxUp) result = {rect.right() - stepper, rect.top() + 1, stepper, rect.height() / 2 - 1};
    if (part == SC_SpinBoxDown)
      result = {rect.right() - stepper, rect.top() + rect.height() / 2, stepper, rect.height() / 2 - 1};
    if (part == SC_SpinBoxEditField) result = rect.adjusted(6, 2, -(stepper + 2), -2);
    if (part == SC_SpinBoxFrame) result = rect;
    return visualRect(option->direction, rect, result);
  }
  if (control == CC_ScrollBar)
    if (const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option)) {
      const QRect result = scrollBarPart(bar, part);
      return bar->orientation == Qt::Horizontal ? visualRect(option->direction, rect, result) : result;
    }
  if (control == CC_ComboBox) {
    if (part == SC_ComboBoxEditField) return visualRect(option->direction, rect, rect.adjusted(8, 1, -26, -1));
    if (part == SC_ComboBoxArrow)
      return visualRect(option->direction, rect, {rect.right() - 26, rect.top(), 26, rect.height()});
    if (part == SC_ComboBoxListBoxPopup || part == SC_ComboBoxFrame) return rect;
  }
  return QProxyStyle::subControlRect(control, option, part, widget);
}

void LayersmithStyle::drawSpinBox(const QStyleOptionSpinBox* option, QPainter* painter, const QWidget* widget) const {
  drawField(option, painter, widget);
  if (option->buttonSymbols == QAbstractSpinBox::NoButtons) return;
  const QRect up = proxy()->subControlRect(CC_SpinBox, option, SC_SpinBoxUp, widget);
  const QRect down = proxy()->subControlRect(CC_SpinBox, option, SC_SpinBoxDown, widget);
  const int inset = option->state & State_HasFocus ? 2 : 1;
  const int x = option->direction == Qt::RightToLeft ? up.right() : up.left();
  painter->fillRect(QRect(x, option->rect.top() + inset, 1, option->rect.height() - 2 * inset), token("lineStrong"));
  const qreal centerX = QRectF(up).center().x() + (option->direction == Qt::RightToLeft ? -.5 : .5);
  const auto chevron = [&](const QRect& rect, SubControl part, QAbstractSpinBox::StepEnabledFlag step,
                           Chevron direction) {
    const bool isHot = option->activeSubControls & part && option->state & (State_MouseOver | State_Sunken);
    const bool isEnabled = option->state & State_Enabled && option->stepEnabled & step;
    const qreal y = direction == Chevron::Up ? rect.bottom() - 3.5 : rect.top() + 4.5;
    paintChevron(painter, {centerX, y}, direction, token(!isEnabled ? "textDisabled" : isHot ? "text" : "text2"), 2.7);
  };
  chevron(up, SC_SpinBoxUp, QAbstractSpinBox::StepUpEnabled, Chevron::Up);
  chevron(down, SC_SpinBoxDown, QAbstractSpinBox::StepDownEnabled, Chevron::Down);
}

void LayersmithStyle::drawScrollBar(const QStyleOptionSlider* option, QPainter* painter, const QWidget* widget) const {
  const auto* area =
      widget ? qobject_cast<const QAbstractScrollArea*>(widget->parentWidget()->parentWidget()) : nullptr;
  const QColor ground = area ? area->viewport()->palette().color(area->viewport()->backgroundRole())
                             : option->palette.color(QPalette::Base);
  painter->fillRect(option->rect, ground);
  if (option->maximum == option->minimum) return;
  const QRect handle = proxy()->subControlRect(CC_ScrollBar, option, SC_ScrollBarSlider, widget);
  const bool isHot = option->state & (State_MouseOver | State_Sunken);
  paintBox(painter, QRectF(handle).adjusted(3, 3, -3, -3), {token(isHot ? "control" : "lineStrong"), {}, 3});
}

void LayersmithStyle::drawSlider(const QStyleOptionSlider* option, QPainter* painter, const QWidget* widget) const {
  const bool isAcross = option->orientation == Qt::Horizontal;
  const bool isEnabled = option->state & State_Enabled;
  const QRectF handle = proxy()->subControlRect(CC_Slider, option, SC_SliderHandle, widget);
  QRectF groove = option->rect;
  if (isAcross)
    groove = {groove.left() + 2, groove.center().y() - 3, groove.width() - 4, 6};
  else
    groove = {groove.center().x() - 3, groove.top() + 2, 6, groove.height() - 4};
  paintBox(painter, groove, {token("pressed"), {}, 3});
  QRectF done = groove;
  if (isAcross && option->upsideDown)
    done.setLeft(handle.center().x());
  else if (isAcross)
    done.setRight(handle.center().x());
  else if (option->upsideDown)
    done.setTop(handle.center().y());
  else
    done.setBottom(handle.center().y());
  paintBox(painter, done, {token(isEnabled ? "accent" : "control"), {}, 3});
  QRectF knob(0, 0, 16, 16);
  knob.moveCenter(handle.center());
  if (option->state & State_HasFocus && isEnabled) {
    paintFocusRing(painter, knob, 8);
    knob.adjust(3, 3, -3, -3);
    paintBox(painter, knob, {token("accent"), {}, 5});
    return;
  }
  const bool isHot = option->state & (State_MouseOver | State_Sunken);
  paintBox(painter, knob.adjusted(1, 1, -1, -1),
           {token("raised"),
            token(!isEnabled ? "control"
                  : isHot    ? "accentHover"
                             : "accent"),
            7, 4});
}

void LayersmithStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                                         const QWidget* widget) const {
  switch (control) {
    case CC_SpinBox:
      if (const auto* spin = qstyleoption_cast<const QStyleOptionSpinBox*>(option)) drawSpinBox(spin, painter, widget);
      return;
    case CC_ComboBox: {
      drawField(option, painter, widget);
      const QRect arrow = proxy()->subControlRect(control, option, SC_ComboBoxArrow, widget);
      paintChevron(painter, QRectF(arrow).center() + QPointF(0, .5), Chevron::Down,
                   token(option->state & State_Enabled ? "text3" : "textDisabled"), 3.5);
      return;
    }
    case CC_ScrollBar:
      if (const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option)) drawScrollBar(bar, painter, widget);
      return;
    case CC_Slider:
      if (const auto* slider = qstyleoption_cast<const QStyleOptionSlider*>(option))
        drawSlider(slider, painter, widget);
      return;
    default: QProxyStyle::drawComplexControl(control, option, painter, widget);
  }
}

}  // namespace layersmith
