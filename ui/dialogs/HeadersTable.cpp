#include "ui/dialogs/HeadersTable.h"

#include "ui/dialogs/Parts.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QSignalBlocker>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace layersmith {

HeadersTable::HeadersTable(const QString& owner, QWidget* parent) : QWidget(parent), m_owner(owner) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(4);
  auto* head = new QHBoxLayout;
  head->addWidget(new TextLabel(tr("Headers"), Theme::TextRole::BodyStrong));
  head->addStretch();
  QPushButton* add =
      makeButton(owner + QStringLiteral(".addHeader"), tr("Add header"), ButtonKind::Ghost, QStringLiteral("add"));
  head->addWidget(add);
  column->addLayout(head);
  m_table = new QTableWidget(0, 3);
  m_table->setHorizontalHeaderLabels({tr("Name"), tr("Value"), QString()});
  m_table->verticalHeader()->hide();
  m_table->verticalHeader()->setDefaultSectionSize(28);
  m_table->horizontalHeader()->setHighlightSections(false);
  m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Interactive);
  m_table->horizontalHeader()->setSectionResizeMode(1, QHeaderView::Stretch);
  m_table->horizontalHeader()->setSectionResizeMode(2, QHeaderView::Fixed);
  m_table->setColumnWidth(0, 132);
  m_table->setColumnWidth(2, 32);
  m_table->setShowGrid(false);
  m_table->setTabKeyNavigation(false);  // Tab leads on to the buttons
  nameControl(*m_table, owner + QStringLiteral(".headers"), tr("Headers"), tr("Sent with the request"));
  column->addWidget(m_table);
  fitHeight();
  connect(add, &QPushButton::clicked, this, [this] {
    addHeader({}, {});
    m_table->editItem(m_table->item(m_table->rowCount() - 1, 0));
  });
  connect(m_table, &QTableWidget::cellChanged, this, &HeadersTable::changed);
}

QList<std::pair<QString, QString>> HeadersTable::headers() const {
  QList<std::pair<QString, QString>> result;
  for (int row = 0; row < m_table->rowCount(); ++row) {
    const QString name = m_table->item(row, 0)->text().trimmed();
    if (!name.isEmpty()) result.append({name, m_table->item(row, 1)->text()});
  }
  return result;
}

void HeadersTable::addHeader(const QString& name, const QString& value) {
  const int row = m_table->rowCount();
  {
    const QSignalBlocker blocker(m_table);  // half a row is no header
    m_table->insertRow(row);
    m_table->setItem(row, 0, new QTableWidgetItem(name));
    m_table->setItem(row, 1, new QTableWidgetItem(value));
  }
  static int serial = 0;
  QToolButton* remove = makeToolButton(QStringLiteral("%1.removeHeader%2").arg(m_owner).arg(++serial),
                                       QStringLiteral("close"), tr("Remove this header"));
  remove->setIconSize({16, 16});
  m_table->setCellWidget(row, 2, remove);
  connect(remove, &QToolButton::clicked, this, [this, remove] {
    for (int i = 0; i < m_table->rowCount(); ++i) {
      if (m_table->cellWidget(i, 2) != remove) continue;
      m_table->removeRow(i);
      break;
    }
    fitHeight();
    Q_EMIT changed();
  });
  fitHeight();
  Q_EMIT changed();
}

void HeadersTable::fitHeight() {
  m_table->setVisible(m_table->rowCount() > 0);
  m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height() + 28 * std::min(3, m_table->rowCount()) + 2);
}

}  // namespace layersmith
