#include "ui/catalog/CatalogTable.h"

#include "ui/catalog/CatalogController.h"
#include "ui/catalog/CatalogQuestions.h"
#include "ui/catalog/CatalogRows.h"
#include "ui/dialogs/Parts.h"
#include "ui/theme/Icons.h"
#include "ui/theme/StylePainting.h"

#include <QContextMenuEvent>
#include <QDrag>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QMimeData>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>
#include <iterator>
#include <numeric>

namespace layersmith {

namespace {

constexpr int kNameRoom = 180, kCompactNameRoom = 120;
constexpr int kCompactWhereWidth = 126, kIconWidth = 34;
constexpr int kWidths[] = {kNameRoom, 132, 84, 110, 66, 92, 104, 92};
constexpr int kFirstToGo[] = {CatalogModel::Layers, CatalogModel::Parameters, CatalogModel::TrainedOn,
                              CatalogModel::Score};
constexpr int kKeptRows = 1000;  // a larger selection is given up when views start anew
constexpr int kOpenedUnasked = 10;
constexpr int kRestMs = 150;  // rows that a scroll passes by are not asked for

}  // namespace

CatalogTable::CatalogTable(CatalogController& catalog, const QString& name, bool isCompact, QWidget* parent)
    : QTableView(parent), m_catalog(catalog), m_isCompact(isCompact) {
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
  setTabKeyNavigation(false);         // arrows go from cell to cell, Tab out of the table
  setTextElideMode(Qt::ElideMiddle);  // places and names differ at both ends
  setDragEnabled(true);
  setDragDropMode(DragOnly);
  setVerticalScrollMode(ScrollPerPixel);
  verticalHeader()->hide();
  const int height = std::max(isCompact ? 28 : 32, fontMetrics().height() + 8);
  verticalHeader()->setDefaultSectionSize(height);
  verticalHeader()->setMinimumSectionSize(height);
  m_rows = new CatalogRows(*this, height, !isCompact);
  setItemDelegate(m_rows);
  setIconSize({16, 16});
  auto* header = new CatalogHeader(*this, !isCompact);
  setHorizontalHeader(header);
  connect(this, &CatalogTable::selectionChangedTo, header, &CatalogHeader::refreshTile);
  makeColumns();
  sortByColumn(CatalogModel::Saved, Qt::DescendingOrder);
  connectSelection();
  connectResets();
  connectNames();
  connectFacts();
}

void CatalogTable::makeColumns() {
  QHeaderView* header = horizontalHeader();
  header->setHighlightSections(false);
  header->setSectionResizeMode(QHeaderView::Interactive);
  header->setStretchLastSection(false);
  header->setSectionResizeMode(CatalogModel::Name, QHeaderView::Stretch);
  header->setMinimumSectionSize(48);
  for (int column = 1; column < CatalogModel::ColumnCount; ++column) setColumnWidth(column, kWidths[column]);
  if (!m_isCompact) return;
  for (const int column : kFirstToGo) setColumnHidden(column, true);
  setColumnHidden(CatalogModel::Saved, true);
  setColumnWidth(CatalogModel::Size, 66);
}

/// Names keep their room: in a narrow window what the details tell too gives way, in a narrow dock the words beside
/// icons.
void CatalogTable::fitColumns() {
  if (m_isCompact) {
    const int room = viewport()->width() - kCompactNameRoom - columnWidth(CatalogModel::Size);
    setColumnWidth(CatalogModel::Where, std::clamp(room, kIconWidth, kCompactWhereWidth));
    return;
  }
  int missing = std::accumulate(std::begin(kWidths), std::end(kWidths), -viewport()->width());
  for (const int column : kFirstToGo) {
    setColumnHidden(column, missing > 0);
    if (missing > 0) missing -= kWidths[column];
  }
}

void CatalogTable::resizeEvent(QResizeEvent* event) {
  QTableView::resizeEvent(event);
  fitColumns();
  m_factsTimer.start();
}

void CatalogTable::showEvent(QShowEvent* event) {
  QTableView::showEvent(event);
  m_factsTimer.start();
}

void CatalogTable::connectSelection() {
  connect(this, &QTableView::doubleClicked, this, [this](const QModelIndex& index) {
    Q_EMIT openRequested(index.siblingAtColumn(CatalogModel::Name).data(CatalogModel::UrlRole).toString());
  });
  // Once for many: removing rows one by one changes a selection as often.
  m_selectionTimer.setSingleShot(true);
  m_selectionTimer.setInterval(0);
  connect(&m_selectionTimer, &QTimer::timeout, this, [this] { Q_EMIT selectionChangedTo(selectedCount()); });
  connect(selectionModel(), &QItemSelectionModel::selectionChanged, &m_selectionTimer, qOverload<>(&QTimer::start));
  connect(&m_catalog, &CatalogController::renamed, this, [this](const QString& url, const QString& newUrl) {
    if (const ModelEntry* entry = currentEntry(); entry && entry->url == url) m_awaitedUrl = newUrl;
  });
  connect(&m_filter, &QAbstractItemModel::rowsInserted, this, &CatalogTable::selectAwaited, Qt::QueuedConnection);
  m_headingTimer.setSingleShot(true);
  m_headingTimer.setInterval(0);
  connect(&m_headingTimer, &QTimer::timeout, this, &CatalogTable::placeHeadings);
  for (auto told : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
    connect(&m_filter, told, &m_headingTimer, qOverload<>(&QTimer::start));
  connect(&m_filter, &QAbstractItemModel::layoutChanged, &m_headingTimer, qOverload<>(&QTimer::start));
  connect(&m_filter, &QAbstractItemModel::modelReset, &m_headingTimer, qOverload<>(&QTimer::start));
}

/// When the model starts anew, what was selected is selected again.
void CatalogTable::connectResets() {
  connect(&m_filter, &QAbstractItemModel::modelAboutToBeReset, this, [this] {
    m_keptUrls = selectedCount() <= kKeptRows ? selectedUrls() : QStringList();
    const ModelEntry* current = currentEntry();
    m_keptCurrent = current ? current->url : QString();
  });
  connect(&m_filter, &QAbstractItemModel::modelReset, this, [this] {
    const auto find = [this](const QString& url) {
      return m_filter.mapFromSource(m_catalog.model().index(m_catalog.model().rowOf(url), CatalogModel::Name));
    };
    if (const QModelIndex current = find(m_keptCurrent); current.isValid())
      selectionModel()->setCurrentIndex(current, QItemSelectionModel::NoUpdate);
    QItemSelection selection;
    for (const QString& url : std::as_const(m_keptUrls))
      if (const QModelIndex index = find(url); index.isValid()) selection.select(index, index);
    selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
  });
}

/// Of models on servers, and only what is or was in sight: what others ask for sorts the rows, which asks for no more.
void CatalogTable::connectFacts() {
  m_factsTimer.setSingleShot(true);
  m_factsTimer.setInterval(kRestMs);
  connect(&m_factsTimer, &QTimer::timeout, this, &CatalogTable::wantFacts);
  const auto look = qOverload<>(&QTimer::start);
  connect(verticalScrollBar(), &QScrollBar::valueChanged, &m_factsTimer, look);
  connect(horizontalHeader(), &QHeaderView::sortIndicatorChanged, &m_factsTimer, look);
  for (auto told : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
    connect(&m_filter, told, &m_factsTimer, look);
  connect(&m_filter, &QAbstractItemModel::modelReset, &m_factsTimer, look);
  connect(&m_filter, &QAbstractItemModel::dataChanged, this,
          [this](const QModelIndex&, const QModelIndex&, const QList<int>& roles) {
            if (!roles.contains(Qt::DisplayRole)) m_factsTimer.start();  // a row is another, or its place is back
          });
}

void CatalogTable::wantFacts() {
  const bool isShowing =
      isVisible() && !(isColumnHidden(CatalogModel::TrainedOn) && isColumnHidden(CatalogModel::Score));
  const int first = rowAt(0);
  if (!isShowing || first < 0) return;
  const int below = rowAt(viewport()->height() - 1);
  QStringList urls;
  for (int row = (below < 0 ? m_filter.rowCount() - 1 : below); row >= first; --row)  // the uppermost is read first
    urls << m_filter.index(row, CatalogModel::Name).data(CatalogModel::UrlRole).toString();
  m_catalog.model().wantFacts(urls);
}

/// A renamed model is a new row: it stays the chosen one.
void CatalogTable::selectAwaited() {
  if (m_awaitedUrl.isEmpty()) return;
  const int row = m_catalog.model().rowOf(m_awaitedUrl);
  const QModelIndex index = m_filter.mapFromSource(m_catalog.model().index(row, CatalogModel::Name));
  if (row < 0 || !index.isValid()) return;
  m_awaitedUrl.clear();
  selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
}

int CatalogTable::selectedCount() const {
  int count = 0;
  for (const QItemSelectionRange& range : selectionModel()->selection())
    if (range.left() == 0) count += range.height();
  return count;
}

QStringList CatalogTable::selectedUrls() const {
  QStringList urls;
  for (const QModelIndex& index : selectionModel()->selectedRows(CatalogModel::Name))
    urls << index.data(CatalogModel::UrlRole).toString();
  return urls;
}

std::vector<int> CatalogTable::selectedRows() const {
  std::vector<int> rows;
  for (const QItemSelectionRange& range : selectionModel()->selection())
    for (int row = range.top(); range.left() == 0 && row <= range.bottom(); ++row)
      rows.push_back(m_filter.mapToSource(m_filter.index(row, 0)).row());
  return rows;
}

std::int64_t CatalogTable::selectedBytes() const {
  std::int64_t bytes = 0;
  for (const int row : selectedRows()) bytes += m_catalog.model().entry(row).info.totalBytes();
  return bytes;
}

const ModelEntry* CatalogTable::currentEntry() const {
  const QModelIndex index = m_filter.mapToSource(currentIndex());
  return index.isValid() ? &m_catalog.model().entry(index.row()) : nullptr;
}

void CatalogTable::cut() {
  m_catalog.copyToClipboard(selectedUrls(), true);
}
void CatalogTable::copy() {
  m_catalog.copyToClipboard(selectedUrls(), false);
}
void CatalogTable::paste() {
  m_catalog.paste(m_filter.place());
}
void CatalogTable::del() {
  if (const QStringList urls = selectedUrls(); !urls.isEmpty()) m_catalog.remove(urls);
}
// While the table has the focus its keys are its own, not the document's.
bool CatalogTable::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride) {
    const auto* key = static_cast<QKeyEvent*>(event);
    const bool isOwn = key->key() == Qt::Key_F2 || key->matches(QKeySequence::Delete) ||
                       key->matches(QKeySequence::Cut) || key->matches(QKeySequence::Copy) ||
                       key->matches(QKeySequence::Paste) || key->matches(QKeySequence::SelectAll);
    if (isOwn) event->accept();
  }
  return QTableView::event(event);
}

void CatalogTable::keyPressEvent(QKeyEvent* event) {
  if (state() == EditingState) {
    QTableView::keyPressEvent(event);
  } else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
    openSelected();
  } else if (event->matches(QKeySequence::Delete)) {
    del();
  } else if (event->key() == Qt::Key_F2) {
    renameCurrent();
  } else if (event->matches(QKeySequence::Cut)) {
    cut();
  } else if (event->matches(QKeySequence::Copy)) {
    copy();
  } else if (event->matches(QKeySequence::Paste)) {
    paste();
  } else {
    QTableView::keyPressEvent(event);
  }
}

