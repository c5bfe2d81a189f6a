#include "ui/widgets/Buttons.h"

#include "ui/theme/Icons.h"

namespace layersmith {

QString toolTipWith(const QString& text, const QKeySequence& shortcut) {
  if (shortcut.isEmpty()) return text;
  //: A tool tip: what a button does, and its keyboard shortcut
  return QPushButton::tr("%1 (%2)").arg(text, shortcut.toString(QKeySequence::NativeText));
}

QPushButton* makeButton(const QString& objectName, const QString& text, ButtonKind kind, const QString& iconName,
                        QWidget* parent) {
  auto* button = new QPushButton(text, parent);
  button->setObjectName(objectName);
  QString plain = text;
  button->setAccessibleName(plain.remove(u'&'));
  button->setToolTip(plain);
  button->setProperty("primary", kind == ButtonKind::Primary);
  button->setProperty("ghost", kind == ButtonKind::Ghost);
  button->setProperty("danger", kind == ButtonKind::Danger);
  if (!iconName.isEmpty()) button->setIcon(icon(iconName, kind == ButtonKind::Primary ? "textOnAccent" : "text2"));
  button->setIconSize({16, 16});
  return button;
}

QToolButton* makeToolButton(const QString& objectName, const QString& iconName, const QString& text,
                            const QKeySequence& shortcut, QWidget* parent) {
  auto* button = new QToolButton(parent);
  button->setObjectName(objectName);
  button->setAccessibleName(text);
  button->setToolTip(toolTipWith(text, shortcut));
  button->setIcon(icon(iconName));
  button->setIconSize({20, 20});
  button->setAutoRaise(true);
  button->setFixedSize(28, 28);
  return button;
}

}  // namespace layersmith
