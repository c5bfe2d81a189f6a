#include "ui/dialogs/ShortcutsDialog.h"

#include "ui/widgets/SearchField.h"

#include <QAction>
#include <QHeaderView>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QTableView>
#include <QVBoxLayout>

namespace layersmith {

ShortcutsDialog::ShortcutsDialog(const std::vector<QAction*>& actions, QWidget* parent)
    : FooterDialog(QStringLiteral("shortcutsDialog"), tr("Keyboard shortcuts"), parent) {
  resize(560, 640);
  content().addWidget(new TextLabel(tr("Keyboard shortcuts"), Theme::TextRole::Title));
  auto* search = new SearchField(tr("Filter commands"));
  nameControl(*search, QStringLiteral("shortcutsDialog.filter"), tr("Filter commands"));
  content().addWidget(search);

  auto* model = new QStandardItemModel(0, 2, this);
  model->setHorizontalHeaderLabels({tr("Command"), tr("Keys")});
  for (QAction* action : actions) {
    if (action->shortcut().isEmpty()) continue;
    QString text = action->text();
    auto* name = new QStandardItem(text.remove(QLatin1Char('&')));
    auto* keys = new QStandardItem(action->shortcut().toString(QKeySequence::NativeText));
    keys->setFont(theme().mono());
    name->setToolTip(action->statusTip());
    for (QStandardItem* item : {name, keys}) item->setEditable(false);
    model->appendRow({name, keys});
  }
  auto* filtered = new QSortFilterProxyModel(this);
  filtered->setSourceModel(model);
  filtered->setFilterKeyColumn(-1);
  filtered->setFilterCaseSensitivity(Qt::CaseInsensitive);
  connect(search, &QLineEdit::textChanged, filtered, &QSortFilterProxyModel::setFilterFixedString);

  auto* table = new QTableView;
  table->setModel(filtered);
  table->setShowGrid(false);
  table->setFrameShape(QFrame::NoFrame);
  table->setSelectionBehavior(QAbstractItemView::SelectRows);
  table->verticalHeader()->hide();
  table->verticalHeader()->setDefaultSectionSize(28);
  table->horizontalHeader()->setHighlightSections(false);
  table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
  table->setColumnWidth(1, 180);
  nameControl(*table, QStringLiteral("shortcutsDialog.table"), tr("Keyboard shortcuts"));
  search->setTarget(table);
  content().addWidget(table, 1);
  QPushButton* close = addFooterButton(QStringLiteral("shortcutsDialog.close"), tr("Close"), ButtonKind::Primary);
  connect(close, &QPushButton::clicked, this, &QDialog::accept);
}

}  // namespace layersmith
