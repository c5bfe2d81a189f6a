#include "ui/catalog/CatalogModel.h"

#include "ui/dialogs/Parts.h"
#include "ui/theme/Icons.h"

#include <QDir>
#include <QFileInfo>
#include <QLocale>
#include <QUrl>

#include <algorithm>

namespace layersmith {

QString placeOf(const QString& url) {
  const QString scheme = url.section(QStringLiteral("://"), 0, 0);
  if (scheme != QStringLiteral("file")) return scheme;
  QFileInfo path(QUrl(url).toLocalFile());
  if (path.fileName() == QStringLiteral("model.json")) path = QFileInfo(path.path());
  return path.path();
}

QString placeTitle(const QString& place) {
  if (place == QStringLiteral("indexeddb")) return CatalogModel::tr("IndexedDB");
  if (place == QStringLiteral("localstorage")) return CatalogModel::tr("Local storage");
  if (place.startsWith(QStringLiteral("http"))) return CatalogModel::tr("Server");
  const QString name = QFileInfo(place).fileName();
  return name.isEmpty() ? place : name;
}

QString placeIcon(const QString& place) {
  if (place == QStringLiteral("indexeddb")) return QStringLiteral("database");
  if (place == QStringLiteral("localstorage")) return QStringLiteral("browser");
  if (place.startsWith(QStringLiteral("http"))) return QStringLiteral("server");
  return QStringLiteral("folder");
}

QString whenText(const QDateTime& time) {
  if (!time.isValid()) return {};
  const QDateTime local = time.toLocalTime();
  const QLocale locale;
  const qint64 days = local.date().daysTo(QDate::currentDate());
  if (days == 0) return CatalogModel::tr("Today %1").arg(locale.toString(local.time(), QStringLiteral("HH:mm")));
  if (days == 1) return CatalogModel::tr("Yesterday");
  if (local.date().year() == QDate::currentDate().year()) return locale.toString(local.date(), QStringLiteral("d MMM"));
  return local.date().toString(Qt::ISODate);
}

// Rows are matched by URL: gone ones are removed, known ones updated, new ones appended.
void CatalogModel::setEntries(const std::vector<ModelEntry>& entries) {
  const auto has = [](const std::vector<ModelEntry>& list, const QString& url) {
    return std::ranges::find(list, url, &ModelEntry::url) != list.end();
  };
  for (int row = static_cast<int>(m_entries.size()) - 1; row >= 0; --row) {
    if (has(entries, m_entries[row].url)) continue;
    beginRemoveRows({}, row, row);
    m_entries.erase(m_entries.begin() + row);
    endRemoveRows();
  }
  std::vector<ModelEntry> fresh;
  for (const ModelEntry& entry : entries) {
    const auto known = std::ranges::find(m_entries, entry.url, &ModelEntry::url);
    if (known == m_entries.end()) {
      if (!has(fresh, entry.url)) fresh.push_back(entry);
      continue;
    }
    *known = entry;
    const int row = static_cast<int>(known - m_entries.begin());
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
  }
  if (fresh.empty()) return;
  const int first = static_cast<int>(m_entries.size());
  beginInsertRows({}, first, first + static_cast<int>(fresh.size()) - 1);
  std::ranges::move(fresh, std::back_inserter(m_entries));
  endInsertRows();
}

int CatalogModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}
int CatalogModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : ColumnCount;
}

QVariant CatalogModel::display(const ModelEntry& entry, int column) const {
  const QLocale locale;
  switch (column) {
    case Name: return entry.name;
    case Where: return placeTitle(placeOf(entry.url));
    case Size: return sizeText(entry.info.totalBytes());
    case Saved: return whenText(entry.info.dateSaved);
    case Layers: return entry.layerCount > 0 ? locale.toString(entry.layerCount) : QString();
    case Parameters:
      return entry.layerCount > 0 ? locale.toString(static_cast<qlonglong>(entry.parameters)) : QString();
    default: return {};
  }
}

