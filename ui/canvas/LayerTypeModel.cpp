#include "ui/canvas/LayerTypeModel.h"

#include "model/nn/LayerRegistry.h"
#include "ui/canvas/LayerMime.h"
#include "ui/canvas/LayerText.h"
#include "ui/theme/Icons.h"
#include "ui/theme/StylePainting.h"
#include "ui/theme/Theme.h"

#include <QAbstractItemView>
#include <QMimeData>
#include <QPainter>

#include <algorithm>
#include <map>

namespace layersmith {

namespace {

constexpr int kTile = 24;

QString text(std::string_view utf8) {
  return QString::fromUtf8(utf8.data(), qsizetype(utf8.size()));
}

QStandardItem* typeItem(const LayerType& type) {
  auto* item = new QStandardItem(typeName(type.className));
  item->setEditable(false);
  item->setDropEnabled(false);
  item->setData(QString::fromStdString(type.className), LayerTypeModel::ClassNameRole);
  item->setData(text(familyName(type.category)), LayerTypeModel::FamilyRole);
  item->setToolTip(QString::fromStdString(type.help));
  item->setData(item->text() + u' ' + text(displayName(type.category)) + u' ' + item->toolTip(),
                LayerTypeModel::SearchRole);
  item->setAccessibleDescription(item->toolTip());
  return item;
}

}  // namespace

LayerTypeModel::LayerTypeModel(Form form, QObject* parent) : QStandardItemModel(parent) {
  std::map<Category, QStandardItem*> sorted;  // the order of the enum is the order of the palette
  for (const LayerType& type : layerTypes()) {
    if (form == Form::List) {
      appendRow(typeItem(type));
      continue;
    }
    QStandardItem*& category = sorted[type.category];
    if (!category) {
      category = new QStandardItem(text(displayName(type.category)));
      category->setEditable(false);
      category->setDragEnabled(false);
      category->setDropEnabled(false);
    }
    category->appendRow(typeItem(type));
    category->setData(category->rowCount(), CountRole);
    category->setAccessibleText(tr("%1, layers: %2").arg(category->text()).arg(category->rowCount()));
  }
  for (const auto& [category, item] : sorted) appendRow(item);
}

QStringList LayerTypeModel::mimeTypes() const {
  return {QString::fromLatin1(kLayerTypeMime)};
}

QMimeData* LayerTypeModel::mimeData(const QModelIndexList& indexes) const {
  for (const QModelIndex& index : indexes)
    if (const std::string name = className(index); !name.empty()) return layerTypeMime(name).release();
  return nullptr;
}

std::string LayerTypeModel::className(const QModelIndex& index) {
  return index.data(ClassNameRole).toString().toStdString();
}

void LayerTypeDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  const auto* view = qobject_cast<const QAbstractItemView*>(option.widget);
  painter->save();
  const QRectF row = option.rect;
  const bool isSelected = option.state & QStyle::State_Selected;
  const bool isHot = option.state & QStyle::State_MouseOver;
  if (isSelected || isHot)
    paintBox(painter, row.adjusted(0, 0, -4, 0), {theme().color(isSelected ? "selection" : "hover"), {}});
  if (isSelected && view && view->hasFocus()) paintFocusRing(painter, row.adjusted(0, 0, -4, 0));
  const bool isMirrored = option.direction == Qt::RightToLeft;
  const auto mirrored = [&](QRectF part) {
    if (isMirrored) part.moveLeft(row.right() - (part.right() - row.left()));
    return part;
  };
  const QString family = index.data(LayerTypeModel::FamilyRole).toString();
  qreal left = row.left() + (family.isEmpty() ? 6 : 4);
  if (!family.isEmpty()) {
    const QRectF tile = mirrored({left, row.center().y() - kTile / 2., kTile, kTile});
    paintBox(painter, tile, {theme().familyTint(family), {}, 4});
    painter->drawPixmap(tile.topLeft() + QPointF(4, 4),
                        iconPixmap(QStringLiteral("layers/") + family, theme().familyInk(family), 16,
                                   painter->device()->devicePixelRatioF()));
    left += kTile + 8;
  }
  painter->setFont(option.font);
  painter->setPen(theme().color("text"));
  const int count = index.data(LayerTypeModel::CountRole).toInt();
  const QRectF textRect = mirrored({left, row.top(), row.right() - left - (count > 0 ? 40 : 6), row.height()});
  painter->drawText(textRect, Qt::AlignVCenter | (isMirrored ? Qt::AlignRight : Qt::AlignLeft),
                    option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, int(textRect.width())));
  if (count > 0) {
    painter->setFont(theme().mono(Theme::TextRole::Caption));
    painter->setPen(theme().color("text3"));
    painter->drawText(mirrored({row.right() - 44, row.top(), 32, row.height()}),
                      Qt::AlignVCenter | (isMirrored ? Qt::AlignLeft : Qt::AlignRight), QString::number(count));
  }
  painter->restore();
}

QSize LayerTypeDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const {
  return {120, std::max(28, option.fontMetrics.height() + 8)};
}

}  // namespace layersmith
