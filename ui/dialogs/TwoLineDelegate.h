#pragma once

#include <QStyledItemDelegate>

namespace layersmith {

/// A row of icon, title and a smaller note under it: templates, save targets.
class TwoLineDelegate : public QStyledItemDelegate {
  Q_OBJECT

 public:
  static constexpr int kNoteRole = Qt::UserRole + 40;

  using QStyledItemDelegate::QStyledItemDelegate;

  void setElideMode(Qt::TextElideMode mode) { m_elideMode = mode; }  ///< right unless set
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

 private:
  Qt::TextElideMode m_elideMode = Qt::ElideRight;
};

}  // namespace layersmith
