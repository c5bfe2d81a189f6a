#include "ui/widgets/SearchField.h"

#include "ui/theme/Icons.h"

#include <QAction>
#include <QKeyEvent>

namespace layersmith {

SearchField::SearchField(const QString& placeholder, QWidget* parent) : QLineEdit(parent) {
  setPlaceholderText(placeholder);
  setAccessibleName(placeholder);
  setToolTip(placeholder);
  addAction(icon(QStringLiteral("search"), "text3"), QLineEdit::LeadingPosition);
  setClearButtonEnabled(true);
}

void SearchField::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape && !text().isEmpty()) {
    clear();
    return;
  }
  if (event->key() == Qt::Key_Down && m_target) {
    m_target->setFocus(Qt::TabFocusReason);
    return;
  }
  QLineEdit::keyPressEvent(event);
}

}  // namespace layersmith
