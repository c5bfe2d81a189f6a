#include "ui/itemmodels/ColumnModel.h"

#include <QLocale>

#include <algorithm>
#include <cmath>

namespace layersmith {

void ColumnModel::setDataset(std::shared_ptr<const Dataset> dataset) {
  beginResetModel();
  m_dataset = dataset && dataset->raw && !dataset->raw->columns.empty() ? std::move(dataset) : nullptr;
  endResetModel();
}

int ColumnModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() || !m_dataset
             ? 0
             : int(std::min(m_dataset->recipe.columns.size(), m_dataset->raw->columns.size()));
}

int ColumnModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : ColumnCount;
}

QStringList ColumnModel::choices(const QModelIndex& index) const {
  switch (index.column()) {
    case Use: return {tr("Ignore"), tr("Feature"), tr("Target")};
    case Scaling: return {tr("As it is"), tr("0 to 1"), tr("Mean 0, deviation 1")};
    case Kind: return {tr("Number"), tr("Classes")};
    default: return {};
  }
}

int ColumnModel::choice(const QModelIndex& index) const {
  const ColumnRecipe& column = m_dataset->recipe.columns[std::size_t(index.row())];
  switch (index.column()) {
    case Use: return int(column.role);
    case Scaling: return int(column.scaling);
    case Kind: return column.isCategorical ? 1 : 0;
    default: return -1;
  }
}

QString ColumnModel::summary(int row) const {
  const RawData::Column& raw = m_dataset->raw->columns[std::size_t(row)];
  const ColumnRecipe& recipe = m_dataset->recipe.columns[std::size_t(row)];
  QStringList parts;
  if (raw.isConstant) {
    parts.append(tr("constant"));
  } else if (recipe.isCategorical || !raw.isNumeric) {
    const QStringList names = recipe.categories.isEmpty() ? raw.texts : recipe.categories;
    parts.append(names.size() <= 4 ? names.join(QStringLiteral(", ")) : tr("%1 values").arg(names.size()));
  } else {
    double low = INFINITY;
    double high = -INFINITY;
    for (double value : raw.numbers) {
      if (std::isnan(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
    if (low <= high)
      parts.append(tr("%1 to %2").arg(QLocale().toString(low, 'g', 4), QLocale().toString(high, 'g', 4)));
  }
  if (raw.missing > 0) parts.append(tr("%1 missing").arg(raw.missing));
  return parts.join(QStringLiteral(", "));
}

QVariant ColumnModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const ColumnRecipe& column = m_dataset->recipe.columns[std::size_t(index.row())];
  if (role == ChoicesRole) return choices(index);
  if (role == Qt::EditRole) return choice(index);
  if (role != Qt::DisplayRole) return {};
  if (index.column() == Name) return column.name;
  if (index.column() == Values) return summary(index.row());
  if (index.column() == Scaling && (column.isCategorical || column.role != ColumnRole::Feature)) return {};
  return choices(index).value(choice(index));
}

bool ColumnModel::setData(const QModelIndex& index, const QVariant& value, int role) {
  if (role != Qt::EditRole || !checkIndex(index, CheckIndexOption::IndexIsValid)) return false;
  const int chosen = value.toInt();
  if (!(flags(index) & Qt::ItemIsEditable) || chosen == choice(index) || chosen < 0 || chosen >= choices(index).size())
    return false;
  DataRecipe recipe = m_dataset->recipe;
  ColumnRecipe& column = recipe.columns[std::size_t(index.row())];
  const RawData::Column& raw = m_dataset->raw->columns[std::size_t(index.row())];
  QString text;
  if (index.column() == Use) {
    if (ColumnRole(chosen) == ColumnRole::Target)  // one target: the one before becomes a feature
      for (ColumnRecipe& other : recipe.columns)
        if (other.role == ColumnRole::Target) other.role = ColumnRole::Feature;
    column.role = ColumnRole(chosen);
    text = tr("use of %1").arg(column.name);
  } else if (index.column() == Scaling) {
    column.scaling = ColumnScaling(chosen);
    text = tr("scaling of %1").arg(column.name);
  } else {
    column.isCategorical = chosen == 1;
    text = tr("kind of %1").arg(column.name);
  }
  if (column.role == ColumnRole::Target && !raw.isNumeric) column.isCategorical = true;
  column.categories.clear();  // prepare() finds them anew
  if (column.role == ColumnRole::Target || index.column() == Use) recipe.targetEncoding = TargetEncoding::Number;
  Q_EMIT recipeEdited(recipe, text);
  return true;
}

QVariant ColumnModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (role == Qt::TextAlignmentRole) return int(Qt::AlignLeft | Qt::AlignVCenter);
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  switch (section) {
    case Name: return tr("Column");
    case Use: return tr("Use");
    case Scaling: return tr("Scaling");
    case Kind: return tr("Kind");
    case Values: return tr("Values");
    default: return {};
  }
}

Qt::ItemFlags ColumnModel::flags(const QModelIndex& index) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return Qt::NoItemFlags;
  Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable;
  const ColumnRecipe& column = m_dataset->recipe.columns[std::size_t(index.row())];
  const bool isText = !m_dataset->raw->columns[std::size_t(index.row())].isNumeric;
  if (index.column() == Use) flags |= Qt::ItemIsEditable;
  if (index.column() == Scaling && column.role == ColumnRole::Feature && !column.isCategorical && !isText)
    flags |= Qt::ItemIsEditable;
  if (index.column() == Kind && !isText) flags |= Qt::ItemIsEditable;
  return flags;
}

}  // namespace layersmith
