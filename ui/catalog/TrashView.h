#pragma once

#include "ui/catalog/TrashModel.h"

#include <QWidget>

class QHBoxLayout;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace layersmith {

class CatalogController;

/// What was deleted: restore some of it, delete some for good, or empty the Trash; the latter two ask first, because
/// nothing brings that back. The list has the focus, not a button that ends something.
class TrashView : public QWidget {
  Q_OBJECT

 public:
  explicit TrashView(CatalogController& catalog, QWidget* parent = nullptr);

 protected:
  void showEvent(QShowEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void makeButtons(QHBoxLayout& row);
  void makeTable();
  void refresh();
  void refreshButtons();
  void restore();
  void askToPurge();
  void askToEmpty();
  void showMenu(const QPoint& position);
  QStringList selectedIds() const;

  CatalogController& m_catalog;
  TrashModel m_model;
  QStackedWidget* m_pages = nullptr;  ///< table, empty state
  QTableView* m_table = nullptr;
  QPushButton* m_restore = nullptr;
  QPushButton* m_purge = nullptr;
  QPushButton* m_empty = nullptr;
};

}  // namespace layersmith
