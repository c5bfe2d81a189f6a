#include "ui/catalog/TrashView.h"

#include "ui/catalog/CatalogController.h"
#include "ui/catalog/CatalogQuestions.h"
#include "ui/catalog/CatalogRows.h"
#include "ui/dialogs/Parts.h"
#include "ui/theme/Icons.h"
#include "ui/widgets/EmptyState.h"
#include "ui/widgets/SizeText.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <numeric>

namespace layersmith {

namespace {

constexpr int kRowHeight = 32, kWhereWidth = 220, kSizeWidth = 84, kDeletedWidth = 150;

/// Rows and header as the catalog's own.
class TrashTable : public QTableView {
 public:
  TrashTable() : m_rows(*this, kRowHeight, false) {
    setItemDelegate(&m_rows);
    setHorizontalHeader(new CatalogHeader(*this, false));
  }

 protected:
  void paintEvent(QPaintEvent* event) override {
    QTableView::paintEvent(event);
    QPainter painter(viewport());
    m_rows.paintFocus(painter);
  }

  // The focus is around whole rows, which the view does not know of.
  void currentChanged(const QModelIndex& current, const QModelIndex& previous) override {
    QTableView::currentChanged(current, previous);
    viewport()->update();
  }

 private:
  CatalogRows m_rows;
};

std::int64_t bytesOf(const TrashModel& model, const QStringList& ids) {
  return std::accumulate(ids.begin(), ids.end(), std::int64_t(0), [&](std::int64_t sum, const QString& id) {
    const int row = model.rowOf(id);
    return row < 0 ? sum : sum + model.entry(row).bytes;
  });
}

}  // namespace

TrashView::TrashView(CatalogController& catalog, QWidget* parent) : QWidget(parent), m_catalog(catalog) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  auto* bar = new Surface("panel", Qt::BottomEdge);
  bar->setFixedHeight(48);
  auto* row = new QHBoxLayout(bar);
  row->setContentsMargins(12, 0, 12, 1);
  row->setSpacing(8);
  auto* words = new ElidedLabel(tr("Kept for 30 days or until emptied."), Theme::TextRole::Label, "text2");
  row->addWidget(new TextLabel(tr("Trash"), Theme::TextRole::BodyStrong));
  row->addWidget(words, 1);
  makeButtons(*row);
  makeTable();
  column->addWidget(bar);
  m_pages = new QStackedWidget;
  m_pages->addWidget(m_table);
  m_pages->addWidget(
      new EmptyState(QStringLiteral("delete"), tr("The Trash is empty"), tr("Deleted models stay here for 30 days.")));
  column->addWidget(m_pages, 1);
  setFocusProxy(m_table);
  connect(&m_catalog, &CatalogController::changed, this, &TrashView::refresh);
  refresh();
}

/// The list comes first, then what can be done with it: an order that is lost where the view gets its place.
void TrashView::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  setTabOrder(m_table, m_restore);
  setTabOrder(m_restore, m_purge);
  setTabOrder(m_purge, m_empty);
}

void TrashView::makeButtons(QHBoxLayout& row) {
  m_restore = makeButton(QStringLiteral("trash.restore"), tr("Restore"), ButtonKind::Default, QStringLiteral("undo"));
  m_purge = makeButton(QStringLiteral("trash.purge"), tr("Delete for good..."));
  m_empty =
      makeButton(QStringLiteral("trash.empty"), tr("Empty Trash..."), ButtonKind::Default, QStringLiteral("delete"));
  for (QPushButton* button : {m_restore, m_purge, m_empty}) row.addWidget(button);
  connect(m_restore, &QPushButton::clicked, this, &TrashView::restore);
  connect(m_purge, &QPushButton::clicked, this, &TrashView::askToPurge);
  connect(m_empty, &QPushButton::clicked, this, &TrashView::askToEmpty);
}

void TrashView::makeTable() {
  m_table = new TrashTable;
  m_table->setModel(&m_model);
  m_table->setShowGrid(false);
  m_table->setFrameShape(QFrame::NoFrame);
  m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
  m_table->setWordWrap(false);
  m_table->setTextElideMode(Qt::ElideMiddle);
  m_table->setTabKeyNavigation(false);
  m_table->verticalHeader()->hide();
  m_table->verticalHeader()->setDefaultSectionSize(kRowHeight);
  m_table->horizontalHeader()->setSectionResizeMode(TrashModel::Name, QHeaderView::Stretch);
  m_table->setColumnWidth(TrashModel::Where, kWhereWidth);
  m_table->setColumnWidth(TrashModel::Size, kSizeWidth);
  m_table->setColumnWidth(TrashModel::Deleted, kDeletedWidth);
  nameControl(*m_table, QStringLiteral("trash.table"), tr("Deleted models"));
  m_table->setToolTip({});
  m_table->setContextMenuPolicy(Qt::CustomContextMenu);
  m_table->installEventFilter(this);
  connect(m_table, &QWidget::customContextMenuRequested, this, &TrashView::showMenu);
  connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &TrashView::refreshButtons);
}

