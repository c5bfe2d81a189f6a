#pragma once

#include "ui/catalog/CatalogModel.h"

#include <QTableView>
#include <QTimer>

namespace layersmith {

class CatalogController;
class CatalogRows;

/// The table of models, filtered and sorted. Enter opens, F2 renames, Delete moves to Trash; rows are dragged onto
/// places. While it has the focus Cut, Copy, Paste, Delete, Select All and Undo of the Edit menu are its own.
class CatalogTable : public QTableView {
  Q_OBJECT
  Q_PROPERTY(bool ownEdits READ hasOwnEdits CONSTANT)

 public:
  CatalogTable(CatalogController& catalog, const QString& name, bool isCompact, QWidget* parent = nullptr);

  CatalogFilter& filter() { return m_filter; }
  QStringList selectedUrls() const;
  std::int64_t selectedBytes() const;
  const ModelEntry* currentEntry() const;  ///< null: none
  bool hasOwnEdits() const { return true; }
  void setGrouped(bool isGrouped);

 public Q_SLOTS:
  void cut();
  void copy();
  void paste();
  void del();

 Q_SIGNALS:
  void openRequested(const QString& url);
  void selectionChangedTo(int count);

 protected:
  bool event(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  void startDrag(Qt::DropActions supportedActions) override;
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void makeColumns();
  void fitColumns();
  void connectSelection();
  void renameCurrent();
  void placeHeadings();
  void selectAwaited();
  int selectedCount() const;
  QPixmap dragPicture(int count) const;

  CatalogController& m_catalog;
  CatalogFilter m_filter;
  CatalogRows* m_rows = nullptr;
  bool m_isCompact;
  QTimer m_selectionTimer, m_headingTimer;
  bool m_hasHeadings = false;
  QStringList m_keptUrls;  ///< selected before a reset
  QString m_awaitedUrl;    ///< the new name of the row that was renamed
  QString m_keptCurrent;
};

}  // namespace layersmith
