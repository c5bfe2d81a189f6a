#pragma once

#include <QProxyStyle>

class QStyleOptionButton;
class QStyleOptionComboBox;
class QStyleOptionMenuItem;
class QStyleOptionProgressBar;
class QStyleOptionSlider;
class QStyleOptionSpinBox;
class QStyleOptionTab;
class QStyleOptionViewItem;

namespace layersmith {

/// Draws every control of the studio from the tokens of the theme in force; measures are those of tokens.json.
///
/// Buttons read dynamic properties: "primary" (the one next step of a region), "ghost" (no outline, for tool rows),
/// "large" (32 high, for dialogs). Fields read "invalid" (a fault: danger outline).
/// Files: LayersmithStyle.cpp measures, StylePrimitives.cpp surfaces, StyleControls.cpp parts with text,
/// StyleComplex.cpp spin boxes, combos, sliders, scroll bars.
class LayersmithStyle final : public QProxyStyle {
  Q_OBJECT

 public:
  LayersmithStyle();

  using QProxyStyle::polish;
  using QProxyStyle::unpolish;
  void polish(QWidget* widget) override;
  void unpolish(QWidget* widget) override;
  int pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override;
  int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                QStyleHintReturn* returnData) const override;
  QSize sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& contents,
                         const QWidget* widget) const override;
  QRect subElementRect(SubElement element, const QStyleOption* option, const QWidget* widget) const override;
  QRect subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl part,
                       const QWidget* widget) const override;
  void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget) const override;
  void drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                   const QWidget* widget) const override;
  void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                          const QWidget* widget) const override;
  QIcon standardIcon(StandardPixmap pixmap, const QStyleOption* option, const QWidget* widget) const override;

 private:
  void drawField(const QStyleOption* option, QPainter* painter, const QWidget* widget) const;
  void drawButtonPanel(const QStyleOption* option, QPainter* painter, const QWidget* widget) const;
  void drawToolPanel(const QStyleOption* option, QPainter* painter) const;
  void drawCheckIndicator(const QStyleOption* option, QPainter* painter) const;
  void drawRadioIndicator(const QStyleOption* option, QPainter* painter) const;
  void drawItemPanel(const QStyleOptionViewItem* option, QPainter* painter, const QWidget* widget) const;
  static bool isTextEdit(const QWidget* widget);
  void drawFrame(const QStyleOption* option, QPainter* painter, const QWidget* widget) const;

  void drawButtonLabel(const QStyleOptionButton* option, QPainter* painter, const QWidget* widget) const;
  void drawTabShape(const QStyleOptionTab* option, QPainter* painter, const QWidget* widget) const;
  void drawTabLabel(const QStyleOptionTab* option, QPainter* painter, const QWidget* widget) const;
  void drawHeaderSection(const QStyleOption* option, QPainter* painter) const;
  void drawMenuItem(const QStyleOptionMenuItem* option, QPainter* painter) const;
  void drawMenuBarItem(const QStyleOptionMenuItem* option, QPainter* painter) const;
  void drawComboLabel(const QStyleOptionComboBox* option, QPainter* painter) const;
  void drawProgress(const QStyleOptionProgressBar* option, QPainter* painter) const;
  void drawDockTitle(const QStyleOption* option, QPainter* painter) const;

  void drawSpinBox(const QStyleOptionSpinBox* option, QPainter* painter, const QWidget* widget) const;
  void drawScrollBar(const QStyleOptionSlider* option, QPainter* painter, const QWidget* widget) const;
  void drawSlider(const QStyleOptionSlider* option, QPainter* painter, const QWidget* widget) const;
  QRect scrollBarPart(const QStyleOptionSlider* option, SubControl part) const;
};

}  // namespace layersmith
