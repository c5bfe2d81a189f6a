#pragma once

#include <QHeaderView>
#include <QStyledItemDelegate>

#include <functional>

class QTableView;

namespace layersmith {

/// What the catalog's table paints beside texts: a hairline under each row, a check tile before the name, the focus
/// around the whole row, and the heading above the first row of a group.
class CatalogRows : public QStyledItemDelegate {
  Q_OBJECT

 public:
  /// `height` of a row without heading; without tiles the name begins at the left.
  CatalogRows(QTableView& table, int height, bool hasTiles);

  /// Why a model cannot have a name; empty: it can. Return then leaves the field open.
  void setNameCheck(std::function<QString(const QModelIndex&, const QString&)> check) {
    m_checkName = std::move(check);
  }

  bool isOnTile(const QPoint& position) const;  ///< in the viewport
  void paintFocus(QPainter& painter) const;
  void paintHeadings(QPainter& painter) const;

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  void updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const override;
  void setEditorData(QWidget* editor, const QModelIndex& index) const override;
  void setModelData(QWidget* editor, QAbstractItemModel* model, const QModelIndex& index) const override;

 Q_SIGNALS:
  void nameGiven(const QModelIndex& index, const QString& name) const;  ///< and the model was asked to take it
  void nameRefused(const QModelIndex& index, const QString& name, const QString& problem) const;  ///< the field closes

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override;

 private:
  QRect rowRect(QRect rect) const;

  QTableView& m_table;
  std::function<QString(const QModelIndex&, const QString&)> m_checkName;
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
