#pragma once

#include "model/storage/ModelStore.h"

#include <QAbstractTableModel>

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

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  std::vector<TrashEntry> m_entries;
};

}  // namespace layersmith
