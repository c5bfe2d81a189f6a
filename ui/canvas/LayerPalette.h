#pragma once

#include <QPointer>
#include <QWidget>

class QModelIndex;
class QSortFilterProxyModel;
class QTreeView;

namespace layersmith {

class DocumentContext;
class LayerTypeModel;
class SearchField;

/// Every layer type, by category, to drag onto the canvas. Enter or a double click inserts after the selection.
class LayerPalette : public QWidget {
  Q_OBJECT

 public:
  explicit LayerPalette(QWidget* parent = nullptr);

  void setContext(DocumentContext* context);  ///< may be null: then nothing can be inserted
  void focusFilter();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void filter(const QString& text);
  void insert(const QModelIndex& index);

  QPointer<DocumentContext> m_context;
  LayerTypeModel* m_types;
  QSortFilterProxyModel* m_filtered;
  SearchField* m_search;
  QTreeView* m_tree;
};

}  // namespace layersmith
