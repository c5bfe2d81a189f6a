#pragma once

#include "model/training/Trainer.h"

#include <QAbstractTableModel>

#include <vector>

namespace layersmith {

/// The epochs of a run as a table: the twin of the charts, and what they export. Column 0 is the epoch, from 1.
class HistoryModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Role { ValueRole = Qt::UserRole + 1 };  ///< the raw number, for sorting and charts

  using QAbstractTableModel::QAbstractTableModel;

  void setHistory(std::vector<EpochLog> history);
  void append(const EpochLog& log);
  const std::vector<EpochLog>& history() const { return m_history; }
  QString csv() const;  ///< with a header line, C locale

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  std::vector<EpochLog> m_history;
  std::vector<std::string> m_names;
};

/// What a log key is called on screen: "loss" -> "Loss", "val_acc" -> "Validation accuracy".
QString displayNameOfMetric(const std::string& name);

}  // namespace layersmith
