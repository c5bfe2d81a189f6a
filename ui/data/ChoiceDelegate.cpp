#include "ui/data/ChoiceDelegate.h"

#include "ui/itemmodels/ColumnModel.h"
#include "ui/theme/StylePainting.h"
#include "ui/theme/Theme.h"

#include <QComboBox>
#include <QPainter>
#include <QTimer>

namespace layersmith {

void ChoiceDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  QStyledItemDelegate::paint(painter, option, index);
  if (!(index.flags() & Qt::ItemIsEditable)) return;
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  paintChevron(painter, {option.rect.right() - 12.0, option.rect.center().y() + 1.0}, Chevron::Down,
               theme().color("text2"));
  painter->restore();
}

QWidget* ChoiceDelegate::createEditor(QWidget* parent, const QStyleOptionViewItem&, const QModelIndex& index) const {
  const QStringList choices = index.data(ColumnModel::ChoicesRole).toStringList();
  if (choices.isEmpty()) return nullptr;
  auto* box = new QComboBox(parent);
  box->setObjectName(QStringLiteral("columnChoice"));
  box->setAccessibleName(index.model()->headerData(index.column(), Qt::Horizontal).toString());
  box->addItems(choices);
  auto* self = const_cast<ChoiceDelegate*>(this);
  connect(box, &QComboBox::activated, self, [self, box] {
    Q_EMIT self->commitData(box);
    Q_EMIT self->closeEditor(box);
  });
  QTimer::singleShot(0, box, &QComboBox::showPopup);
  return box;
}

void ChoiceDelegate::setEditorData(QWidget* editor, const QModelIndex& index) const {
  static_cast<QComboBox*>(editor)->setCurrentIndex(index.data(Qt::EditRole).toInt());
}

void ChoiceDelegate::setModelData(QWidget* editor, QAbstractItemModel* model, const QModelIndex& index) const {
  model->setData(index, static_cast<QComboBox*>(editor)->currentIndex());
}

}  // namespace layersmith
