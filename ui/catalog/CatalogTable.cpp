#include "ui/catalog/CatalogTable.h"

#include "ui/catalog/CatalogController.h"
#include "ui/dialogs/Parts.h"
#include "ui/theme/Icons.h"

#include <QContextMenuEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>

namespace layersmith {

CatalogTable::CatalogTable(CatalogController& catalog, const QString& name, bool isCompact, QWidget* parent)
    : QTableView(parent), m_catalog(catalog) {
  nameControl(*this, name, tr("Saved models"));
  setToolTip({});
  m_filter.setSourceModel(&catalog.model());
  setModel(&m_filter);
  setShowGrid(false);
  setFrameShape(QFrame::NoFrame);
  setSelectionBehavior(SelectRows);
  setSelectionMode(ExtendedSelection);
  setEditTriggers(EditKeyPressed);
  setSortingEnabled(true);
  setWordWrap(false);
  verticalHeader()->hide();
  verticalHeader()->setDefaultSectionSize(std::max(isCompact ? 28 : 32, fontMetrics().height() + 8));
  makeColumns(isCompact);
  sortByColumn(CatalogModel::Saved, Qt::DescendingOrder);
  connect(this, &QTableView::doubleClicked, this, [this](const QModelIndex& index) {
    Q_EMIT openRequested(index.siblingAtColumn(CatalogModel::Name).data(CatalogModel::UrlRole).toString());
  });
  connect(selectionModel(), &QItemSelectionModel::selectionChanged, this,
          [this] { Q_EMIT selectionChangedTo(static_cast<int>(selectionModel()->selectedRows().size())); });
}

void CatalogTable::makeColumns(bool isCompact) {
  QHeaderView* header = horizontalHeader();
  header->setHighlightSections(false);
  header->setSectionResizeMode(QHeaderView::Interactive);
  header->setStretchLastSection(false);
  header->setSectionResizeMode(CatalogModel::Name, QHeaderView::Stretch);
  const int widths[] = {160, 150, 84, 120, 74, 90};
  for (int column = 1; column < CatalogModel::ColumnCount; ++column) setColumnWidth(column, widths[column]);
  if (!isCompact) return;
  for (int column : {CatalogModel::Saved, CatalogModel::Layers, CatalogModel::Parameters})
    setColumnHidden(column, true);
  setColumnWidth(CatalogModel::Where, 112);
  setColumnWidth(CatalogModel::Size, 72);
}

QStringList CatalogTable::selectedUrls() const {
  QStringList urls;
  for (const QModelIndex& index : selectionModel()->selectedRows(CatalogModel::Name))
    urls << index.data(CatalogModel::UrlRole).toString();
  return urls;
}

const ModelEntry* CatalogTable::currentEntry() const {
  const QModelIndex index = m_filter.mapToSource(currentIndex());
  return index.isValid() ? &m_catalog.model().entry(index.row()) : nullptr;
}

// While the table has the focus its keys are its own, not the document's.
bool CatalogTable::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Delete || key == Qt::Key_F2) event->accept();
  }
  return QTableView::event(event);
}

void CatalogTable::keyPressEvent(QKeyEvent* event) {
  const bool isEditing = state() == EditingState;
  if (!isEditing && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)) {
    for (const QString& url : selectedUrls()) Q_EMIT openRequested(url);
  } else if (!isEditing && event->key() == Qt::Key_Delete) {
    if (!selectedUrls().isEmpty()) m_catalog.remove(selectedUrls());
  } else if (!isEditing && event->key() == Qt::Key_F2) {
    edit(currentIndex().siblingAtColumn(CatalogModel::Name));
  } else {
    QTableView::keyPressEvent(event);
  }
}

void CatalogTable::contextMenuEvent(QContextMenuEvent* event) {
  const QStringList urls = selectedUrls();
  if (urls.isEmpty()) return;
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->addAction(icon(QStringLiteral("open")), tr("Open"), this, [this, urls] {
    for (const QString& url : urls) Q_EMIT openRequested(url);
  });
  QAction* rename = menu->addAction(icon(QStringLiteral("rename")), tr("Rename"), this,
                                    [this] { edit(currentIndex().siblingAtColumn(CatalogModel::Name)); });
  rename->setEnabled(urls.size() == 1);
  menu->addAction(icon(QStringLiteral("copy")), tr("Copy to..."), this,
                  [this, urls] { m_catalog.askAndTransfer(urls, false, *window()); });
  menu->addAction(icon(QStringLiteral("replace")), tr("Move to..."), this,
                  [this, urls] { m_catalog.askAndTransfer(urls, true, *window()); });
  menu->addSeparator();
  menu->addAction(icon(QStringLiteral("delete")), tr("Delete"), this, [this, urls] { m_catalog.remove(urls); });
  menu->popup(event->globalPos());
}

}  // namespace layersmith
