#include "ui/theme/Icons.h"
#include "ui/theme/LayersmithStyle.h"
#include "ui/theme/StylePainting.h"
#include "ui/theme/Theme.h"

#include <QAbstractButton>
#include <QPainter>
#include <QStyleOption>
#include <QTabBar>

#include <algorithm>

namespace layersmith {

namespace {

QColor token(const char* name) {
  return theme().color(name);
}

QColor buttonTextColor(const QStyleOptionButton* option, const QWidget* widget) {
  if (!(option->state & QStyle::State_Enabled)) return token("textDisabled");
  if (widget && widget->property("danger").toBool()) return token("panel");
  return widget && widget->property("primary").toBool() ? token("textOnAccent")
                                                        : option->palette.color(QPalette::ButtonText);
}

}  // namespace

void LayersmithStyle::drawButtonLabel(const QStyleOptionButton* option, QPainter* painter,
                                      const QWidget* widget) const {
  painter->save();
  QFont font = painter->font();
  const bool isFilled = widget && (widget->property("primary").toBool() || widget->property("danger").toBool());
  font.setWeight(isFilled ? QFont::DemiBold : QFont::Medium);
  painter->setFont(font);
  painter->setPen(buttonTextColor(option, widget));
  const int iconPx = option->icon.isNull() ? 0 : option->iconSize.width();
  const int gap = iconPx && !option->text.isEmpty() ? 6 : 0;
  const QFontMetrics metrics(font);
  const int room = option->rect.width() - 8;
  const QString text = metrics.elidedText(option->text, Qt::ElideRight, room - iconPx - gap, Qt::TextShowMnemonic);
  const int textWidth = metrics.size(Qt::TextShowMnemonic, text).width();
  const bool hasMenu = option->features & QStyleOptionButton::HasMenu;
  const int width = iconPx + gap + textWidth + (hasMenu ? 18 : 0);
  int x = option->rect.left() + (option->rect.width() - width) / 2;
  const auto place = [&](int left, int partWidth, int height) {
    const QRect part(left, option->rect.center().y() - height / 2 + 1 - height % 2, partWidth, height);
    return visualRect(option->direction, option->rect, part);
  };
  if (iconPx)
    option->icon.paint(painter, place(x, iconPx, iconPx), Qt::AlignCenter,
                       option->state & State_Enabled ? QIcon::Normal : QIcon::Disabled);
  x += iconPx + gap;
  const int mnemonic =
      styleHint(SH_UnderlineShortcut, option, widget, nullptr) ? Qt::TextShowMnemonic : Qt::TextHideMnemonic;
  QRect textRect = place(x, textWidth + 2, option->rect.height());
  textRect.setTop(option->rect.top());
  textRect.setBottom(option->rect.bottom());
  painter->drawText(textRect, Qt::AlignVCenter | Qt::AlignLeft | mnemonic, text);
  if (hasMenu) {
    const QRect arrow = place(x + textWidth + 6, 12, 12);
    paintChevron(painter, QRectF(arrow).center(), Chevron::Down, painter->pen().color(), 3.5);
  }
  painter->restore();
}

void LayersmithStyle::drawTabShape(const QStyleOptionTab* option, QPainter* painter, const QWidget* widget) const {
  const QRect& rect = option->rect;
  const bool isDocument = option->documentMode || (widget && widget->property("documentTabs").toBool());
  const bool isSelected = option->state & State_Selected;
  if (isDocument) {
    painter->fillRect(rect, token(isSelected ? "canvas" : "window"));
    painter->fillRect(QRect(rect.right(), rect.top(), 1, rect.height()), token("line"));
    if (!isSelected) painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), token("line"));
    if (isSelected) painter->fillRect(QRect(rect.left(), rect.top(), rect.width(), 2), token("accent"));
    return;
  }
  painter->fillRect(rect, token("panel"));
  painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), token("line"));
  if (isSelected) painter->fillRect(QRect(rect.left() + 4, rect.bottom() - 1, rect.width() - 8, 2), token("accent"));
}

void LayersmithStyle::drawTabLabel(const QStyleOptionTab* option, QPainter* painter, const QWidget* widget) const {
  QStyleOptionTab copy = *option;
  const bool isSelected = option->state & State_Selected;
  copy.palette.setColor(QPalette::WindowText, token(isSelected || option->state & State_MouseOver ? "text" : "text2"));
  copy.state &= ~State_HasFocus;
  painter->save();
  QFont font = painter->font();
  font.setWeight(QFont::Medium);
  painter->setFont(font);
  QProxyStyle::drawControl(CE_TabBarTabLabel, &copy, painter, widget);
  painter->restore();
  if (option->state & State_HasFocus) paintFocusRing(painter, option->rect.adjusted(2, 4, -2, -5));
}

