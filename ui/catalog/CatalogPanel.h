#pragma once

#include "ui/catalog/CatalogController.h"

#include <QWidget>

class QPushButton;
class QStackedWidget;

namespace layersmith {

class CatalogDetails;
class CatalogTable;
class EmptyState;
class PlacesList;
class QuotaBar;
class SearchField;
class TextLabel;

/// The catalog, as a dock (search and table) or as the whole Catalog layout (places, table, details, Trash).
class CatalogPanel : public QWidget {
  Q_OBJECT

 public:
  enum class Size { Dock, Page };

  CatalogPanel(CatalogController& catalog, StoreWorker& stores, Settings& settings, Size size,
               QWidget* parent = nullptr);

  CatalogTable& table() { return *m_table; }
  void setCurrentName(const QString& name);  ///< of the document in front, for "Save NAME here"

 Q_SIGNALS:
  void openRequested(const QString& url);
  void saveRequested();

 private:
  QWidget* makeTablePage(Size size);
  QWidget* makeSearchRow(Size size);
  QWidget* makeSelectionRow();
  QWidget* makeQuotaRow();
  void makeSides(StoreWorker& stores, Settings& settings, QWidget* middle);
  void addFolder(Settings& settings);
  void choosePlace(const QString& place);
  void refresh();
  void showSelection(int count);

  CatalogController& m_catalog;
  Size m_size;
  QString m_prefix;
  SearchField* m_search = nullptr;
  CatalogTable* m_table = nullptr;
  QStackedWidget* m_pages = nullptr;   ///< table, empty state
  QStackedWidget* m_middle = nullptr;  ///< models, Trash (page only)
  EmptyState* m_empty = nullptr;
  QWidget* m_selectionRow = nullptr;
  TextLabel* m_selectionText = nullptr;
  TextLabel* m_selectionBytes = nullptr;
  TextLabel* m_usage = nullptr;
  QuotaBar* m_quota = nullptr;
  CatalogDetails* m_details = nullptr;
};

}  // namespace layersmith
