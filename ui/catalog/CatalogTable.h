#pragma once

#include "ui/catalog/CatalogFilter.h"
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
  int selectedCount() const;
  QStringList selectedUrls() const;
  std::vector<int> selectedRows() const;  ///< of the catalog's model
  std::int64_t selectedBytes() const;
  const ModelEntry* currentEntry() const;  ///< null: none
  bool hasOwnEdits() const { return true; }
  void setGrouped(bool isGrouped);

 public Q_SLOTS:
  void cut();
  void copy();
  void paste();
  void del();
  void openSelected();

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
  void showEvent(QShowEvent* event) override;
  void closeEditor(QWidget* editor, QAbstractItemDelegate::EndEditHint hint) override;

 private:
  void makeColumns();
  void fitColumns();
  void connectSelection();
  void connectResets();
  void connectNames();
  void connectFacts();
  void wantFacts();
  void renameCurrent();
  void retypeName(const QString& url, const QString& name, const QString& reason);
  QString nameProblem(const QModelIndex& index, const QString& typed) const;
  void placeHeadings();
  void selectAwaited();
  QPixmap dragPicture(int count) const;

  CatalogController& m_catalog;
  CatalogFilter m_filter;
  CatalogRows* m_rows = nullptr;
  bool m_isCompact;
  QTimer m_selectionTimer, m_headingTimer, m_factsTimer;
  bool m_hasHeadings = false;
  QStringList m_keptUrls;  ///< selected before a reset
  QString m_awaitedUrl;    ///< the new name of the row that was renamed
  QString m_keptCurrent;
  struct Typed {
    QString url, name;
  };
  Typed m_typed;  ///< a new name that the model does not have yet: what Rename begins with
};

}  // namespace layersmith