void LayersmithStyle::drawHeaderSection(const QStyleOption* option, QPainter* painter) const {
  painter->fillRect(option->rect, token("panel"));
  if (option->state & State_MouseOver && option->state & State_Enabled) painter->fillRect(option->rect, token("hover"));
  painter->fillRect(QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1), token("line"));
}

void LayersmithStyle::drawMenuItem(const QStyleOptionMenuItem* option, QPainter* painter) const {
  const QRect& rect = option->rect;
  if (option->menuItemType == QStyleOptionMenuItem::Separator) {
    painter->fillRect(QRect(rect.left() + 8, rect.center().y(), rect.width() - 16, 1), token("line"));
    return;
  }
  const bool isEnabled = option->state & State_Enabled;
  painter->save();
  if (option->state & State_Selected && isEnabled) paintBox(painter, rect.adjusted(2, 0, -2, 0), {token("hover"), {}});
  const auto mirrored = [&](const QRect& part) { return visualRect(option->direction, rect, part); };
  const QRect iconRect = mirrored({rect.left() + 12, rect.center().y() - 7, 16, 16});
  if (option->checkType != QStyleOptionMenuItem::NotCheckable && option->checked)
    painter->drawPixmap(iconRect, iconPixmap(QStringLiteral("check"), token(isEnabled ? "accentText" : "textDisabled"),
                                             16, painter->device()->devicePixelRatioF()));
  else if (!option->icon.isNull())
    option->icon.paint(painter, iconRect, Qt::AlignCenter, isEnabled ? QIcon::Normal : QIcon::Disabled);
  const qsizetype tab = option->text.indexOf(u'\t');
  painter->setFont(option->font);
  painter->setPen(token(isEnabled ? "text" : "textDisabled"));
  const QRect textRect = mirrored(rect.adjusted(36, 0, -12, 0));
  painter->drawText(textRect, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextShowMnemonic | Qt::TextSingleLine,
                    tab < 0 ? option->text : option->text.left(tab));
  if (tab >= 0) {
    painter->setPen(token(isEnabled ? "text3" : "textDisabled"));
    painter->drawText(mirrored(rect.adjusted(36, 0, -16, 0)), Qt::AlignVCenter | Qt::AlignRight,
                      option->text.mid(tab + 1));
  }
  if (option->menuItemType == QStyleOptionMenuItem::SubMenu)
    paintChevron(painter, QRectF(mirrored({rect.right() - 20, rect.top(), 12, rect.height()})).center(),
                 option->direction == Qt::RightToLeft ? Chevron::Left : Chevron::Right, painter->pen().color(), 3.5);
  painter->restore();
}

void LayersmithStyle::drawMenuBarItem(const QStyleOptionMenuItem* option, QPainter* painter) const {
  const bool isEnabled = option->state & State_Enabled;
  if (option->state & State_Selected && isEnabled)
    paintBox(painter, option->rect, {token(option->state & State_Sunken ? "pressed" : "hover"), {}});
  painter->save();
  painter->setPen(token(isEnabled ? "text" : "textDisabled"));
  painter->drawText(option->rect, Qt::AlignCenter | Qt::TextShowMnemonic | Qt::TextSingleLine, option->text);
  painter->restore();
}

void LayersmithStyle::drawComboLabel(const QStyleOptionComboBox* option, QPainter* painter) const {
  QRect edit = proxy()->subControlRect(CC_ComboBox, option, SC_ComboBoxEditField, nullptr);
  painter->save();
  painter->setClipRect(edit);
  const bool isEnabled = option->state & State_Enabled;
  if (!option->currentIcon.isNull()) {
    const QRect iconRect = visualRect(option->direction, edit, {edit.left(), edit.center().y() - 7, 16, 16});
    option->currentIcon.paint(painter, iconRect, Qt::AlignCenter, isEnabled ? QIcon::Normal : QIcon::Disabled);
    if (option->direction == Qt::RightToLeft)
      edit.adjust(0, 0, -22, 0);
    else
      edit.adjust(22, 0, 0, 0);
  }
  if (!option->currentText.isEmpty() && !option->editable) {
    painter->setPen(isEnabled ? option->palette.color(QPalette::Text) : token("textDisabled"));
    painter->drawText(edit, Qt::AlignVCenter | (option->direction == Qt::RightToLeft ? Qt::AlignRight : Qt::AlignLeft),
                      option->fontMetrics.elidedText(option->currentText, Qt::ElideRight, edit.width()));
  }
  painter->restore();
}