/// Each gets a tab, so many are asked about.
void CatalogTable::openSelected() {
  const QStringList urls = selectedUrls();
  const auto open = [this, urls] {
    for (const QString& url : urls) Q_EMIT openRequested(url);
  };
  if (urls.size() <= kOpenedUnasked) return open();
  auto* question = new ConfirmDialog(QStringLiteral("openMany"), tr("Open %Ln models?", nullptr, int(urls.size())),
                                     tr("Each gets a tab of its own."), tr("Open"), window());
  connect(question, &QDialog::accepted, this, open);
  question->open();
}

void CatalogTable::contextMenuEvent(QContextMenuEvent* event) {
  const QStringList urls = selectedUrls();
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  const auto add = [&](const char* iconName, const QString& text, QKeySequence keys, auto run) {
    QAction* action = menu->addAction(icon(QLatin1String(iconName)), text, this, run);
    action->setShortcut(keys);
    return action;
  };
  if (!urls.isEmpty()) {
    add("open", tr("Open"), Qt::Key_Return, [this] { openSelected(); });
    add("rename", tr("Rename"), Qt::Key_F2, [this] { renameCurrent(); })->setEnabled(urls.size() == 1);
    add("check", tr("Check"), {}, [this, urls] { m_catalog.check(urls); });
    add("export", tr("Export raw..."), {}, [this, urls] {
      m_catalog.askAndExportRaw(urls.front(), *window());
    })->setEnabled(urls.size() == 1);
    menu->addSeparator();
    add("cut", tr("Cut"), QKeySequence::Cut, [this] { cut(); });
    add("copy", tr("Copy"), QKeySequence::Copy, [this] { copy(); });
  }
  add("paste", tr("Paste"), QKeySequence::Paste, [this] { paste(); });
  if (!urls.isEmpty()) {
    menu->addSeparator();
    add("copy", tr("Copy to..."), {}, [this, urls] { m_catalog.askAndTransfer(urls, false, *window()); });
    add("replace", tr("Move to..."), {}, [this, urls] { m_catalog.askAndTransfer(urls, true, *window()); });
    menu->addSeparator();
    add("delete", tr("Delete"), QKeySequence::Delete, [this, urls] { m_catalog.remove(urls); });
  }
  menu->popup(event->globalPos());
}

