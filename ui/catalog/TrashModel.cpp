#include "ui/catalog/TrashModel.h"

#include "ui/catalog/CatalogModel.h"
#include "ui/dialogs/Parts.h"
#include "ui/theme/Icons.h"
#include "ui/widgets/SizeText.h"

#include <QDir>
#include <QLocale>

#include <algorithm>

namespace layersmith {

namespace {

/// A store by its title, a folder by its path, "~/Models/Class 7b".
QString placeText(const TrashEntry& entry) {
  const QString place = placeOf(entry.url);
  if (placeKind(place) != CatalogPlace::Kind::Folder) return placeTitle(place);
  const QString home = QDir::homePath();
  if (place == home || place.startsWith(home + QLatin1Char('/')))
    return QDir::toNativeSeparators(QLatin1Char('~') + place.mid(home.size()));
  return QDir::toNativeSeparators(place);
}

}  // namespace

// An entry never changes: where the same ones are there, the selection stays.
void TrashModel::setEntries(const std::vector<TrashEntry>& entries) {
  std::vector<TrashEntry> newestFirst = entries;
  std::ranges::stable_sort(newestFirst, std::ranges::greater(), &TrashEntry::deleted);
  if (std::ranges::equal(newestFirst, m_entries, {}, &TrashEntry::id, &TrashEntry::id)) return;
  beginResetModel();
  m_entries = std::move(newestFirst);
  m_precision.clear();
  tellApart(Precision::Seconds);
  tellApart(Precision::Milliseconds);
  endResetModel();
}

/// Rows that still say the same get this precision.
void TrashModel::tellApart(Precision precision) {
  QHash<QString, QString> seen;  // what a row says -> an id
  QStringList twins;
  for (const TrashEntry& entry : m_entries) {
    const QString words = entry.url + QLatin1Char('\n') + deletedText(entry, m_precision.value(entry.id));
    if (seen.contains(words)) twins << entry.id << seen[words];
    seen.insert(words, entry.id);
  }
  for (const QString& id : std::as_const(twins)) m_precision[id] = precision;
}

int TrashModel::rowOf(const QString& id) const {
  const auto found = std::ranges::find(m_entries, id, &TrashEntry::id);
  return found == m_entries.end() ? -1 : static_cast<int>(found - m_entries.begin());
}

int TrashModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}
int TrashModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : ColumnCount;
}

/// With the time on every day: equal names are told apart by it.
QString TrashModel::deletedText(const TrashEntry& entry, Precision precision) const {
  if (!entry.deleted.isValid()) return QStringLiteral("–");
  const QDateTime local = entry.deleted.toLocalTime();
  const bool isToday = local.date() == QDate::currentDate();
  if (isToday && precision == Precision::Minutes) return whenText(entry.deleted);
  const QString format = precision == Precision::Minutes   ? QStringLiteral("HH:mm")
                         : precision == Precision::Seconds ? QStringLiteral("HH:mm:ss")
                                                           : QStringLiteral("HH:mm:ss.zzz");
  const QString time = QLocale().toString(local.time(), format);
  return isToday ? tr("Today %1").arg(time) : tr("%1 %2").arg(whenText(entry.deleted), time);
}

QString TrashModel::display(const TrashEntry& entry, int column) const {
  switch (column) {
    case Name: return entry.name;
    case Where: return placeText(entry);
    case Size: return sizeText(entry.bytes);
    case Deleted: return deletedText(entry, m_precision.value(entry.id));
    default: return {};
  }
}

QVariant TrashModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const TrashEntry& entry = m_entries[index.row()];
  if (role == kIdRole) return entry.id;
  if (role == Qt::ToolTipRole) return tr("%1\nDeleted %2").arg(entry.url, deletedText(entry, Precision::Seconds));
  if (role == Qt::DecorationRole && index.column() == Name) return icon(QStringLiteral("model"));
  if (role == Qt::TextAlignmentRole)
    return QVariant(Qt::AlignVCenter | (index.column() == Size ? Qt::AlignRight : Qt::AlignLeft));
  if (role == Qt::ForegroundRole) return index.column() == Name ? QVariant() : QVariant(theme().color("text2"));
  if (role == Qt::FontRole && index.column() == Size) return theme().mono();
  return role == Qt::DisplayRole ? QVariant(display(entry, index.column())) : QVariant();
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
