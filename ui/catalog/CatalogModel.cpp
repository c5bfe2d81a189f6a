#include "ui/catalog/CatalogModel.h"

#include "ui/dialogs/Parts.h"
#include "ui/theme/Icons.h"
#include "ui/widgets/SizeText.h"

#include <QDataStream>
#include <QGuiApplication>
#include <QLocale>
#include <QMimeData>

#include <algorithm>

namespace layersmith {

namespace {

/// From this many changed rows on, views do better to start anew than to follow each one.
constexpr std::ptrdiff_t kManyRows = 200;

const char kCutMime[] = "application/x-layersmith-cut";

bool isSame(const ModelEntry& a, const ModelEntry& b) {
  return a.name == b.name && a.problem == b.problem && a.layerCount == b.layerCount && a.parameters == b.parameters &&
         a.info.dateSaved == b.info.dateSaved && a.info.totalBytes() == b.info.totalBytes();
}

bool isNumber(int column) {
  return column == CatalogModel::Size || column == CatalogModel::Layers || column == CatalogModel::Parameters ||
         column == CatalogModel::Score;
}

}  // namespace

void CatalogModel::setEntries(const std::vector<ModelEntry>& entries) {
  QHash<QString, std::vector<ModelEntry>> byPlace;
  for (const ModelEntry& entry : entries) byPlace[placeOf(entry.url)].push_back(entry);
  keepPlaces(byPlace.keys());
  for (auto it = byPlace.cbegin(); it != byPlace.cend(); ++it) setEntries(it.key(), it.value());
}

void CatalogModel::setEntries(const QString& place, const std::vector<ModelEntry>& entries) {
  const auto fresh =
      std::ranges::count_if(entries, [this](const ModelEntry& entry) { return !m_rowByUrl.contains(entry.url); });
  if (m_rows.empty() || fresh <= kManyRows) {
    merge(place, entries);
    return;
  }
  beginResetModel();
  {
    const QSignalBlocker quiet(this);
    merge(place, entries);
  }
  endResetModel();
}

void CatalogModel::merge(const QString& place, const std::vector<ModelEntry>& entries) {
  QSet<QString> urls;
  urls.reserve(static_cast<qsizetype>(entries.size()));
  std::vector<Row> fresh;
  const QString title = placeTitle(place);
  const auto searchText = [](const ModelEntry& entry) { return (entry.name + QLatin1Char(' ') + entry.url).toLower(); };
  for (const ModelEntry& entry : entries) {
    if (urls.contains(entry.url)) continue;
    urls.insert(entry.url);
    if (!m_rowByUrl.contains(entry.url)) fresh.push_back({entry, place, title, searchText(entry), {}, false});
  }
  removeRowsOf(place, urls);
  for (const ModelEntry& entry : entries) {
    const int row = rowOf(entry.url);
    if (row < 0 || m_rows[row].place != place || isSame(m_rows[row].entry, entry)) continue;
    m_rows[row].hasFacts = false;
    m_rows[row].entry = entry;
    m_rows[row].searchText = searchText(entry);
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
  }
  if (fresh.empty()) return;
  const int first = static_cast<int>(m_rows.size());
  beginInsertRows({}, first, first + static_cast<int>(fresh.size()) - 1);
  std::ranges::move(fresh, std::back_inserter(m_rows));
  indexFrom(first);
  endInsertRows();
}

void CatalogModel::indexFrom(int firstRow) {
  for (int row = firstRow; row < static_cast<int>(m_rows.size()); ++row) m_rowByUrl[m_rows[row].entry.url] = row;
}

/// Runs of neighbours go at once, from the end, so that the rows before keep their numbers.
void CatalogModel::removeRowsOf(const QString& place, const QSet<QString>& kept) {
  const auto isGone = [&](int row) { return m_rows[row].place == place && !kept.contains(m_rows[row].entry.url); };
  int lowest = static_cast<int>(m_rows.size());
  for (int last = lowest - 1; last >= 0; --last) {
    if (!isGone(last)) continue;
    int first = last;
    while (first > 0 && isGone(first - 1)) --first;
    beginRemoveRows({}, first, last);
    for (int row = first; row <= last; ++row) m_rowByUrl.remove(m_rows[row].entry.url);
    m_rows.erase(m_rows.begin() + first, m_rows.begin() + last + 1);
    indexFrom(first);
    endRemoveRows();
    last = first;
  }
}

void CatalogModel::keepPlaces(const QStringList& places) {
  QSet<QString> others;
  for (const Row& row : m_rows) others.insert(row.place);
  others.subtract(QSet<QString>(places.begin(), places.end()));
  for (const QString& place : std::as_const(others)) {
    removeRowsOf(place, {});
    m_unreachable.remove(place);
  }
}

void CatalogModel::tellPlaceChanged(const QString& place) {
  for (int row = 0; row < static_cast<int>(m_rows.size()); ++row) {
    if (m_rows[row].place != place) continue;
    int last = row;
    while (last + 1 < static_cast<int>(m_rows.size()) && m_rows[last + 1].place == place) ++last;
    Q_EMIT dataChanged(index(row, 0), index(last, ColumnCount - 1),
                       {Qt::ForegroundRole, Qt::DecorationRole, Qt::ToolTipRole});
    row = last;
  }
}

void CatalogModel::setUnreachable(const QString& place, const QString& reason) {
  if (m_unreachable.value(place) == reason) return;
  if (reason.isEmpty())
    m_unreachable.remove(place);
  else
    m_unreachable[place] = reason;
  tellPlaceChanged(place);
}

void CatalogModel::setCut(const QStringList& urls) {
  QSet<QString> touched = m_cut;
  m_cut = QSet<QString>(urls.begin(), urls.end());
  touched.unite(m_cut);
  for (const QString& url : std::as_const(touched)) {
    if (const int row = rowOf(url); row >= 0)
      Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1), {Qt::ForegroundRole});
  }
}

