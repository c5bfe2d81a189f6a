#include "ui/main/ActionSearch.h"

#include "ui/dialogs/Parts.h"
#include "ui/main/Actions.h"
#include "ui/theme/StylePainting.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace layersmith {

ActionSearch::ActionSearch(std::vector<QAction*> actions, QWidget* parent)
    : QDialog(parent, Qt::Popup), m_actions(std::move(actions)) {
  setObjectName(QStringLiteral("actionSearch"));
  setAccessibleName(tr("Search actions"));
  setAttribute(Qt::WA_DeleteOnClose);
  setFixedSize(440, 360);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 8, 8, 8);
  column->setSpacing(8);
  m_field = new QLineEdit;
  m_field->setPlaceholderText(tr("Type what you want to do"));
  nameControl(*m_field, QStringLiteral("actionSearch.field"), tr("Search actions"));
  m_list = new QListWidget;
  m_list->setFrameShape(QFrame::NoFrame);
  nameControl(*m_list, QStringLiteral("actionSearch.list"), tr("Actions found"));
  column->addWidget(m_field);
  column->addWidget(m_list);
  m_field->installEventFilter(this);
  connect(m_field, &QLineEdit::textChanged, this, &ActionSearch::filter);
  connect(m_list, &QListWidget::itemActivated, this, &ActionSearch::runCurrent);
  connect(m_list, &QListWidget::itemClicked, this, &ActionSearch::runCurrent);
  filter({});
  m_field->setFocus();
}

void ActionSearch::filter(const QString& words) {
  m_list->clear();
  const QStringList wanted = words.split(QLatin1Char(' '), Qt::SkipEmptyParts);
  for (std::size_t i = 0; i < m_actions.size(); ++i) {
    const QAction& action = *m_actions[i];
    const QString text = Actions::tip(action);
    const QString haystack = text + QLatin1Char(' ') + action.statusTip();
    const bool isFound =
        std::ranges::all_of(wanted, [&](const QString& word) { return haystack.contains(word, Qt::CaseInsensitive); });
    if (!isFound || action.objectName() == QStringLiteral("action.searchActions")) continue;
    auto* item = new QListWidgetItem(action.icon(), text, m_list);
    item->setData(Qt::UserRole, static_cast<int>(i));
    item->setToolTip(action.statusTip());
    if (!action.isEnabled()) item->setFlags(item->flags() & ~Qt::ItemIsEnabled);
  }
  m_list->setCurrentRow(0);
}

void ActionSearch::runCurrent() {
  const QListWidgetItem* item = m_list->currentItem();
  if (!item || !(item->flags() & Qt::ItemIsEnabled)) return;
  QAction* action = m_actions[item->data(Qt::UserRole).toInt()];
  close();
  QTimer::singleShot(0, action, &QAction::trigger);
}

bool ActionSearch::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() != QEvent::KeyPress) return QDialog::eventFilter(watched, event);
  const int key = static_cast<QKeyEvent*>(event)->key();
  if (key == Qt::Key_Return || key == Qt::Key_Enter) {
    runCurrent();
    return true;
  }
  if (key != Qt::Key_Down && key != Qt::Key_Up) return false;
  const int next = m_list->currentRow() + (key == Qt::Key_Down ? 1 : -1);
  m_list->setCurrentRow(std::clamp(next, 0, m_list->count() - 1));
  return true;
}

void ActionSearch::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.fillRect(rect(), theme().color("raised"));
  paintBox(&painter, rect(), {theme().color("raised"), theme().color("lineStrong"), 0, 1});
}

}  // namespace layersmith
