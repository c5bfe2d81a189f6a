#include "ui/theme/LayersmithStyle.h"

#include "ui/theme/Icons.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QHeaderView>
#include <QMainWindow>
#include <QMenuBar>
#include <QScrollBar>
#include <QSlider>
#include <QStyleFactory>
#include <QStyleOption>
#include <QTabBar>

#include <algorithm>

namespace layersmith {

namespace {

constexpr int kControlHeight = 28;
constexpr int kLargeControlHeight = 32;
constexpr int kRowHeight = 28;
constexpr int kTabHeight = 36;
constexpr int kFieldInset = 8;
constexpr int kStepperWidth = 20;
constexpr int kArrowWidth = 26;
constexpr int kIndicator = 20;  // the box is 16; the rest is room for its focus ring

int controlHeight(const QStyleOption* option, int least = kControlHeight) {
  return std::max(least, option->fontMetrics.height() + 8);
}

/// A cell's text stands 8 from its icon: the frame's margin counts once between them, not on either side.
QRect cellTextRect(QRect text, const QStyleOption* option) {
  const auto* item = qstyleoption_cast<const QStyleOptionViewItem*>(option);
  const bool hasIcon = item && item->features & QStyleOptionViewItem::HasDecoration;
  if (!hasIcon || item->decorationPosition != QStyleOptionViewItem::Left) return text;
  return item->direction == Qt::RightToLeft ? text.adjusted(0, 0, 7, 0) : text.adjusted(-7, 0, 0, 0);
}

QSize buttonSize(const QStyleOption* option, QSize contents, const QWidget* widget) {
  const bool isLarge = widget && widget->property("large").toBool();
  const bool isGhost = widget && widget->property("ghost").toBool();
  contents.rwidth() += isGhost ? 18 : isLarge ? 34 : 26;
  if (const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option)) {
    if (!button->icon.isNull() && !button->text.isEmpty()) contents.rwidth() += 2;
    if (button->features & QStyleOptionButton::HasMenu) contents.rwidth() += 8;
  }
  return {contents.width(), controlHeight(option, isLarge ? kLargeControlHeight : kControlHeight)};
}

QSize menuItemSize(const QStyleOptionMenuItem* item, QSize contents) {
  if (item->menuItemType == QStyleOptionMenuItem::Separator) return {contents.width(), 9};
  int width = contents.width() + 36 + 28;  // icon column left, arrow column right
  if (item->text.contains(u'\t')) width += 24;
  return {width, std::max(kRowHeight, item->fontMetrics.height() + 8)};
}

}  // namespace

LayersmithStyle::LayersmithStyle() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) {}

void LayersmithStyle::polish(QWidget* widget) {
  QProxyStyle::polish(widget);
  if (qobject_cast<QAbstractButton*>(widget) || qobject_cast<QComboBox*>(widget) ||
      qobject_cast<QAbstractSpinBox*>(widget) || qobject_cast<QScrollBar*>(widget) || qobject_cast<QSlider*>(widget) ||
      qobject_cast<QTabBar*>(widget) || qobject_cast<QHeaderView*>(widget) || widget->inherits("QLineEdit"))
    widget->setAttribute(Qt::WA_Hover);
  if (auto* tabs = qobject_cast<QTabBar*>(widget)) {
    tabs->setExpanding(false);
    if (qobject_cast<QMainWindow*>(tabs->parentWidget())) tabs->setDrawBase(true);  // the row over tabified docks
  }
}

void LayersmithStyle::unpolish(QWidget* widget) {
  QProxyStyle::unpolish(widget);
}

int LayersmithStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const {
  switch (metric) {
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight: return kIndicator;
    case PM_SmallIconSize:
    case PM_ButtonIconSize:
    case PM_ListViewIconSize:
    case PM_TabBarIconSize: return 16;
    case PM_ToolBarIconSize: return 20;
    case PM_DockWidgetSeparatorExtent:
    case PM_SplitterWidth: return 1;
    case PM_ScrollBarExtent: return 12;
    case PM_ScrollBarSliderMin: return 32;
    case PM_CheckBoxLabelSpacing:
    case PM_RadioButtonLabelSpacing: return 6;
    case PM_TabBarTabHSpace: return 24;
    case PM_TabBarTabVSpace: return 16;
    case PM_TabBarBaseOverlap:
    case PM_TabBarBaseHeight:
    case PM_TabBarTabShiftVertical:
    case PM_TabBarTabShiftHorizontal:
    case PM_TabBarTabOverlap:
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
    case PM_ToolBarFrameWidth:
    case PM_DockWidgetFrameWidth: return 0;
    case PM_FocusFrameHMargin: return 7;  // the side padding of cells
    case PM_MenuPanelWidth: return 1;
    case PM_MenuHMargin:
    case PM_MenuVMargin: return 4;
    case PM_MenuBarItemSpacing: return 0;
    case PM_MenuBarHMargin:
    case PM_MenuBarVMargin:
    case PM_MenuBarPanelWidth: return 0;
    case PM_DefaultFrameWidth:
      if (widget && widget->inherits("QComboBoxPrivateContainer")) return 4;
      return isTextEdit(widget) ? 3 : 1;  // round corners and the focus ring lie outside the text
    case PM_ToolTipLabelFrameWidth: return 6;
    case PM_SliderThickness:
    case PM_SliderLength:
    case PM_SliderControlThickness: return 16;
    case PM_TreeViewIndentation: return 20;
    case PM_LayoutLeftMargin:
    case PM_LayoutTopMargin:
    case PM_LayoutRightMargin:
    case PM_LayoutBottomMargin: return 12;
    case PM_LayoutHorizontalSpacing:
    case PM_LayoutVerticalSpacing: return 8;
    default: return QProxyStyle::pixelMetric(metric, option, widget);
  }
}

int LayersmithStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                               QStyleHintReturn* returnData) const {
  switch (hint) {
    case SH_DockWidget_ButtonsHaveFrame:
    case SH_EtchDisabledText:
    case SH_ItemView_ShowDecorationSelected:
    case SH_ComboBox_Popup:
    case SH_Menu_SloppySubMenus: break;
    default: return QProxyStyle::styleHint(hint, option, widget, returnData);
  }
  return hint == SH_ItemView_ShowDecorationSelected || hint == SH_Menu_SloppySubMenus ? 1 : 0;
}

QSize LayersmithStyle::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& contents,
                                        const QWidget* widget) const {
  QSize size = QProxyStyle::sizeFromContents(type, option, contents, widget);
  switch (type) {
    case CT_PushButton: return buttonSize(option, contents, widget);
    case CT_ToolButton: {
      const int least = controlHeight(option);
      const auto* tool = qstyleoption_cast<const QStyleOptionToolButton*>(option);
      const bool hasText = tool && tool->toolButtonStyle != Qt::ToolButtonIconOnly && !tool->text.isEmpty();
      return hasText ? QSize(contents.width() + 14, least) : QSize(std::max(least, contents.width() + 8), least);
    }
    case CT_LineEdit: return {contents.width() + 2 * kFieldInset, controlHeight(option)};
    case CT_SpinBox: return {contents.width() + kFieldInset + kStepperWidth, controlHeight(option)};
    case CT_ComboBox: return {contents.width() + kFieldInset + kArrowWidth + 2, controlHeight(option)};
    case CT_TabBarTab: size.setHeight(std::max(kTabHeight, option->fontMetrics.height() + 16)); return size;
    case CT_HeaderSection:
      size.rwidth() += 8;
      size.setHeight(std::max(kRowHeight, option->fontMetrics.height() + 8));
      return size;
    case CT_ItemViewItem:
      size.setHeight(std::max({kRowHeight, size.height(), option->fontMetrics.height() + 8}));
      return size;
    case CT_MenuItem:
      if (const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option))
        return menuItemSize(item, contents);
      return size;
    case CT_MenuBarItem: return {contents.width() + 16, std::max(28, contents.height() + 8)};
    case CT_ProgressBar: return {size.width(), 6};
    default: return size;
  }
}

QRect LayersmithStyle::subElementRect(SubElement element, const QStyleOption* option, const QWidget* widget) const {
  switch (element) {
    case SE_LineEditContents: {
      const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
      if (!frame || frame->lineWidth <= 0) return option->rect;
      return option->rect.adjusted(kFieldInset - 2, 1, -(kFieldInset - 2), -1);
    }
    case SE_PushButtonContents: return option->rect.adjusted(4, 2, -4, -2);
    case SE_ItemViewItemText: return cellTextRect(QProxyStyle::subElementRect(element, option, widget), option);
    case SE_ProgressBarContents:
    case SE_ProgressBarGroove: return option->rect;
    default: return QProxyStyle::subElementRect(element, option, widget);
  }
}

QIcon LayersmithStyle::standardIcon(StandardPixmap pixmap, const QStyleOption* option, const QWidget* widget) const {
  switch (pixmap) {
    case SP_MessageBoxInformation:
    case SP_MessageBoxQuestion: return icon(QStringLiteral("info"), "accentText");
    case SP_MessageBoxWarning: return icon(QStringLiteral("warning"), "warning");
    case SP_MessageBoxCritical: return icon(QStringLiteral("error"), "danger");
    case SP_LineEditClearButton:
    case SP_DockWidgetCloseButton:
    case SP_TitleBarCloseButton: return icon(QStringLiteral("close"));
    case SP_TitleBarNormalButton: return icon(QStringLiteral("maximize"));
    case SP_ToolBarHorizontalExtensionButton: return icon(QStringLiteral("more"));
    case SP_DialogOkButton:
    case SP_DialogCancelButton:
    case SP_DialogYesButton:
    case SP_DialogNoButton:
    case SP_DialogApplyButton:
    case SP_DialogResetButton:
    case SP_DialogSaveButton:
    case SP_DialogOpenButton:
    case SP_DialogCloseButton:
    case SP_DialogDiscardButton: return {};
    default: return QProxyStyle::standardIcon(pixmap, option, widget);
  }
}

}  // namespace layersmith
