#pragma once

#include "ui/catalog/CatalogController.h"

#include <QWidget>

class QPushButton;
class QStackedWidget;
class QToolButton;

namespace layersmith {

class BusyStrip;
class CatalogDetails;
class CatalogSelectionBar;
class CatalogTable;
class EmptyState;
class PlacesList;
class QuotaBar;
class SearchField;
class TextLabel;
class TrashView;

/// The catalog, as a dock (search and table) or as the whole Catalog layout (places, table, details, Trash).
class CatalogPanel : public QWidget {
  Q_OBJECT

 public:
  enum class Size { Dock, Page };

  CatalogPanel(CatalogController& catalog, Size size, QWidget* parent = nullptr);

  CatalogTable& table() { return *m_table; }
  PlacesList* places() { return m_places; }  ///< null in the dock
  void setCurrentName(const QString& name);  ///< of the document in front, for "Save NAME here"

 Q_SIGNALS:
  void openRequested(const QString& url);
  void saveRequested(const QString& place);  ///< the one shown; empty: all are

 private:
  enum class Empty { None, NoModels, NoMatch, NoModelsHere, NotReachable };

  QWidget* makeTablePage(Size size);
  QWidget* makeSearchRow(Size size);
  QWidget* makeSelectionBar();
  QWidget* makeQuotaRow();
  QToolButton* makePlaceChoice();
  QPushButton* makeGrouping();
  void makeSides(QWidget* middle);
  void showMiddle(bool isTrash);
  void choosePlace(const QString& place);
  void showLargest(const QString& place);
  void showDetails();
  void refresh();
  void refreshEmpty();
  Empty emptiness() const;
  void actOnEmpty();
  void refreshQuota();

  CatalogController& m_catalog;
  QString m_prefix;
  QString m_currentName;
  Empty m_emptiness = Empty::None;
  bool m_isReading = false;
  SearchField* m_search = nullptr;
  BusyStrip* m_busy = nullptr;
  CatalogTable* m_table = nullptr;
  QStackedWidget* m_pages = nullptr;   ///< table, empty state
  QStackedWidget* m_middle = nullptr;  ///< models, Trash (page only)
  TrashView* m_trash = nullptr;
  EmptyState* m_empty = nullptr;
  PlacesList* m_places = nullptr;
  QToolButton* m_placeChoice = nullptr;  ///< dock only
  TextLabel* m_usage = nullptr;
  QuotaBar* m_quota = nullptr;
  CatalogDetails* m_details = nullptr;
};

}  // namespace layersmith
