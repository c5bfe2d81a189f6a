#include "ui/itemmodels/MistakesModel.h"

#include "ui/itemmodels/DataTableModel.h"
#include "ui/itemmodels/RowImages.h"

#include <QLocale>

#include <algorithm>
#include <cmath>

namespace layersmith {

void MistakesModel::setReport(std::shared_ptr<const EvaluationReport> report, std::shared_ptr<const Dataset> dataset) {
  beginResetModel();
  m_report = std::move(report);
  m_dataset = std::move(dataset);
  collect();
  endResetModel();
}

void MistakesModel::setCell(std::optional<Cell> cell) {
  beginResetModel();
  m_cell = cell;
  collect();
  endResetModel();
}

void MistakesModel::collect() {
  m_rows.clear();
  if (!m_report) return;
  const bool isRegression = m_report->classNames.isEmpty();
  for (const EvaluationReport::Row& row : m_report->rows) {
    const bool isWanted = isRegression ? true
                          : m_cell ? row.trueClass == m_cell->trueClass && row.predictedClass == m_cell->predictedClass
                                   : row.trueClass != row.predictedClass;
    if (isWanted) m_rows.push_back(row);
  }
  std::ranges::stable_sort(m_rows, [isRegression](const auto& a, const auto& b) {
    if (isRegression) return std::abs(a.trueValue - a.predictedValue) > std::abs(b.trueValue - b.predictedValue);
    return a.loss > b.loss;
  });
  if (m_rows.size() > kMaxRows) m_rows.resize(kMaxRows);
}

std::vector<std::int64_t> MistakesModel::rawRows() const {
  std::vector<std::int64_t> rows;
  for (const EvaluationReport::Row& row : m_rows) rows.push_back(row.row);
  return rows;
}

int MistakesModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : int(m_rows.size());
}

int MistakesModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : ColumnCount;
}

QString MistakesModel::display(int column, const EvaluationReport::Row& row) const {
  const bool isRegression = m_report->classNames.isEmpty();
  const QLocale locale;
  switch (column) {
    case RowNumber: return locale.toString(qlonglong(row.row + 1));
    case True: return isRegression ? locale.toString(row.trueValue, 'g', 5) : m_report->classNames.value(row.trueClass);
    case Predicted:
      return isRegression ? locale.toString(row.predictedValue, 'g', 5)
                          : m_report->classNames.value(row.predictedClass);
    case Confidence:
      return isRegression ? locale.toString(row.predictedValue - row.trueValue, 'g', 4)
                          : tr("%1 %").arg(locale.toString(row.confidence * 100, 'f', 1));
    default: return locale.toString(row.loss, 'f', 3);
  }
}

QVariant MistakesModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const EvaluationReport::Row& row = m_rows[std::size_t(index.row())];
  const bool isClass = index.column() == True || index.column() == Predicted;
  switch (role) {
    case Qt::DisplayRole: return display(index.column(), row);
    case Qt::TextAlignmentRole:
      return int((isClass && !m_report->classNames.isEmpty() ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    case Qt::ToolTipRole: return tr("Row %1").arg(row.row + 1);
    case DataTableModel::ClassRole:
      return index.column() == True ? row.trueClass : index.column() == Predicted ? row.predictedClass : -1;
    case DataTableModel::ImageRole:
      return m_dataset && m_dataset->raw ? imageOfRow(*m_dataset->raw, row.row) : QImage();
    case DataTableModel::RawRowRole: return QVariant::fromValue(row.row);
    case DataTableModel::CaptionRole: return tr("%1 → %2").arg(display(True, row), display(Predicted, row));
    case DataTableModel::ValidationRole: return true;
    default: return {};
  }
}

QVariant MistakesModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  const bool isRegression = m_report && m_report->classNames.isEmpty();
  if (role == Qt::TextAlignmentRole)
    return int(((section == True || section == Predicted) && !isRegression ? Qt::AlignLeft : Qt::AlignRight) |
               Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case RowNumber: return tr("Row");
    case True: return tr("True");
    case Predicted: return tr("Predicted");
    case Confidence: return isRegression ? tr("Difference") : tr("Confidence");
    case Loss: return tr("Loss");
    default: return {};
  }
}

}  // namespace layersmith