// Told in runs of rows, and without the columns that lists are sorted by most: each telling may sort them anew.
void CatalogModel::setFacts(const QStringList& urls, const std::vector<ModelFacts>& facts) {
  std::vector<int> rows;
  for (qsizetype i = 0; i < urls.size(); ++i) {
    const int row = rowOf(urls[i]);
    if (row < 0) continue;
    m_rows[row].facts = facts[i];
    m_rows[row].hasFacts = true;
    rows.push_back(row);
  }
  std::ranges::sort(rows);
  for (std::size_t first = 0; first < rows.size();) {
    std::size_t last = first;
    while (last + 1 < rows.size() && rows[last + 1] == rows[last] + 1) ++last;
    for (const int column : {int(Name), int(TrainedOn), int(Score)}) {
      Q_EMIT dataChanged(index(rows[first], column), index(rows[last], column), {Qt::DisplayRole, Qt::DecorationRole});
    }
    first = last + 1;
  }
}

QStringList CatalogModel::urlsWithoutFacts(int atMost) const {
  QStringList urls;
  for (const Row& row : m_rows) {
    if (row.hasFacts || placeKind(row.place) == CatalogPlace::Kind::Server) continue;
    urls << row.entry.url;
    if (urls.size() == atMost) break;
  }
  return urls;
}

void CatalogModel::wantFacts(const QStringList& urls) {
  const auto count = m_wanted.size();
  for (const QString& url : urls) {
    const int row = rowOf(url);
    const bool isOfServer = row >= 0 && placeKind(m_rows[row].place) == CatalogPlace::Kind::Server;
    if (!isOfServer || m_rows[row].hasFacts || m_unreachable.contains(m_rows[row].place)) continue;
    if (!m_wanted.contains(url)) m_wanted << url;
  }
  if (m_wanted.size() > count) Q_EMIT factsWanted();
}

QStringList CatalogModel::takeWanted(int atMost) {
  QStringList urls;
  while (!m_wanted.isEmpty() && urls.size() < atMost) {
    const QString url = m_wanted.takeLast();
    if (const int row = rowOf(url); row >= 0 && !m_rows[row].hasFacts) urls << url;
  }
  return urls;
}

void CatalogModel::forgetWanted(const QString& place) {
  m_wanted.removeIf([&](const QString& url) { return placeOf(url) == place; });
}

QHash<QString, int> CatalogModel::countByPlace() const {
  QHash<QString, int> counts;
  for (const Row& row : m_rows) ++counts[row.place];
  return counts;
}

int CatalogModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}
int CatalogModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : ColumnCount;
}

QVariant CatalogModel::display(const Row& row, int column) const {
  const ModelEntry& entry = row.entry;
  const bool isKnown = entry.layerCount > 0;
  switch (column) {
    case Name: return entry.name;
    case Where: return row.title;
    case Size: return sizeText(entry.info.totalBytes());
    case Saved: return whenText(entry.info.dateSaved);
    case Layers: return isKnown ? QLocale().toString(entry.layerCount) : QStringLiteral("–");
    case Parameters:
      return isKnown ? QLocale().toString(static_cast<qlonglong>(entry.parameters)) : QStringLiteral("–");
    case TrainedOn: return row.facts.trainedOn.isEmpty() ? QStringLiteral("–") : row.facts.trainedOn;
    case Score: return scoreText(row.facts.score);
    default: return {};
  }
}

QVariant CatalogModel::sortValue(const Row& row, int column) const {
  const ModelEntry& entry = row.entry;
  switch (column) {
    case Size: return static_cast<qlonglong>(entry.info.totalBytes());
    case Saved: return entry.info.dateSaved;
    case Layers: return entry.layerCount;
    case Parameters: return static_cast<qlonglong>(entry.parameters);
    default: return display(row, column);
  }
}