// The view's own way would take moved rows out of the model; they go when the stores say so.
void CatalogTable::startDrag(Qt::DropActions) {
  const QStringList urls = selectedUrls();
  if (urls.isEmpty()) return;
  auto* drag = new QDrag(this);
  drag->setMimeData(makeModelMime(urls, false));
  drag->setPixmap(dragPicture(static_cast<int>(urls.size())));
  drag->setHotSpot({-8, -8});
  drag->exec(Qt::CopyAction | Qt::MoveAction, Qt::CopyAction);
}

QPixmap CatalogTable::dragPicture(int count) const {
  const QString text = count == 1 ? currentIndex().siblingAtColumn(CatalogModel::Name).data().toString()
                                  : tr("%Ln model(s)", nullptr, count);
  const QFontMetrics metrics(theme().font(Theme::TextRole::BodyStrong));
  const QSize size(std::min(280, metrics.horizontalAdvance(text) + 48), metrics.height() + 14);
  QPixmap picture(size * devicePixelRatioF());
  picture.setDevicePixelRatio(devicePixelRatioF());
  picture.fill(Qt::transparent);
  QPainter painter(&picture);
  painter.setRenderHint(QPainter::Antialiasing);
  paintBox(&painter, QRectF({0, 0}, size), {theme().color("raised"), theme().color("accent"), 6, 1});
  icon(QStringLiteral("model")).paint(&painter, QRect(10, (size.height() - 16) / 2, 16, 16));
  painter.setFont(theme().font(Theme::TextRole::BodyStrong));
  painter.setPen(theme().color("text"));
  painter.drawText(QRect(34, 0, size.width() - 44, size.height()), Qt::AlignVCenter | Qt::AlignLeft,
                   metrics.elidedText(text, Qt::ElideRight, size.width() - 44));
  return picture;
}