QVariant CatalogModel::sortValue(const ModelEntry& entry, int column) const {
  switch (column) {
    case Size: return static_cast<qlonglong>(entry.info.totalBytes());
    case Saved: return entry.info.dateSaved;
    case Layers: return entry.layerCount;
    case Parameters: return static_cast<qlonglong>(entry.parameters);
    default: return display(entry, column);
  }
}

QVariant CatalogModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const ModelEntry& entry = m_entries[index.row()];
  const bool isNumber = index.column() == Size || index.column() == Layers || index.column() == Parameters;
  switch (role) {
    case Qt::DisplayRole: return display(entry, index.column());
    case Qt::EditRole: return index.column() == Name ? QVariant(entry.name) : display(entry, index.column());
    case Qt::ToolTipRole: return entry.problem.isEmpty() ? entry.url : entry.problem;
    case Qt::TextAlignmentRole: return QVariant(Qt::AlignVCenter | (isNumber ? Qt::AlignRight : Qt::AlignLeft));
    case Qt::FontRole: return isNumber ? QVariant(theme().mono()) : QVariant();
    case Qt::ForegroundRole: return index.column() == Name ? QVariant() : QVariant(theme().color("text2"));
    case Qt::DecorationRole:
      if (index.column() == Where) return icon(placeIcon(placeOf(entry.url)));
      if (index.column() == Name)
        return entry.problem.isEmpty() ? icon(QStringLiteral("model")) : icon(QStringLiteral("warning"), "warning");
      return {};
    case SortRole: return sortValue(entry, index.column());
    case UrlRole: return entry.url;
    case ProblemRole: return entry.problem;
    case PlaceRole: return placeOf(entry.url);
    default: return {};
  }
}

QVariant CatalogModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole) {
    const bool isNumber = section == Size || section == Layers || section == Parameters;
    return QVariant(Qt::AlignVCenter | (isNumber ? Qt::AlignRight : Qt::AlignLeft));
  }
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case Name: return tr("Name");
    case Where: return tr("Where");
    case Size: return tr("Size");
    case Saved: return tr("Saved");
    case Layers: return tr("Layers");
    case Parameters: return tr("Params");
    default: return {};
  }
}

Qt::ItemFlags CatalogModel::flags(const QModelIndex& index) const {
  Qt::ItemFlags result = QAbstractTableModel::flags(index);
  if (index.isValid() && index.column() == Name) result |= Qt::ItemIsEditable;
  return result;
}

// The store renames; the new name comes back with the next refresh.
bool CatalogModel::setData(const QModelIndex& index, const QVariant& value, int role) {
  const QString name = value.toString().trimmed();
  if (role != Qt::EditRole || index.column() != Name || name.isEmpty() || name == m_entries[index.row()].name)
    return false;
  Q_EMIT renameRequested(m_entries[index.row()].url, name);
  return true;
}

CatalogFilter::CatalogFilter(QObject* parent) : QSortFilterProxyModel(parent) {
  setSortRole(CatalogModel::SortRole);
  setSortCaseSensitivity(Qt::CaseInsensitive);
  setDynamicSortFilter(true);
}

void CatalogFilter::setWords(const QString& words) {
  m_words = words.split(QLatin1Char(' '), Qt::SkipEmptyParts);
  invalidateFilter();
}

void CatalogFilter::setPlace(const QString& place) {
  m_place = place;
  invalidateFilter();
}

bool CatalogFilter::filterAcceptsRow(int row, const QModelIndex& parent) const {
  const QModelIndex index = sourceModel()->index(row, CatalogModel::Name, parent);
  if (!m_place.isEmpty() && index.data(CatalogModel::PlaceRole).toString() != m_place) return false;
  const QString text = index.data().toString() + QLatin1Char(' ') + index.data(CatalogModel::UrlRole).toString();
  return std::ranges::all_of(m_words, [&](const QString& word) { return text.contains(word, Qt::CaseInsensitive); });
}

}  // namespace layersmith
