#pragma once

#include "ui/catalog/CatalogPlaces.h"
#include "ui/catalog/ModelFacts.h"

#include <QAbstractTableModel>
#include <QHash>
#include <QSet>

#include <vector>

namespace layersmith {

/// Saved models as a table. Raw values stand under SortRole, so that sizes and dates sort as such. 10,000 rows cost a
/// few milliseconds: rows are found by URL in a hash, and only what changed is told.
class CatalogModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { Name, Where, Size, Saved, Layers, Parameters, TrainedOn, Score, ColumnCount };
  enum Role { SortRole = Qt::UserRole + 1, UrlRole, ProblemRole, PlaceRole, DimmedRole };
  static constexpr const char* kMimeType = "application/x-layersmith-models";

  using QAbstractTableModel::QAbstractTableModel;

  /// The models of one place. Rows that are still there stay, so that the selection survives; rows of other places are
  /// left alone. A URL that another place lists already is not repeated.
  void setEntries(const QString& place, const std::vector<ModelEntry>& entries);
  void setEntries(const std::vector<ModelEntry>& entries);                       ///< of all places at once
  void keepPlaces(const QStringList& places);                                    ///< rows of other places go
  void setUnreachable(const QString& place, const QString& reason);              ///< empty: it is reachable
  void setCut(const QStringList& urls);                                          ///< shown faint until they are pasted
  void setFacts(const QStringList& urls, const std::vector<ModelFacts>& facts);  ///< one for each URL
  QStringList urlsWithoutFacts(int atMost) const;  ///< servers are not asked for what nobody looks at

  /// Models that somebody sees: of those on servers whose facts are not known, takeWanted() gives the latest first.
  void wantFacts(const QStringList& urls);
  QStringList takeWanted(int atMost);
  void forgetWanted(const QString& place);  ///< until they are wanted again

  const ModelEntry& entry(int row) const { return m_rows[row].entry; }
  const QString& place(int row) const { return m_rows[row].place; }
  const QString& title(int row) const { return m_rows[row].title; }            ///< of its place
  const QString& searchText(int row) const { return m_rows[row].searchText; }  ///< lower case
  const ModelFacts& facts(int row) const { return m_rows[row].facts; }
  int rowOf(const QString& url) const { return m_rowByUrl.value(url, -1); }  ///< -1: not listed
  QHash<QString, int> countByPlace() const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;
  bool setData(const QModelIndex& index, const QVariant& value, int role) override;
  QStringList mimeTypes() const override;
  QMimeData* mimeData(const QModelIndexList& indexes) const override;

 Q_SIGNALS:
  void renameRequested(const QString& url, const QString& newName);
  void factsWanted();

 private:
  struct Row {
    ModelEntry entry;
    QString place;
    QString title;  ///< of the place
    QString searchText;
    ModelFacts facts;
    bool hasFacts = false;
  };
  QVariant display(const Row& row, int column) const;
  QVariant sortValue(const Row& row, int column) const;
  QVariant decoration(const Row& row, int column) const;
  bool isDimmed(const Row& row) const;
  void merge(const QString& place, const std::vector<ModelEntry>& entries);
  void removeRowsOf(const QString& place, const QSet<QString>& kept);
  void indexFrom(int firstRow);
  void tellPlaceChanged(const QString& place);

  std::vector<Row> m_rows;
  QHash<QString, int> m_rowByUrl;
  QHash<QString, QString> m_unreachable;  ///< place -> why
  QSet<QString> m_cut;
  QStringList m_wanted;  ///< on servers, without facts, the latest last
};

/// URLs of a drag or of the clipboard; empty when it holds no models. `isCut`: they shall move.
QStringList modelUrls(const QMimeData& mime, bool* isCut = nullptr);
QMimeData* makeModelMime(const QStringList& urls, bool isCut);

/// "96.7 %", or "loss 0.031"; a dash for none.
QString scoreText(const std::optional<ModelScore>& score);

}  // namespace layersmith