QVariant CatalogModel::decoration(const Row& row, int column) const {
  if (column == Where) {
    const bool isAway = m_unreachable.contains(row.place);
    return icon(isAway ? QStringLiteral("offline") : placeIcon(row.place), isAway ? "text3" : "text2");
  }
  if (column != Name) return {};
  if (!row.entry.problem.isEmpty()) return icon(QStringLiteral("warning"), "warning");
  if (row.facts.family.isEmpty()) return icon(QStringLiteral("model"));
  if (isDimmed(row)) return icon(QStringLiteral("layers/") + row.facts.family, "text3");
  const QPixmap glyph = iconPixmap(QStringLiteral("layers/") + row.facts.family, theme().familyInk(row.facts.family),
                                   16, qGuiApp->devicePixelRatio());
  QIcon inked(glyph);
  inked.addPixmap(glyph, QIcon::Selected);  // else tinted with the selection
  return inked;
}

bool CatalogModel::isDimmed(const Row& row) const {
  return m_unreachable.contains(row.place) || m_cut.contains(row.entry.url);
}

QVariant CatalogModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const Row& row = m_rows[index.row()];
  switch (role) {
    case Qt::DisplayRole: return display(row, index.column());
    case Qt::EditRole: return display(row, index.column());
    case Qt::ToolTipRole:
      if (m_unreachable.contains(row.place)) return m_unreachable.value(row.place);
      return row.entry.problem.isEmpty() ? row.entry.url : row.entry.problem;
    case Qt::TextAlignmentRole:
      return QVariant(Qt::AlignVCenter | (isNumber(index.column()) ? Qt::AlignRight : Qt::AlignLeft));
    case Qt::FontRole: return isNumber(index.column()) ? QVariant(theme().mono()) : QVariant();
    case Qt::ForegroundRole:
      if (isDimmed(row)) return theme().color("text3");
      return index.column() == Name ? QVariant() : QVariant(theme().color("text2"));
    case Qt::DecorationRole: return decoration(row, index.column());
    case SortRole: return sortValue(row, index.column());
    case UrlRole: return row.entry.url;
    case ProblemRole: return row.entry.problem;
    case PlaceRole: return row.place;
    case DimmedRole: return isDimmed(row);
    default: return {};
  }
}

QVariant CatalogModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole)
    return QVariant(Qt::AlignVCenter | (isNumber(section) ? Qt::AlignRight : Qt::AlignLeft));
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case Name: return tr("Name");
    case Where: return tr("Where");
    case Size: return tr("Size");
    case Saved: return tr("Saved");
    case Layers: return tr("Layers");
    case Parameters: return tr("Params");
    case TrainedOn: return tr("Trained on");
    case Score: return tr("Best score");
    default: return {};
  }
}

Qt::ItemFlags CatalogModel::flags(const QModelIndex& index) const {
  if (!index.isValid()) return QAbstractTableModel::flags(index);
  const bool isEditable = index.column() == Name && placeKind(m_rows[index.row()].place) != CatalogPlace::Kind::Server;
  return QAbstractTableModel::flags(index) | Qt::ItemIsDragEnabled |
         (isEditable ? Qt::ItemIsEditable : Qt::NoItemFlags);
}

// The store renames; the new name comes back with the next refresh.
bool CatalogModel::setData(const QModelIndex& index, const QVariant& value, int role) {
  const QString typed = value.toString(), name = typed.trimmed(), before = m_rows[index.row()].entry.name;
  if (role != Qt::EditRole || index.column() != Name || name.isEmpty() || name == before || typed == before)
    return false;
  Q_EMIT renameRequested(m_rows[index.row()].entry.url, name);
  return true;
}

QStringList CatalogModel::mimeTypes() const {
  return {QString::fromLatin1(kMimeType)};
}

QMimeData* CatalogModel::mimeData(const QModelIndexList& indexes) const {
  QStringList urls;
  for (const QModelIndex& index : indexes)
    if (index.column() == Name) urls << m_rows[index.row()].entry.url;
  return makeModelMime(urls, false);
}

QMimeData* makeModelMime(const QStringList& urls, bool isCut) {
  auto* mime = new QMimeData;
  QByteArray bytes;
  QDataStream stream(&bytes, QIODevice::WriteOnly);
  stream << urls;
  mime->setData(QString::fromLatin1(CatalogModel::kMimeType), bytes);
  if (isCut) mime->setData(QString::fromLatin1(kCutMime), "1");
  mime->setText(urls.join(QLatin1Char('\n')));
  return mime;
}

QStringList modelUrls(const QMimeData& mime, bool* isCut) {
  QStringList urls;
  QDataStream stream(mime.data(QString::fromLatin1(CatalogModel::kMimeType)));
  stream >> urls;
  if (isCut) *isCut = mime.hasFormat(QString::fromLatin1(kCutMime));
  return urls;
}

QString scoreText(const std::optional<ModelScore>& score) {
  if (!score) return QStringLiteral("–");
  const QLocale locale;
  if (score->isShare()) return CatalogModel::tr("%1 %").arg(locale.toString(100 * score->value, 'f', 1));
  return CatalogModel::tr("loss %1").arg(locale.toString(score->value, 'g', 2));
}

}  // namespace layersmith
