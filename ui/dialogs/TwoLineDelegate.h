#pragma once

#include <QStyledItemDelegate>

namespace layersmith {

/// A row of icon, title and a smaller note under it: templates, save targets.
class TwoLineDelegate : public QStyledItemDelegate {
  Q_OBJECT

 public:
  static constexpr int kNoteRole = Qt::UserRole + 40;

  using QStyledItemDelegate::QStyledItemDelegate;

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace layersmith
