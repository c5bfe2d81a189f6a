#pragma once

#include "ui/catalog/CatalogModel.h"

#include <QTableView>

namespace layersmith {

class CatalogController;

/// The table of models, filtered and sorted. Enter opens, F2 renames, Delete moves to Trash.
class CatalogTable : public QTableView {
  Q_OBJECT

 public:
  CatalogTable(CatalogController& catalog, const QString& name, bool isCompact, QWidget* parent = nullptr);

  CatalogFilter& filter() { return m_filter; }
  QStringList selectedUrls() const;
  const ModelEntry* currentEntry() const;  ///< null: none

 Q_SIGNALS:
  void openRequested(const QString& url);
  void selectionChangedTo(int count);

 protected:
  bool event(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;

 private:
  void makeColumns(bool isCompact);

  CatalogController& m_catalog;
  CatalogFilter m_filter;
};

}  // namespace layersmith
