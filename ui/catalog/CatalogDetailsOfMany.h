#pragma once

#include <QStringList>
#include <QWidget>

#include <vector>

class QVBoxLayout;

namespace layersmith {

class CatalogController;
class TextLabel;

/// The details of several models at once: how many, their size, where they are, and what can be done to all of them.
class CatalogDetailsOfMany : public QWidget {
  Q_OBJECT

 public:
  explicit CatalogDetailsOfMany(CatalogController& catalog, QWidget* parent = nullptr);

  void setRows(const std::vector<int>& rows);  ///< of the catalog's model

 private:
  CatalogController& m_catalog;
  QStringList m_urls;
  TextLabel* m_title = nullptr;
  TextLabel* m_total = nullptr;
  QVBoxLayout* m_places = nullptr;
};

}  // namespace layersmith
