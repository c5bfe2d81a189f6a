#pragma once

#include <QPointer>
#include <QWidget>

class QKeyEvent;
class QStandardItemModel;
class QTreeView;

namespace layersmith {

class DocumentContext;

/// The canvas as a list, for keyboards and screen readers: the same layers in the order they run, the same actions.
class OutlineView : public QWidget {
  Q_OBJECT

 public:
  enum Column { LayerColumn, OutputColumn, ParametersColumn, ColumnCount };

  explicit OutlineView(QWidget* parent = nullptr);

  void setContext(DocumentContext* context);  ///< may be null

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void rebuild();
  void showSelection();
  void takeSelection();
  void openMenu(const QPoint& position);
  bool handleKey(QKeyEvent* event);

  QPointer<DocumentContext> m_context;
  QStandardItemModel* m_layers;
  QTreeView* m_tree;
  bool m_isSyncing = false;
};

}  // namespace layersmith
