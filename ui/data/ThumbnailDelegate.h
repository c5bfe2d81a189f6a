#pragma once

#include <QStyledItemDelegate>

class QListView;

namespace layersmith {

/// An image with its caption under it, for models with DataTableModel's ImageRole and CaptionRole.
class ThumbnailDelegate : public QStyledItemDelegate {
  Q_OBJECT

 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

/// A cell with the mark of its class before the text, for models with DataTableModel's ClassRole.
class ClassMarkDelegate : public QStyledItemDelegate {
  Q_OBJECT

 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

/// A list that shows a model's rows as a grid of thumbnails.
QListView* makeThumbnailView(const QString& objectName, QWidget* parent);

}  // namespace layersmith
