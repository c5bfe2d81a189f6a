#pragma once

#include "model/session/Evaluation.h"

#include <QAbstractTableModel>

#include <memory>
#include <optional>

namespace layersmith {

/// The rows of an evaluation, the most wrong first: classification shows the wrongly classed ones by falling loss,
/// regression all by falling distance. At most 500. Offers the roles of DataTableModel, so the same views show it.
class MistakesModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { RowNumber, True, Predicted, Confidence, Loss, ColumnCount };
  static constexpr int kMaxRows = 500;

  /// One cell of the confusion matrix.
  struct Cell {
    int trueClass;
    int predictedClass;
  };

  using QAbstractTableModel::QAbstractTableModel;

  void setReport(std::shared_ptr<const EvaluationReport> report, std::shared_ptr<const Dataset> dataset);
  void setCell(std::optional<Cell> cell);  ///< only the rows of one cell, right ones too
  const EvaluationReport::Row& reportRow(int row) const { return m_rows[std::size_t(row)]; }
  std::vector<std::int64_t> rawRows() const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  void collect();
  QString display(int column, const EvaluationReport::Row& row) const;

  std::shared_ptr<const EvaluationReport> m_report;
  std::shared_ptr<const Dataset> m_dataset;
  std::optional<Cell> m_cell;
  std::vector<EvaluationReport::Row> m_rows;
};

}  // namespace layersmith
