#pragma once

#include <QHeaderView>
#include <QStyledItemDelegate>

class QTableView;

namespace layersmith {

/// What the catalog's table paints beside texts: a hairline under each row, a check tile before the name, the focus
/// around the whole row, and the heading above the first row of a group.
class CatalogRows : public QStyledItemDelegate {
  Q_OBJECT

 public:
  /// `height` of a row without heading; without tiles the name begins at the left.
  CatalogRows(QTableView& table, int height, bool hasTiles);

  bool isOnTile(const QPoint& position) const;  ///< in the viewport
  void paintFocus(QPainter& painter) const;
  void paintHeadings(QPainter& painter) const;

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  void updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const override;

 protected:
  void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override;

 private:
  QRect rowRect(QRect rect) const;

  QTableView& m_table;
  int m_height;
  int m_indent;
};

/// The header over it: a tile that selects all or nothing stands before "Name".
class CatalogHeader : public QHeaderView {
  Q_OBJECT

 public:
  CatalogHeader(QTableView& table, bool hasTile);

  void refreshTile();

 protected:
  void paintSection(QPainter* painter, const QRect& rect, int logicalIndex) const override;
  void mousePressEvent(QMouseEvent* event) override;

 private:
  QTableView& m_table;
  bool m_hasTile;
};

}  // namespace layersmith
