#include "ui/data/ThumbnailDelegate.h"

#include "ui/data/ClassMarks.h"
#include "ui/itemmodels/DataTableModel.h"
#include "ui/theme/Theme.h"

#include <QImage>
#include <QListView>
#include <QPainter>
#include <QPainterPath>

namespace layersmith {

namespace {

constexpr int kSide = 64;
constexpr int kCaption = 18;
constexpr int kMargin = 6;

}  // namespace

QSize ThumbnailDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const {
  return {kSide + 2 * kMargin, kSide + kCaption + 2 * kMargin};
}

void ThumbnailDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  const QRectF box(option.rect.left() + (option.rect.width() - kSide) / 2.0, option.rect.top() + kMargin, kSide, kSide);
  const bool isSelected = option.state & QStyle::State_Selected;
  if (isSelected) {
    painter->setPen(QPen(theme().color("focus"), 2));
    painter->setBrush(Qt::NoBrush);
    painter->drawRoundedRect(box.adjusted(-3, -3, 3, 3), 7, 7);
  }
  QPainterPath clip;
  clip.addRoundedRect(box, 4, 4);
  painter->setClipPath(clip);
  painter->fillRect(box, QColor(14, 17, 22));
  const QImage image = index.data(DataTableModel::ImageRole).value<QImage>();
  if (!image.isNull()) painter->drawImage(box, image);
  painter->setClipping(false);
  painter->setFont(theme().mono(Theme::TextRole::Caption));
  painter->setPen(theme().color(isSelected ? "accentText" : "text2"));
  const QRectF caption(option.rect.left(), box.bottom() + 2, option.rect.width(), kCaption);
  const QString text = index.data(DataTableModel::CaptionRole).toString();
  painter->drawText(caption, Qt::AlignCenter,
                    QFontMetricsF(painter->font()).elidedText(text, Qt::ElideRight, caption.width()));
  painter->restore();
}

QSize ClassMarkDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
  QSize size = QStyledItemDelegate::sizeHint(option, index);
  if (index.data(DataTableModel::ClassRole).toInt() >= 0) size.rwidth() += 16;
  return size;
}

void ClassMarkDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  const int classIndex = index.data(DataTableModel::ClassRole).toInt();
  if (classIndex < 0) {
    QStyledItemDelegate::paint(painter, option, index);
    return;
  }
  QStyleOptionViewItem background = option;
  initStyleOption(&background, index);
  const QString text = background.text;
  background.text.clear();
  const QStyle* style = option.widget->style();
  style->drawControl(QStyle::CE_ItemViewItem, &background, painter, option.widget);
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  const double y = option.rect.top() + option.rect.height() / 2.0;
  paintClassMark(*painter, {option.rect.left() + 13.0, y}, 8, classIndex,
                 index.data(DataTableModel::ValidationRole).toBool());
  painter->setFont(option.font);
  painter->setPen(theme().color("text"));
  painter->drawText(option.rect.adjusted(23, 0, -4, 0), Qt::AlignLeft | Qt::AlignVCenter, text);
  painter->restore();
}

QListView* makeThumbnailView(const QString& objectName, QWidget* parent) {
  auto* view = new QListView(parent);
  view->setObjectName(objectName);
  view->setViewMode(QListView::IconMode);
  view->setResizeMode(QListView::Adjust);
  view->setMovement(QListView::Static);
  view->setUniformItemSizes(true);
  view->setSpacing(2);
  view->setFrameShape(QFrame::NoFrame);
  view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  view->setItemDelegate(new ThumbnailDelegate(view));
  return view;
}

}  // namespace layersmith
