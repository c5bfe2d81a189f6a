#include "ui/itemmodels/DataTableModel.h"

#include "ui/itemmodels/RowImages.h"

#include <QLocale>

#include <algorithm>
#include <cmath>

namespace layersmith {

namespace {

constexpr int kFetchRows = 100;
constexpr int kMaxDecimals = 3;

int decimalsOf(const RawData::Column& column) {
  const std::size_t looked = std::min<std::size_t>(column.numbers.size(), 200);
  for (std::size_t i = 0; i < looked; ++i)
    if (!std::isnan(column.numbers[i]) && column.numbers[i] != std::floor(column.numbers[i])) return kMaxDecimals;
  return 0;
}

}  // namespace

bool DataTableModel::isImages() const {
  return m_dataset && m_dataset->raw && !m_dataset->raw->imageShape.empty();
}

void DataTableModel::setDataset(std::shared_ptr<const Dataset> dataset) {
  beginResetModel();
  m_dataset = std::move(dataset);
  m_filter.reset();
  m_isValidation.clear();
  m_decimals.clear();
  if (m_dataset && m_dataset->raw) {
    m_isValidation.resize(std::size_t(m_dataset->raw->rows));
    for (std::int64_t row : m_dataset->validationRows) m_isValidation[std::size_t(row)] = true;
    for (const RawData::Column& column : m_dataset->raw->columns) m_decimals.push_back(decimalsOf(column));
  }
  startOver();
  endResetModel();
}

void DataTableModel::setRowFilter(std::optional<std::vector<std::int64_t>> rows) {
  beginResetModel();
  m_filter = std::move(rows);
  startOver();
  endResetModel();
}

void DataTableModel::startOver() {
  m_shown = std::min(available(), kFetchRows);
}

int DataTableModel::available() const {
  if (!m_dataset || !m_dataset->raw) return 0;
  const std::int64_t rows = m_filter ? std::int64_t(m_filter->size()) : m_dataset->raw->rows;
  return int(std::min<std::int64_t>(rows, kMaxRows));
}

std::int64_t DataTableModel::rawRow(int row) const {
  return m_filter ? (*m_filter)[std::size_t(row)] : row;
}

int DataTableModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : m_shown;
}

int DataTableModel::columnCount(const QModelIndex& parent) const {
  if (parent.isValid() || !m_dataset || !m_dataset->raw) return 0;
  return isImages() ? 1 : int(m_dataset->raw->columns.size());
}

bool DataTableModel::canFetchMore(const QModelIndex& parent) const {
  return !parent.isValid() && m_shown < available();
}

void DataTableModel::fetchMore(const QModelIndex& parent) {
  if (!canFetchMore(parent)) return;
  const int last = std::min(available(), m_shown + kFetchRows) - 1;
  beginInsertRows({}, m_shown, last);
  m_shown = last + 1;
  endInsertRows();
}

QString DataTableModel::display(int column, std::int64_t raw) const {
  const RawData& data = *m_dataset->raw;
  if (isImages()) return m_dataset->recipe.classNames.value(classOfRow(data, m_dataset->recipe, raw));
  const RawData::Column& source = data.columns[std::size_t(column)];
  const double value = source.numbers[std::size_t(raw)];
  if (!source.isNumeric) return cellText(source, raw);
  if (std::isnan(value)) return tr("missing");
  return QLocale().toString(value, 'f', m_decimals[std::size_t(column)]);
}

QVariant DataTableModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const std::int64_t raw = rawRow(index.row());
  const bool isTarget = isImages() || index.column() == targetColumn(m_dataset->recipe);
  switch (role) {
    case Qt::DisplayRole:
    case CaptionRole: return display(index.column(), raw);
    case Qt::TextAlignmentRole:
      return int((!isTarget && m_dataset->raw->columns[std::size_t(index.column())].isNumeric ? Qt::AlignRight
                                                                                              : Qt::AlignLeft) |
                 Qt::AlignVCenter);
    case Qt::ToolTipRole:
      return m_isValidation[std::size_t(raw)] ? tr("Row %1, validation").arg(raw + 1)
                                              : tr("Row %1, training").arg(raw + 1);
    case ClassRole: return isTarget ? classOfRow(*m_dataset->raw, m_dataset->recipe, raw) : -1;
    case ImageRole: return isImages() ? imageOfRow(*m_dataset->raw, raw) : QImage();
    case RawRowRole: return QVariant::fromValue(raw);
    case ValidationRole: return bool(m_isValidation[std::size_t(raw)]);
    default: return {};
  }
}

QVariant DataTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (!m_dataset || !m_dataset->raw) return {};
  if (orientation == Qt::Vertical) {
    if (role != Qt::DisplayRole || section < 0 || section >= m_shown) return {};
    return QVariant::fromValue(rawRow(section) + 1);
  }
  if (section < 0 || section >= columnCount()) return {};
  if (role == Qt::TextAlignmentRole) {
    const bool isNumber = !isImages() && section != targetColumn(m_dataset->recipe) &&
                          m_dataset->raw->columns[std::size_t(section)].isNumeric;
    return int((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
  }
  if (role != Qt::DisplayRole) return {};
  return isImages() ? tr("Label") : m_dataset->raw->columns[std::size_t(section)].name;
}

}  // namespace layersmith
