#pragma once

#include <QSortFilterProxyModel>

namespace layersmith {

class CatalogModel;

/// Filtered by words and by place ("" all), sorted by raw values; grouped by place when asked.
class CatalogFilter : public QSortFilterProxyModel {
  Q_OBJECT

 public:
  explicit CatalogFilter(QObject* parent = nullptr);

  void setSourceModel(QAbstractItemModel* model) override;  ///< a CatalogModel
  void setWords(const QString& words);
  void setPlace(const QString& place);
  const QString& place() const { return m_place; }
  void setGrouped(bool isGrouped);
  bool isGrouped() const { return m_isGrouped; }

 protected:
  bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
  bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

 private:
  const CatalogModel* m_catalog = nullptr;
  QStringList m_words;  ///< lower case
  QString m_place;
  bool m_isGrouped = false;
};

}  // namespace layersmith
