#include "ui/catalog/CatalogFilter.h"

#include "ui/catalog/CatalogModel.h"

#include <algorithm>
#include <compare>
#include <limits>

namespace layersmith {

namespace {

/// For sorting: losses, smaller ones higher, below shares of right answers; no score at the bottom.
double rankOf(const std::optional<ModelScore>& score) {
  if (!score) return -std::numeric_limits<double>::infinity();
  return score->isShare() ? score->value : -1 - score->value;
}

}  // namespace

CatalogFilter::CatalogFilter(QObject* parent) : QSortFilterProxyModel(parent) {
  setSortRole(CatalogModel::SortRole);
  setDynamicSortFilter(true);
}

void CatalogFilter::setSourceModel(QAbstractItemModel* model) {
  m_catalog = qobject_cast<CatalogModel*>(model);
  QSortFilterProxyModel::setSourceModel(model);
}

void CatalogFilter::setWords(const QString& words) {
  m_words = words.toLower().split(QLatin1Char(' '), Qt::SkipEmptyParts);
  invalidateFilter();
}

void CatalogFilter::setPlace(const QString& place) {
  m_place = place;
  invalidateFilter();
}

void CatalogFilter::setGrouped(bool isGrouped) {
  if (isGrouped == m_isGrouped) return;
  m_isGrouped = isGrouped;
  invalidate();
}

bool CatalogFilter::filterAcceptsRow(int row, const QModelIndex&) const {
  if (!m_place.isEmpty() && m_catalog->place(row) != m_place) return false;
  const QString& text = m_catalog->searchText(row);
  return std::ranges::all_of(m_words, [&](const QString& word) { return text.contains(word); });
}

// Called 130,000 times to sort 10,000 rows: no variants, no text made on the way.
bool CatalogFilter::lessThan(const QModelIndex& left, const QModelIndex& right) const {
  const ModelEntry& a = m_catalog->entry(left.row());
  const ModelEntry& b = m_catalog->entry(right.row());
  if (m_isGrouped) {
    const int order = m_catalog->title(left.row()).compare(m_catalog->title(right.row()), Qt::CaseInsensitive);
    if (order != 0) return sortOrder() == Qt::AscendingOrder ? order < 0 : order > 0;
  }
  std::strong_ordering order = std::strong_ordering::equal;
  switch (left.column()) {
    case CatalogModel::Where:
      order = m_catalog->title(left.row()).compare(m_catalog->title(right.row()), Qt::CaseInsensitive) <=> 0;
      break;
    case CatalogModel::Size: order = a.info.totalBytes() <=> b.info.totalBytes(); break;
    case CatalogModel::Saved:
      order = a.info.dateSaved.toMSecsSinceEpoch() <=> b.info.dateSaved.toMSecsSinceEpoch();
      break;
    case CatalogModel::Layers: order = a.layerCount <=> b.layerCount; break;
    case CatalogModel::Parameters: order = a.parameters <=> b.parameters; break;
    case CatalogModel::TrainedOn:
      order = m_catalog->facts(left.row())
                  .trainedOn.compare(m_catalog->facts(right.row()).trainedOn, Qt::CaseInsensitive) <=> 0;
      break;
    case CatalogModel::Score: {
      const double leftRank = rankOf(m_catalog->facts(left.row()).score);
      const double rightRank = rankOf(m_catalog->facts(right.row()).score);
      order = leftRank < rightRank   ? std::strong_ordering::less
              : rightRank < leftRank ? std::strong_ordering::greater
                                     : std::strong_ordering::equal;
      break;
    }
    default: break;
  }
  if (order == 0) order = a.name.compare(b.name, Qt::CaseInsensitive) <=> 0;
  return order < 0;
}

}  // namespace layersmith
