#pragma once

#include "model/data/Dataset.h"

#include <QAbstractTableModel>

#include <optional>

namespace layersmith {

/// The rows of a data set as read: table cells, or images with their labels. Shows the first 1000 rows, fetched a
/// hundred at a time, or the rows asked for by setRowFilter().
class DataTableModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Role { ClassRole = Qt::UserRole + 1, ImageRole, RawRowRole, CaptionRole, ValidationRole };
  static constexpr int kMaxRows = 1000;

  using QAbstractTableModel::QAbstractTableModel;

  void setDataset(std::shared_ptr<const Dataset> dataset);
  void setRowFilter(std::optional<std::vector<std::int64_t>> rows);
  std::int64_t rawRow(int row) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  bool canFetchMore(const QModelIndex& parent) const override;
  void fetchMore(const QModelIndex& parent) override;

 private:
  bool isImages() const;
  int available() const;
  void startOver();
  QString display(int column, std::int64_t raw) const;

  std::shared_ptr<const Dataset> m_dataset;
  std::optional<std::vector<std::int64_t>> m_filter;
  std::vector<bool> m_isValidation;
  std::vector<int> m_decimals;
  int m_shown = 0;
};

}  // namespace layersmith
