#pragma once

#include "model/storage/ModelStore.h"

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>

#include <vector>

namespace layersmith {

/// Saved models as a table. Raw values stand under SortRole, so that sizes and dates sort as such.
class CatalogModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { Name, Where, Size, Saved, Layers, Parameters, ColumnCount };
  enum Role { SortRole = Qt::UserRole + 1, UrlRole, ProblemRole, PlaceRole };

  using QAbstractTableModel::QAbstractTableModel;

  /// Keeps rows that are still there, so that the selection survives a refresh.
  void setEntries(const std::vector<ModelEntry>& entries);
  const std::vector<ModelEntry>& entries() const { return m_entries; }
  const ModelEntry& entry(int row) const { return m_entries[row]; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;
  bool setData(const QModelIndex& index, const QVariant& value, int role) override;

 Q_SIGNALS:
  void renameRequested(const QString& url, const QString& newName);

 private:
  QVariant display(const ModelEntry& entry, int column) const;
  QVariant sortValue(const ModelEntry& entry, int column) const;

  std::vector<ModelEntry> m_entries;
};

/// Filtered by words and by place ("" all, "indexeddb", "localstorage", a folder), sorted by raw values.
class CatalogFilter : public QSortFilterProxyModel {
  Q_OBJECT

 public:
  explicit CatalogFilter(QObject* parent = nullptr);

  void setWords(const QString& words);
  void setPlace(const QString& place);

 protected:
  bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

 private:
  QStringList m_words;
  QString m_place;
};

/// "indexeddb", "localstorage", or the folder that holds the model.
QString placeOf(const QString& url);
/// "IndexedDB", "Local storage", or the folder's name.
QString placeTitle(const QString& place);
QString placeIcon(const QString& place);
/// "Today 10:41", "Yesterday", "19 Nov", "2025-01-03".
QString whenText(const QDateTime& time);

}  // namespace layersmith
