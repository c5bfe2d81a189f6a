#pragma once

#include <QWidget>

class QListWidgetItem;

namespace layersmith {

class CatalogController;
struct CatalogPlace;
class PlacesView;

/// The left side of the catalog: all models, folders, browser stores with their quota, servers, Trash; each with its
/// count. Models are dropped on places; what a place offers stands in its menu too.
class PlacesList : public QWidget {
  Q_OBJECT

 public:
  explicit PlacesList(CatalogController& catalog, QWidget* parent = nullptr);

  PlacesView& view() { return *m_view; }
  void choose(const QString& place);

 Q_SIGNALS:
  void placeChosen(const QString& place);       ///< "" all, "trash", or a place's key
  void largestRequested(const QString& place);  ///< show what uses most of it

 private:
  void refresh();
  QListWidgetItem* addRow(const QString& iconName, const QString& title, const QString& place, int count);
  void addHeading(const QString& title);
  void addPlace(const CatalogPlace& place);
  QStringList wordsFor(const CatalogPlace& place) const;
  void run(const QString& place, const QString& key);
  void showMenu(const QString& place, const QPoint& position);
  void drop(const QStringList& urls, const QString& place, bool isMove);
  void addFolder();
  void locate(const QString& folder);
  void addServer();
  void askQuota(const QString& place);

  CatalogController& m_catalog;
  PlacesView* m_view = nullptr;
};

}  // namespace layersmith
