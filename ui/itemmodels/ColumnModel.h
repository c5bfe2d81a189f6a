#pragma once

#include "model/data/Dataset.h"

#include <QAbstractTableModel>

namespace layersmith {

/// How each column of a table is used. Editing a cell changes nothing here: recipeEdited() carries the recipe as it
/// would be, its owner prepares the data anew and calls setDataset().
class ColumnModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { Name, Use, Scaling, Kind, Values, ColumnCount };
  enum Role { ChoicesRole = Qt::UserRole + 1 };  ///< QStringList of what the cell can be

  using QAbstractTableModel::QAbstractTableModel;

  void setDataset(std::shared_ptr<const Dataset> dataset);

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;

 Q_SIGNALS:
  void recipeEdited(const layersmith::DataRecipe& recipe, const QString& text);

 private:
  QStringList choices(const QModelIndex& index) const;
  int choice(const QModelIndex& index) const;
  QString summary(int row) const;

  std::shared_ptr<const Dataset> m_dataset;
};

}  // namespace layersmith
