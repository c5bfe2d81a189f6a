#pragma once

#include "ui/catalog/CatalogPlaces.h"
#include "ui/dialogs/Parts.h"

#include <vector>

class QListWidget;

namespace layersmith {

/// Asks where models shall go: a place of the catalog (browser stores first), or any other folder.
class PlaceDialog : public FooterDialog {
  Q_OBJECT

 public:
  PlaceDialog(const QString& title, const std::vector<CatalogPlace>& places, QWidget* parent);

 Q_SIGNALS:
  void chosen(const QString& place);  ///< a CatalogPlace::key, or a folder

 private:
  void addPlace(const CatalogPlace& place);
  int widthFor(const QWidget* parent) const;
  void browse();
  void choose();

  QListWidget* m_list = nullptr;
};

}  // namespace layersmith
