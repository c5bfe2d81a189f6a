#pragma once

#include <QWidget>

class QListWidget;
class QVBoxLayout;

namespace layersmith {

class CatalogController;
class QuotaBar;
class Settings;
class TextLabel;

/// The left side of the catalog: all models, folders, browser stores with their quota, Trash. Each with its count.
class PlacesList : public QWidget {
  Q_OBJECT

 public:
  PlacesList(CatalogController& catalog, Settings& settings, QWidget* parent = nullptr);

 Q_SIGNALS:
  void placeChosen(const QString& place);  ///< "" all, "trash", a scheme, a folder
  void addFolderRequested();

 private:
  void refresh();
  void addRow(const QString& iconName, const QString& title, const QString& place, int count);
  void addHeading(const QString& title);
  void addQuota(const QString& scheme);

  CatalogController& m_catalog;
  Settings& m_settings;
  QListWidget* m_list = nullptr;
};

}  // namespace layersmith
