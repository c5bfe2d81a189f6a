#include "ui/catalog/CatalogRows.h"

#include "ui/catalog/CatalogModel.h"
#include "ui/theme/Theme.h"
#include "ui/widgets/NameEditor.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPersistentModelIndex>
#include <QTableView>

#include <algorithm>

namespace layersmith {

namespace {

constexpr int kEdge = 12;  // of the panel
constexpr int kTile = 16;
constexpr int kTileRoom = 36;  // from the left edge to the icon

void paintTile(QPainter* painter, const QWidget& widget, const QRect& row, QStyle::State state) {
  QStyleOptionButton option;
  option.initFrom(&widget);
  option.state = QStyle::State_Enabled | state;
  option.rect = QRect(row.left() + kEdge, row.top() + (row.height() - kTile) / 2, kTile, kTile);
  widget.style()->drawPrimitive(QStyle::PE_IndicatorCheckBox, &option, painter, &widget);
}

}  // namespace

CatalogRows::CatalogRows(QTableView& table, int height, bool hasTiles)
    : QStyledItemDelegate(&table), m_table(table), m_height(height), m_indent(hasTiles ? kTileRoom - 6 : kEdge - 6) {}

QRect CatalogRows::rowRect(QRect rect) const {
  rect.setTop(rect.bottom() - m_height + 1);
  return rect;
}

bool CatalogRows::isOnTile(const QPoint& position) const {
  const QModelIndex index = m_table.indexAt(position);
  if (m_indent < kTileRoom - 6 || index.column() != CatalogModel::Name) return false;
  const QRect row = rowRect(m_table.visualRect(index));
  return row.contains(position) && position.x() < row.left() + kTileRoom - 4;
}

// The focus is around the row, not around a cell of it.
void CatalogRows::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const {
  QStyledItemDelegate::initStyleOption(option, index);
  option->state &= ~QStyle::State_HasFocus;
  if (index.data(CatalogModel::DimmedRole).toBool())
    option->palette.setColor(QPalette::HighlightedText, theme().color("text3"));
}

void CatalogRows::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  QStyleOptionViewItem cell = option;
  cell.rect = rowRect(option.rect);
  const bool isSelected = option.state & QStyle::State_Selected;
  if (index.column() == CatalogModel::Name) {
    const char* fill = !isSelected ? "panel" : option.state & QStyle::State_Active ? "selection" : "selectionInactive";
    painter->fillRect(cell.rect, theme().color(fill));
    if (m_indent >= kTileRoom - 6)
      paintTile(painter, m_table, cell.rect, isSelected ? QStyle::State_On : QStyle::State_Off);
    cell.rect.adjust(m_indent, 0, 0, 0);
  }
  QStyledItemDelegate::paint(painter, cell, index);
  painter->fillRect(QRect(option.rect.left(), cell.rect.bottom(), option.rect.width(), 1), theme().color("line"));
}

/// With a frame and its own ground, or the old name shines through.
QWidget* CatalogRows::createEditor(QWidget* parent, const QStyleOptionViewItem&, const QModelIndex& index) const {
  auto* editor = new NameEditor(m_table.objectName() + QStringLiteral(".name"), parent);
  if (m_checkName)
    editor->setCheck([this, at = QPersistentModelIndex(index)](const QString& name) { return m_checkName(at, name); });
  return editor;
}

/// A row may change while one types its new name.
void CatalogRows::setEditorData(QWidget* editor, const QModelIndex& index) const {
  const auto* field = qobject_cast<NameEditor*>(editor);
  if (!field || !field->isTouched()) QStyledItemDelegate::setEditorData(editor, index);
}

void CatalogRows::setModelData(QWidget* editor, QAbstractItemModel* model, const QModelIndex& index) const {
  const auto* field = qobject_cast<NameEditor*>(editor);
  const QString problem = field ? field->problem() : QString();
  if (!problem.isEmpty()) {
    Q_EMIT nameRefused(index, field->text(), problem);
    return;
  }
  if (field) Q_EMIT nameGiven(index, field->text());
  QStyledItemDelegate::setModelData(editor, model, index);
}

