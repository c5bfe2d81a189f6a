#pragma once

#include "model/storage/ModelStore.h"

#include <QAbstractTableModel>
#include <QHash>

#include <vector>

namespace layersmith {

/// Deleted models that can still come back.
class TrashModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { Name, Where, Size, Deleted, ColumnCount };
  static constexpr int kIdRole = Qt::UserRole + 1;

  using QAbstractTableModel::QAbstractTableModel;

  void setEntries(const std::vector<TrashEntry>& entries);
  int rowOf(const QString& id) const;  ///< -1: not there
  const TrashEntry& entry(int row) const { return m_entries[row]; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  QString display(const TrashEntry& entry, int column) const;
  enum class Precision { Minutes, Seconds, Milliseconds };
  QString deletedText(const TrashEntry& entry, Precision precision) const;
  void tellApart(Precision precision);

  std::vector<TrashEntry> m_entries;
  QHash<QString, Precision> m_precision;  ///< by id, of those that minutes do not tell apart
};

}  // namespace layersmith