void LayersmithStyle::drawProgress(const QStyleOptionProgressBar* option, QPainter* painter) const {
  QRectF groove = option->rect;
  groove.setHeight(6);
  groove.moveCenter(QRectF(option->rect).center());
  paintBox(painter, groove, {token("pressed"), {}, 3});
  const bool isBusy = option->minimum == option->maximum;
  const qreal share = isBusy ? 0.3 : qreal(option->progress - option->minimum) / (option->maximum - option->minimum);
  QRectF done = groove;
  done.setWidth(std::max<qreal>(share > 0 ? 6 : 0, groove.width() * std::clamp<qreal>(share, 0, 1)));
  if (isBusy)
    done.moveCenter(groove.center());
  else if ((option->direction == Qt::RightToLeft) != option->invertedAppearance)
    done.moveRight(groove.right());
  if (done.width() > 0) paintBox(painter, done, {token(option->state & State_Enabled ? "accent" : "control"), {}, 3});
}

void LayersmithStyle::drawDockTitle(const QStyleOption* option, QPainter* painter) const {
  const auto* dock = qstyleoption_cast<const QStyleOptionDockWidget*>(option);
  painter->fillRect(option->rect, token("panel"));
  painter->fillRect(QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1), token("line"));
  if (!dock) return;
  painter->save();
  QFont font = painter->font();
  font.setWeight(QFont::Medium);
  painter->setFont(font);
  painter->setPen(token("text"));
  painter->drawText(option->rect.adjusted(12, 0, -12, 0), Qt::AlignVCenter | Qt::AlignLeft, dock->title);
  painter->restore();
}

void LayersmithStyle::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                                  const QWidget* widget) const {
  switch (element) {
    case CE_PushButton: {
      proxy()->drawControl(CE_PushButtonBevel, option, painter, widget);
      proxy()->drawControl(CE_PushButtonLabel, option, painter, widget);
      return;
    }
    case CE_PushButtonBevel: proxy()->drawPrimitive(PE_PanelButtonCommand, option, painter, widget); return;
    case CE_PushButtonLabel:
      if (const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option))
        drawButtonLabel(button, painter, widget);
      return;
    case CE_TabBarTabShape:
      if (const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option)) drawTabShape(tab, painter, widget);
      return;
    case CE_TabBarTabLabel:
      if (const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option)) drawTabLabel(tab, painter, widget);
      return;
    case CE_HeaderSection: drawHeaderSection(option, painter); return;
    case CE_HeaderEmptyArea: {
      QStyleOption plain = *option;
      plain.state &= ~State_MouseOver;
      drawHeaderSection(&plain, painter);
      return;
    }
    case CE_HeaderLabel:
      if (const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option)) {
        QStyleOptionHeaderV2 copy;
        copy.QStyleOptionHeader::operator=(*header);
        copy.rect = header->rect.adjusted(4, 0, -4, 0);
        copy.palette.setColor(QPalette::ButtonText, token("text2"));
        QProxyStyle::drawControl(element, &copy, painter, widget);
      }
      return;
    case CE_MenuItem:
      if (const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option)) drawMenuItem(item, painter);
      return;
    case CE_MenuBarItem:
      if (const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option)) drawMenuBarItem(item, painter);
      return;
    case CE_MenuBarEmptyArea: return;
    case CE_MenuEmptyArea: painter->fillRect(option->rect, token("raised")); return;
    case CE_ComboBoxLabel:
      if (const auto* combo = qstyleoption_cast<const QStyleOptionComboBox*>(option)) drawComboLabel(combo, painter);
      return;
    case CE_ProgressBar:
      if (const auto* bar = qstyleoption_cast<const QStyleOptionProgressBar*>(option)) drawProgress(bar, painter);
      return;
    case CE_Splitter: painter->fillRect(option->rect, token("line")); return;
    case CE_DockWidgetTitle: drawDockTitle(option, painter); return;
    case CE_ToolBar:
    case CE_SizeGrip: return;
    case CE_RubberBand: {
      QColor fill = token("accent");
      fill.setAlphaF(0.12f);
      paintBox(painter, option->rect, {fill, token("accent"), 2});
      return;
    }
    default: QProxyStyle::drawControl(element, option, painter, widget);
  }
}

}  // namespace layersmith
