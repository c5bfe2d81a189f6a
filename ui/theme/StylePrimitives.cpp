#include "ui/theme/Icons.h"
#include "ui/theme/LayersmithStyle.h"
#include "ui/theme/StylePainting.h"
#include "ui/theme/Theme.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractScrollArea>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QFrame>
#include <QPainter>
#include <QStyleOption>
#include <QTabBar>

namespace layersmith {

namespace {

bool has(const QWidget* widget, const char* property) {
  return widget && widget->property(property).toBool();
}

QColor token(const char* name) {
  return theme().color(name);
}

/// The 16 px box in the middle of a check or radio indicator.
QRectF indicatorBox(const QRect& rect) {
  QRectF box(0, 0, 16, 16);
  box.moveCenter(QRectF(rect).center());
  return box;
}

struct IndicatorLook {
  QColor fill;
  QColor line;
  QColor mark;
};

IndicatorLook indicatorLook(const QStyleOption* option, bool isOn) {
  const bool isHot = option->state & QStyle::State_MouseOver;
  if (!(option->state & QStyle::State_Enabled))
    return {token("fieldDisabled"), token("lineStrong"), token("textDisabled")};
  if (isOn) {
    const QColor fill = token(option->state & QStyle::State_Sunken ? "accentPressed"
                              : isHot                              ? "accentHover"
                                                                   : "accent");
    return {fill, fill, token("textOnAccent")};
  }
  return {token(option->state & QStyle::State_Sunken ? "pressed" : "field"), token(isHot ? "text2" : "control"), {}};
}

}  // namespace

void LayersmithStyle::drawField(const QStyleOption* option, QPainter* painter, const QWidget* widget) const {
  const bool isEnabled = option->state & State_Enabled;
  const bool hasFocus = option->state & State_HasFocus;
  const bool isHot = option->state & State_MouseOver;
  const char* line = !isEnabled               ? "lineStrong"
                     : has(widget, "invalid") ? "danger"
                     : hasFocus               ? "focus"
                     : isHot                  ? "text2"
                                              : "control";
  const bool isThick = isEnabled && (hasFocus || has(widget, "invalid"));
  paintBox(painter, option->rect, {token(isEnabled ? "field" : "fieldDisabled"), token(line), 6, isThick ? 2. : 1.});
}

void LayersmithStyle::drawButtonPanel(const QStyleOption* option, QPainter* painter, const QWidget* widget) const {
  const bool isDanger = has(widget, "danger");
  const bool isFilled = isDanger || has(widget, "primary");
  const bool isGhost = has(widget, "ghost");
  const bool isDown = option->state & (State_Sunken | State_On);
  const bool isHot = option->state & State_MouseOver;
  QRectF rect = option->rect;
  if (!(option->state & State_Enabled)) {
    if (!isGhost) paintBox(painter, rect, {token("fieldDisabled"), token("lineStrong")});
    return;
  }
  const bool hasFocus = option->state & State_HasFocus;
  if (hasFocus) paintFocusRing(painter, rect);
  if (isFilled) {
    if (hasFocus) rect.adjust(3, 3, -3, -3);
    const char* accent = isDown ? "accentPressed" : isHot ? "accentHover" : "accent";
    const QColor fill = isDanger ? token("danger").darker(isDown ? 120 : isHot ? 110 : 100) : token(accent);
    paintBox(painter, rect, {fill, {}, hasFocus ? 3. : 6.});
    return;
  }
  if (hasFocus) rect.adjust(2, 2, -2, -2);
  const QColor fill = isDown ? token("pressed") : isHot ? token("hover") : isGhost ? QColor() : token("raised");
  paintBox(painter, rect, {fill, isGhost || hasFocus ? QColor() : token("control"), hasFocus ? 4. : 6.});
}

void LayersmithStyle::drawToolPanel(const QStyleOption* option, QPainter* painter) const {
  if (!(option->state & State_Enabled)) return;
  const char* fill = option->state & State_Sunken ? "pressed" : option->state & State_On ? "selection" : "hover";
  if (option->state & (State_Sunken | State_On | State_MouseOver)) paintBox(painter, option->rect, {token(fill), {}});
  if (option->state & State_HasFocus) paintFocusRing(painter, option->rect);
}

void LayersmithStyle::drawCheckIndicator(const QStyleOption* option, QPainter* painter) const {
  const bool isOn = option->state & (State_On | State_NoChange);
  const IndicatorLook look = indicatorLook(option, isOn);
  const QRectF box = indicatorBox(option->rect);
  paintBox(painter, box, {look.fill, look.line, 4});
  if (option->state & State_On)
    painter->drawPixmap(box.topLeft() + QPointF(1, 1),
                        iconPixmap(QStringLiteral("check"), look.mark, 14, painter->device()->devicePixelRatioF()));
  else if (option->state & State_NoChange)
    paintBox(painter, QRectF(box.center() - QPointF(4, 1), QSizeF(8, 2)), {look.mark, {}, 1});
  if (option->state & State_HasFocus) paintFocusRing(painter, box.adjusted(-3, -3, 3, 3));
}

void LayersmithStyle::drawRadioIndicator(const QStyleOption* option, QPainter* painter) const {
  const bool isOn = option->state & State_On;
  const IndicatorLook look = indicatorLook(option, isOn);
  const QRectF box = indicatorBox(option->rect);
  paintBox(painter, box, {look.fill, look.line, 8});
  if (isOn) paintBox(painter, box.adjusted(5, 5, -5, -5), {look.mark, {}, 3});
  if (option->state & State_HasFocus) paintFocusRing(painter, box.adjusted(-3, -3, 3, 3), 11);
}

void LayersmithStyle::drawItemPanel(const QStyleOptionViewItem* option, QPainter* painter,
                                    const QWidget* widget) const {
  const bool isSelected = option->state & State_Selected;
  const bool isHot = option->state & State_MouseOver && option->state & State_Enabled;
  if (option->backgroundBrush.style() != Qt::NoBrush && !isSelected)
    painter->fillRect(option->rect, option->backgroundBrush);
  if (!isSelected && !isHot) return;
  const QColor fill = isSelected
                          ? option->palette.color(option->state & State_Active ? QPalette::Active : QPalette::Inactive,
                                                  QPalette::Highlight)
                          : token("hover");
  // Lists and popups select with a rounded plate; tables and trees with the whole row.
  const auto* view = qobject_cast<const QAbstractItemView*>(widget);
  const bool isPlate = view && view->inherits("QListView");
  if (isPlate)
    paintBox(painter, option->rect, {fill, {}});
  else
    painter->fillRect(option->rect, fill);
}

bool LayersmithStyle::isTextEdit(const QWidget* widget) {
  return widget && (widget->inherits("QTextEdit") || widget->inherits("QPlainTextEdit"));
}

void LayersmithStyle::drawFrame(const QStyleOption* option, QPainter* painter, const QWidget* widget) const {
  const auto* frame = qobject_cast<const QFrame*>(widget);
  if (widget && widget->inherits("QComboBoxPrivateContainer")) {
    paintBox(painter, option->rect, {token("raised"), token("lineStrong"), 0});
    return;
  }
  if (isTextEdit(widget)) {
    drawField(option, painter, widget);
    return;
  }
  if (frame && frame->frameShape() == QFrame::NoFrame) return;
  paintBox(painter, option->rect, {{}, token("lineStrong")});
}

void LayersmithStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                                    const QWidget* widget) const {
  switch (element) {
    case PE_PanelLineEdit:
      // Also asked for by the editor inside a spin box or combo, which is framed already.
      if (const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
          frame && frame->lineWidth > 0 &&
          !qobject_cast<const QAbstractSpinBox*>(widget ? widget->parentWidget() : nullptr) &&
          !qobject_cast<const QComboBox*>(widget ? widget->parentWidget() : nullptr))
        drawField(option, painter, widget);
      return;
    case PE_PanelButtonCommand: drawButtonPanel(option, painter, widget); return;
    case PE_PanelButtonTool: drawToolPanel(option, painter); return;
    case PE_IndicatorCheckBox:
    case PE_IndicatorItemViewItemCheck: drawCheckIndicator(option, painter); return;
    case PE_IndicatorRadioButton: drawRadioIndicator(option, painter); return;
    case PE_PanelItemViewRow: return;
    case PE_PanelItemViewItem:
      if (const auto* item = qstyleoption_cast<const QStyleOptionViewItem*>(option))
        drawItemPanel(item, painter, widget);
      return;
    case PE_FrameFocusRect:
      if (qobject_cast<const QAbstractButton*>(widget)) return;  // drawn with the button itself
      if (qobject_cast<const QAbstractItemView*>(widget)) {
        painter->save();
        painter->setPen(token("focus"));
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        painter->restore();
        return;
      }
      paintFocusRing(painter, option->rect);
      return;
    case PE_IndicatorBranch:
      if (option->state & State_Children)
        paintChevron(painter, QRectF(option->rect).center(),
                     option->state & State_Open             ? Chevron::Down
                     : option->direction == Qt::RightToLeft ? Chevron::Left
                                                            : Chevron::Right,
                     token("text2"), 4);
      return;
    case PE_IndicatorArrowDown:
      paintChevron(painter, QRectF(option->rect).center(), Chevron::Down, token("text3"), 3.5);
      return;
    case PE_IndicatorArrowUp:
      paintChevron(painter, QRectF(option->rect).center(), Chevron::Up, token("text3"), 3.5);
      return;
    case PE_IndicatorArrowLeft:
      paintChevron(painter, QRectF(option->rect).center(), Chevron::Left, token("text3"), 3.5);
      return;
    case PE_IndicatorArrowRight:
      paintChevron(painter, QRectF(option->rect).center(), Chevron::Right, token("text3"), 3.5);
      return;
    case PE_IndicatorHeaderArrow:
      if (const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option))
        paintChevron(painter, QRectF(option->rect).center(),
                     // Qt calls ascending SortDown; people read a chevron down as the largest first.
                     header->sortIndicator == QStyleOptionHeader::SortUp ? Chevron::Down : Chevron::Up, token("text2"),
                     3.5);
      return;
    case PE_IndicatorTabClose: {
      if (option->state & State_MouseOver) paintBox(painter, option->rect, {token("pressed"), {}, 4});
      const QRect& rect = option->rect;
      painter->drawPixmap(rect.center() - QPoint(7, 7), iconPixmap(QStringLiteral("close"), token("text3"), 16,
                                                                   painter->device()->devicePixelRatioF()));
      return;
    }
    case PE_IndicatorItemViewItemDrop:
      if (option->rect.height() == 0)
        painter->fillRect(option->rect.adjusted(0, -1, 0, 1), token("accent"));
      else if (!option->rect.isEmpty())
        paintFocusRing(painter, option->rect, 4);
      return;
    case PE_PanelMenu: paintBox(painter, option->rect, {token("raised"), token("lineStrong"), 0}); return;
    case PE_PanelTipLabel: paintBox(painter, option->rect, {token("raised"), token("control"), 0}); return;
    case PE_Frame: drawFrame(option, painter, widget); return;
    case PE_FrameTabBarBase:
      if (widget) painter->fillRect(widget->rect(), token("panel"));
      painter->fillRect(QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1), token("line"));
      return;
    case PE_IndicatorDockWidgetResizeHandle: painter->fillRect(option->rect, token("line")); return;
    case PE_IndicatorToolBarSeparator:
      painter->fillRect(QRect(option->rect.center().x(), option->rect.top() + 4, 1, option->rect.height() - 8),
                        token("lineStrong"));
      return;
    case PE_FrameTabWidget:
    case PE_FrameMenu:
    case PE_FrameDefaultButton:
    case PE_FrameStatusBarItem:
    case PE_FrameGroupBox:
    case PE_FrameDockWidget:
    case PE_PanelMenuBar:
    case PE_PanelToolBar:
    case PE_PanelStatusBar:
    case PE_PanelScrollAreaCorner:
    case PE_IndicatorToolBarHandle: return;
    default: QProxyStyle::drawPrimitive(element, option, painter, widget);
  }
}

}  // namespace layersmith
