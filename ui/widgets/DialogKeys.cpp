#include "ui/widgets/DialogKeys.h"

#include <QDialog>
#include <QLayout>
#include <QPushButton>
#include <QScrollArea>

#include <vector>

namespace layersmith {

namespace {

void collect(const QLayout& layout, std::vector<QWidget*>& found);

void collect(QWidget& widget, std::vector<QWidget*>& found) {
  if (widget.focusPolicy() & Qt::TabFocus) found.push_back(&widget);
  if (const auto* area = qobject_cast<QScrollArea*>(&widget); area && area->widget()) collect(*area->widget(), found);
  if (widget.layout()) collect(*widget.layout(), found);
}

void collect(const QLayout& layout, std::vector<QWidget*>& found) {
  for (int i = 0; i < layout.count(); ++i) {
    if (QWidget* widget = layout.itemAt(i)->widget()) collect(*widget, found);
    if (const QLayout* inner = layout.itemAt(i)->layout()) collect(*inner, found);
  }
}

}  // namespace

void tabInOrder(QWidget& root) {
  std::vector<QWidget*> widgets;
  if (root.layout()) collect(*root.layout(), widgets);
  for (std::size_t i = 1; i < widgets.size(); ++i) QWidget::setTabOrder(widgets[i - 1], widgets[i]);
}

void setDialogKeys(QDialog& dialog, QPushButton& primary) {
  tabInOrder(dialog);
  for (QPushButton* button : dialog.findChildren<QPushButton*>()) button->setDefault(false);
  primary.setDefault(true);
}

}  // namespace layersmith