bool CatalogRows::eventFilter(QObject* watched, QEvent* event) {
  auto* field = qobject_cast<NameEditor*>(watched);
  if (field && event->type() == QEvent::KeyPress) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    const bool isEnd = key == Qt::Key_Return || key == Qt::Key_Enter || key == Qt::Key_Tab || key == Qt::Key_Backtab;
    if (isEnd && !field->problem().isEmpty()) {
      field->tellProblem();
      return true;
    }
  }
  return QStyledItemDelegate::eventFilter(watched, event);
}

void CatalogRows::updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option, const QModelIndex&) const {
  editor->setGeometry(rowRect(option.rect).adjusted(m_indent + 26, 2, -2, -2));
}

/// From edge to edge, whichever column is the current one and whether or not it is shown.
void CatalogRows::paintFocus(QPainter& painter) const {
  const QModelIndex current = m_table.currentIndex();
  if (!m_table.hasFocus() || !current.isValid()) return;
  const QRect name = rowRect(m_table.visualRect(current.siblingAtColumn(CatalogModel::Name)));
  const int width = std::min(m_table.horizontalHeader()->length(), m_table.viewport()->width());
  const QRect row(0, name.top(), width, name.height());
  const QColor color = theme().color("focus");
  painter.fillRect(row.left(), row.top(), row.width(), 1, color);
  painter.fillRect(row.left(), row.bottom(), row.width(), 1, color);
  painter.fillRect(row.left(), row.top(), 1, row.height(), color);
  painter.fillRect(row.right(), row.top(), 1, row.height(), color);
}

void CatalogRows::paintHeadings(QPainter& painter) const {
  const QAbstractItemModel& model = *m_table.model();
  const QRect view = m_table.viewport()->rect();
  for (int row = std::max(0, m_table.rowAt(0)); row < model.rowCount(); ++row) {
    const int top = m_table.rowViewportPosition(row);
    if (top > view.bottom()) break;
    if (m_table.rowHeight(row) == m_height) continue;
    const QRect band(0, top, view.width(), m_height);
    painter.fillRect(band, theme().color("panel"));
    painter.fillRect(QRect(0, band.bottom(), band.width(), 1), theme().color("line"));
    painter.setFont(theme().font(Theme::TextRole::BodyStrong));
    painter.setPen(theme().color("text"));
    painter.drawText(band.adjusted(kEdge, 4, -kEdge, 0), Qt::AlignVCenter | Qt::AlignLeft,
                     model.index(row, CatalogModel::Where).data().toString());
  }
}

CatalogHeader::CatalogHeader(QTableView& table, bool hasTile)
    : QHeaderView(Qt::Horizontal, &table), m_table(table), m_hasTile(hasTile) {
  setSectionsClickable(true);
  setHighlightSections(false);
}

void CatalogHeader::refreshTile() {
  updateSection(CatalogModel::Name);
}

void CatalogHeader::paintSection(QPainter* painter, const QRect& rect, int logicalIndex) const {
  if (logicalIndex != CatalogModel::Name) {
    QHeaderView::paintSection(painter, rect, logicalIndex);
    return;
  }
  QStyleOption empty;
  empty.initFrom(this);
  empty.rect = rect;
  style()->drawControl(QStyle::CE_HeaderEmptyArea, &empty, painter, this);
  if (m_hasTile) {
    int rows = 0;
    for (const QItemSelectionRange& range : m_table.selectionModel()->selection())
      if (range.left() == 0) rows += range.height();
    const bool hasAll = rows > 0 && rows == m_table.model()->rowCount();
    paintTile(painter, *this, rect, hasAll ? QStyle::State_On : rows > 0 ? QStyle::State_NoChange : QStyle::State_Off);
  }
  QHeaderView::paintSection(painter, rect.adjusted((m_hasTile ? kTileRoom : kEdge) - 6, 0, 0, 0), logicalIndex);
}

void CatalogHeader::mousePressEvent(QMouseEvent* event) {
  const int left = sectionViewportPosition(CatalogModel::Name);
  const int x = event->pos().x();
  if (!m_hasTile || event->button() != Qt::LeftButton || x < left || x > left + kTileRoom - 4) {
    QHeaderView::mousePressEvent(event);
    return;
  }
  if (m_table.selectionModel()->hasSelection())
    m_table.clearSelection();
  else
    m_table.selectAll();
}

}  // namespace layersmith
