#pragma once

#include "ui/catalog/TrashModel.h"

#include <QWidget>

class QPushButton;
class QStackedWidget;
class QTableView;

namespace layersmith {

class CatalogController;

/// What was deleted: restore some of it, or empty the Trash, which asks first because nothing brings that back.
class TrashView : public QWidget {
  Q_OBJECT

 public:
  explicit TrashView(CatalogController& catalog, QWidget* parent = nullptr);

 private:
  void refresh();
  void askToEmpty();

  CatalogController& m_catalog;
  TrashModel m_model;
  QStackedWidget* m_pages = nullptr;  ///< table, empty state
  QTableView* m_table = nullptr;
  QPushButton* m_restore = nullptr;
  QPushButton* m_empty = nullptr;
};

}  // namespace layersmith