void CatalogTable::setGrouped(bool isGrouped) {
  m_filter.setGrouped(isGrouped);
  placeHeadings();
}

/// The first row of a group is taller by its heading.
void CatalogTable::placeHeadings() {
  if (!m_filter.isGrouped() && !m_hasHeadings) return;
  m_hasHeadings = m_filter.isGrouped();
  const int height = verticalHeader()->defaultSectionSize();
  QString before;
  for (int row = 0; row < m_filter.rowCount(); ++row) {
    int wanted = height;
    if (m_filter.isGrouped()) {
      const QString place = m_filter.index(row, 0).data(CatalogModel::PlaceRole).toString();
      if (place != before) wanted += height;
      before = place;
    }
    if (rowHeight(row) != wanted) setRowHeight(row, wanted);
  }
  viewport()->update();
}

void CatalogTable::paintEvent(QPaintEvent* event) {
  QTableView::paintEvent(event);
  QPainter painter(viewport());
  if (m_filter.isGrouped()) m_rows->paintHeadings(painter);
  m_rows->paintFocus(painter);
}

// A tile adds its row to the selection or takes it away, whatever keys are held.
void CatalogTable::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || !m_rows->isOnTile(event->pos())) {
    QTableView::mousePressEvent(event);
    return;
  }
  selectionModel()->setCurrentIndex(indexAt(event->pos()), QItemSelectionModel::Toggle | QItemSelectionModel::Rows);
}

// The focus is around whole rows, which the view does not know of.
void CatalogTable::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
  QTableView::currentChanged(current, previous);
  viewport()->update();
}

}  // namespace layersmith