/// While the list has the focus Delete is its own, not the document's.
bool TrashView::eventFilter(QObject* watched, QEvent* event) {
  const bool isKey = event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride;
  if (watched != m_table || !isKey || !static_cast<QKeyEvent*>(event)->matches(QKeySequence::Delete))
    return QWidget::eventFilter(watched, event);
  event->accept();
  if (event->type() == QEvent::KeyPress) askToPurge();
  return true;
}

QStringList TrashView::selectedIds() const {
  QStringList ids;
  for (const QModelIndex& index : m_table->selectionModel()->selectedRows())
    ids << index.data(TrashModel::kIdRole).toString();
  return ids;
}

/// What is still there stays selected; where all of it went, the row in its place is next.
void TrashView::refresh() {
  const QStringList selected = selectedIds();
  const int current = m_table->currentIndex().row();
  const QWidget* focused = isAncestorOf(QApplication::focusWidget()) ? QApplication::focusWidget() : nullptr;
  m_model.setEntries(m_catalog.trash());
  const int count = m_model.rowCount();
  if (selectedIds() != selected && count > 0) {  // the list began anew
    QItemSelection again;
    for (const QString& id : selected)
      if (const int row = m_model.rowOf(id); row >= 0) again.select(m_model.index(row, 0), m_model.index(row, 0));
    const int next = again.isEmpty() ? std::clamp(current, 0, count - 1) : again.front().top();
    m_table->setCurrentIndex(m_model.index(next, TrashModel::Name));
    if (!again.isEmpty())
      m_table->selectionModel()->select(again, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
  }
  m_pages->setCurrentIndex(count > 0 ? 0 : 1);
  refreshButtons();
  if (focused && QApplication::focusWidget() != focused) m_table->setFocus();  // a button that is of no use any more
}

void TrashView::refreshButtons() {
  const bool hasSelection = m_table->selectionModel()->hasSelection();
  m_restore->setEnabled(hasSelection);
  m_purge->setEnabled(hasSelection);
  m_empty->setEnabled(m_model.rowCount() > 0);
}

void TrashView::restore() {
  const QStringList ids = selectedIds();
  m_table->setFocus();  // else a button that is no longer of use hands it on to the next
  if (!ids.isEmpty()) m_catalog.restore(ids);
}

void TrashView::askToPurge() {
  const QStringList ids = selectedIds();
  if (ids.isEmpty()) return;
  m_table->setFocus();
  const QString title = ids.size() == 1 ? tr("Delete %1 for good?").arg(m_model.entry(m_model.rowOf(ids.front())).name)
                                        : tr("Delete %Ln model(s) for good?", nullptr, static_cast<int>(ids.size()));
  auto* question =
      new ConfirmDialog(QStringLiteral("purge"), title,
                        tr("It frees %1. There is no way back after that.").arg(sizeText(bytesOf(m_model, ids))),
                        tr("Delete for good"), window());
  connect(question, &QDialog::accepted, this, [this, ids] { m_catalog.purge(ids); });
  question->open();
}

void TrashView::askToEmpty() {
  m_table->setFocus();
  std::int64_t bytes = 0;
  QStringList ids;
  for (int row = 0; row < m_model.rowCount(); ++row) {
    bytes += m_model.entry(row).bytes;
    ids << m_model.entry(row).id;
  }
  auto* question = new ConfirmDialog(
      QStringLiteral("emptyTrash"), tr("Delete %Ln model(s) for good?", nullptr, m_model.rowCount()),
      tr("It frees %1. There is no way back after that.").arg(sizeText(bytes)), tr("Empty Trash"), window());
  connect(question, &QDialog::accepted, this, [this, ids] { m_catalog.emptyTrash(ids); });
  question->open();
}

void TrashView::showMenu(const QPoint& position) {
  if (selectedIds().isEmpty()) return;
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->addAction(icon(QStringLiteral("undo")), tr("Restore"), this, &TrashView::restore);
  menu->addSeparator();
  menu->addAction(icon(QStringLiteral("delete")), tr("Delete for good..."), this, &TrashView::askToPurge)
      ->setShortcut(QKeySequence::Delete);
  menu->popup(m_table->viewport()->mapToGlobal(position));
}

}  // namespace layersmith
