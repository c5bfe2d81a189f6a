#pragma once

#include "model/document/Edits.h"

#include <QFrame>
#include <QPointer>

#include <optional>

class QListView;
class QSortFilterProxyModel;

namespace layersmith {

class DocumentContext;
class SearchField;

/// A small popup over the canvas: type a few letters, Enter inserts the layer there.
class InsertSearch final : public QFrame {
  Q_OBJECT

 public:
  /// Without a place the layer goes after the selection.
  static InsertSearch* open(QWidget* over, DocumentContext& context,
                            std::optional<edits::InsertPlace> place = std::nullopt);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  InsertSearch(QWidget* over, DocumentContext& context, std::optional<edits::InsertPlace> place);
  void insertCurrent();
  void filter(const QString& text);

  QPointer<DocumentContext> m_context;
  std::optional<edits::InsertPlace> m_place;
  QSortFilterProxyModel* m_filtered;
  SearchField* m_search;
  QListView* m_list;
};

}  // namespace layersmith
