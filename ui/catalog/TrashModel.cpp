#include "ui/catalog/TrashModel.h"

#include "ui/catalog/CatalogModel.h"
#include "ui/dialogs/Parts.h"
#include "ui/theme/Icons.h"
#include "ui/widgets/SizeText.h"

#include <algorithm>

namespace layersmith {

// An entry never changes: where the same ones are there, the selection stays.
void TrashModel::setEntries(const std::vector<TrashEntry>& entries) {
  if (std::ranges::equal(entries, m_entries, {}, &TrashEntry::id, &TrashEntry::id)) return;
  beginResetModel();
  m_entries = entries;
  endResetModel();
}

int TrashModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}
int TrashModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : ColumnCount;
}

QVariant TrashModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const TrashEntry& entry = m_entries[index.row()];
  if (role == kIdRole) return entry.id;
  if (role == Qt::ToolTipRole) return entry.url;
  if (role == Qt::DecorationRole && index.column() == Name) return icon(QStringLiteral("model"));
  if (role == Qt::TextAlignmentRole)
    return QVariant(Qt::AlignVCenter | (index.column() == Size ? Qt::AlignRight : Qt::AlignLeft));
  if (role == Qt::FontRole && index.column() == Size) return theme().mono();
  if (role != Qt::DisplayRole) return {};
  switch (index.column()) {
    case Name: return entry.name;
    case Where: return placeTitle(placeOf(entry.url));
    case Size: return sizeText(entry.bytes);
    case Deleted: return whenText(entry.deleted);
    default: return {};
  }
}

QVariant TrashModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole)
    return QVariant(Qt::AlignVCenter | (section == Size ? Qt::AlignRight : Qt::AlignLeft));
  if (role != Qt::DisplayRole) return {};
  const QString titles[] = {tr("Name"), tr("Was in"), tr("Size"), tr("Deleted")};
  return section < ColumnCount ? titles[section] : QString();
}

}  // namespace layersmith
