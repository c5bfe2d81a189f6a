#include "ui/catalog/PlacesView.h"

#include "ui/catalog/CatalogModel.h"
#include "ui/dialogs/Parts.h"
#include "ui/theme/StylePainting.h"
#include "ui/widgets/QuotaBar.h"
#include "ui/widgets/SizeText.h"

#include <QContextMenuEvent>
#include <QDragMoveEvent>
#include <QLocale>
#include <QMimeData>
#include <QPainter>
#include <QStyledItemDelegate>

#include <algorithm>

namespace layersmith {

namespace {

constexpr int kLeft = 32;  // of words, right of the icon
constexpr int kWordGap = 12;

int lineHeight(const QFontMetrics& metrics) {
  return std::max(28, metrics.height() + 8);
}

int smallLineHeight() {
  return QFontMetrics(theme().font(Theme::TextRole::Caption)).height() + 4;
}

struct Word {
  QString key, text;
  QRect rect;
};

/// The words of a row, right of the note where they fit, else in a line of their own.
std::vector<Word> wordsOf(const QModelIndex& index, const QRect& row) {
  QFont font = theme().font(Theme::TextRole::Caption);
  font.setWeight(QFont::DemiBold);
  const QFontMetrics metrics(font);
  const bool hasNote = index.data(PlacesView::NoteRole).isValid();
  const int small = smallLineHeight();
  std::vector<Word> words;
  int x = hasNote ? row.left() + kLeft : row.right() - 8;
  for (const QString& line : index.data(PlacesView::WordsRole).toStringList()) {
    Word word{line.section(QLatin1Char('\n'), 0, 0), line.section(QLatin1Char('\n'), 1), {}};
    const int width = metrics.horizontalAdvance(word.text);
    if (!hasNote) x -= width;
    word.rect = QRect(x, row.bottom() - small - 3, width, small);
    x += hasNote ? width + kWordGap : -kWordGap;
    words.push_back(std::move(word));
  }
  return words;
}

class PlaceDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const int line = lineHeight(option.fontMetrics);
    if (index.data(PlacesView::HeadingRole).toBool()) return {120, line + 8};
    if (index.data(PlacesView::NoteRole).isValid()) return {120, line + 2 * smallLineHeight() + 4};
    if (index.data(PlacesView::QuotaRole).isValid()) return {120, line + smallLineHeight() + 14};
    return {120, line};
  }

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (index.data(PlacesView::HeadingRole).toBool()) {
      painter->setFont(theme().font(Theme::TextRole::BodyStrong));
      painter->setPen(theme().color("text"));
      painter->drawText(option.rect.adjusted(8, 8, -8, 0), Qt::AlignVCenter | Qt::AlignLeft, index.data().toString());
    } else {
      paintPlace(painter, option, index);
    }
    painter->restore();
  }

 private:
  static void paintPlace(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) {
    const bool isSelected = option.state & QStyle::State_Selected;
    const bool isHovered = option.state & QStyle::State_MouseOver;
    const QString drop = index.data(PlacesView::DropRole).toString();
    if (isSelected || isHovered)
      paintBox(painter, option.rect, {theme().color(isSelected ? "selection" : "hover"), Qt::transparent, 6, 0.01});
    if (!drop.isEmpty()) paintBox(painter, option.rect, {theme().color("selection"), theme().color("accent"), 6, 2});
    const QRect line(option.rect.left(), option.rect.top(), option.rect.width(), lineHeight(option.fontMetrics));
    index.data(Qt::DecorationRole).value<QIcon>().paint(painter, QRect(line.left() + 8, line.center().y() - 7, 16, 16));
    const QString count = drop.isEmpty() ? index.data(PlacesView::CountRole).toString() : drop;
    painter->setFont(drop.isEmpty() ? theme().mono(Theme::TextRole::Caption) : theme().font(Theme::TextRole::Label));
    painter->setPen(theme().color(drop.isEmpty() ? "text3" : "accentText"));
    painter->drawText(line.adjusted(0, 0, -8, 0), Qt::AlignVCenter | Qt::AlignRight, count);
    const int countWidth = painter->fontMetrics().horizontalAdvance(count);
    painter->setFont(theme().font(Theme::TextRole::Body));
    painter->setPen(theme().color(index.data(PlacesView::NoteRole).isValid() ? "text3" : "text"));
    const QRect words = line.adjusted(kLeft, 0, -countWidth - 16, 0);
    painter->drawText(words, Qt::AlignVCenter | Qt::AlignLeft,
                      painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideMiddle, words.width()));
    paintNote(painter, option.rect, line.bottom(), index);
    paintQuota(painter, option.rect, line.bottom(), index);
    paintWords(painter, option.rect, index);
    if (option.state & QStyle::State_HasFocus) paintFocusRing(painter, option.rect, 6);
  }

  static void paintNote(QPainter* painter, const QRect& row, int top, const QModelIndex& index) {
    const QString note = index.data(PlacesView::NoteRole).toString();
    if (note.isEmpty()) return;
    painter->setFont(theme().font(Theme::TextRole::Caption));
    painter->setPen(theme().color("text2"));
    const QRect rect(row.left() + kLeft, top - 2, row.width() - kLeft - 8, smallLineHeight());
    painter->drawText(rect, Qt::AlignVCenter | Qt::AlignLeft,
                      painter->fontMetrics().elidedText(note, Qt::ElideRight, rect.width()));
  }

  static void paintWords(QPainter* painter, const QRect& row, const QModelIndex& index) {
    QFont font = theme().font(Theme::TextRole::Caption);
    font.setWeight(QFont::DemiBold);
    painter->setFont(font);
    painter->setPen(theme().color("accentText"));
    for (const Word& word : wordsOf(index, row)) painter->drawText(word.rect, Qt::AlignCenter, word.text);
  }

  static void paintQuota(QPainter* painter, const QRect& rect, int top, const QModelIndex& index) {
    if (!index.data(PlacesView::QuotaRole).isValid()) return;
    const double used = index.data(PlacesView::UsedRole).toDouble();
    const double quota = index.data(PlacesView::QuotaRole).toDouble();
    const double fraction = quota > 0 ? used / quota : 0;
    const QRectF bar(rect.left() + kLeft, top + 1, rect.width() - kLeft - 8, 6);
    if (quota > 0) paintQuotaBar(painter, bar, fraction);
    painter->setFont(theme().font(Theme::TextRole::Caption));
    painter->setPen(theme().color(quotaToken(fraction)));
    const QString text = quota > 0 ? usageText(std::int64_t(used), std::int64_t(quota)) : sizeText(std::int64_t(used));
    const QRectF line(bar.left(), rect.bottom() - smallLineHeight() - 3, bar.width(), smallLineHeight());
    painter->drawText(line, Qt::AlignVCenter | Qt::AlignLeft, text);
  }
};

}  // namespace

struct PlacesView::Drop {
  QListWidgetItem* item = nullptr;  ///< null: nothing can be dropped here
  QStringList urls;
  bool isMove = false;
};

PlacesView::PlacesView(QWidget* parent) : QListWidget(parent) {
  setFrameShape(QFrame::NoFrame);
  setItemDelegate(new PlaceDelegate(this));
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setAcceptDrops(true);
  setMouseTracking(true);
}

QRect PlacesView::wordRect(const QModelIndex& index, const QString& key) const {
  for (const Word& word : wordsOf(index, visualRect(index)))
    if (word.key == key) return word.rect;
  return {};
}

QString PlacesView::wordAt(const QPoint& position) const {
  const QModelIndex index = indexAt(position);
  if (!index.isValid()) return {};
  for (const Word& word : wordsOf(index, visualRect(index)))
    if (word.rect.adjusted(-4, -4, 4, 4).contains(position)) return word.key;
  return {};
}

void PlacesView::mousePressEvent(QMouseEvent* event) {
  const QString key = event->button() == Qt::LeftButton ? wordAt(event->pos()) : QString();
  if (key.isEmpty())
    QListWidget::mousePressEvent(event);
  else
    Q_EMIT actionRequested(indexAt(event->pos()).data(PlaceRole).toString(), key);
}

void PlacesView::mouseMoveEvent(QMouseEvent* event) {
  viewport()->setCursor(wordAt(event->pos()).isEmpty() ? Qt::ArrowCursor : Qt::PointingHandCursor);
  QListWidget::mouseMoveEvent(event);
}

void PlacesView::contextMenuEvent(QContextMenuEvent* event) {
  const bool isMouse = event->reason() == QContextMenuEvent::Mouse;
  const QModelIndex index = isMouse ? indexAt(event->pos()) : currentIndex();
  if (!index.isValid() || index.data(HeadingRole).toBool()) return;
  Q_EMIT menuRequested(index.data(PlaceRole).toString(),
                       isMouse ? event->globalPos() : viewport()->mapToGlobal(visualRect(index).center()));
}

/// As file managers do: within a store models move, between stores they are copied; Ctrl copies, Shift moves.
PlacesView::Drop PlacesView::dropAt(const QDropEvent& event) const {
  Drop drop;
  drop.urls = modelUrls(*event.mimeData());
  QListWidgetItem* item = itemAt(event.position().toPoint());
  if (drop.urls.isEmpty() || !item || item->data(HeadingRole).toBool()) return drop;
  const QString place = item->data(PlaceRole).toString();
  if (place.isEmpty()) return drop;
  const bool isTrash = place == QStringLiteral("trash");
  const auto isFrom = [&](const QString& url) { return placeOf(url) == place; };
  const auto isSame = [&](const QString& url) { return isSameStore(placeOf(url), place); };
  drop.isMove = isTrash || std::ranges::all_of(drop.urls, isSame);
  if (!isTrash && event.modifiers() & Qt::ControlModifier) drop.isMove = false;
  if (!isTrash && event.modifiers() & Qt::ShiftModifier) drop.isMove = true;
  if (drop.isMove && std::ranges::all_of(drop.urls, isFrom)) return drop;  // they are there
  drop.item = item;
  return drop;
}

void PlacesView::showHint(const QListWidgetItem* item, const QString& text) {
  for (int row = 0; row < count(); ++row) {
    QListWidgetItem* one = this->item(row);
    const QString wanted = one == item ? text : QString();
    if (one->data(DropRole).toString() != wanted) one->setData(DropRole, wanted);
  }
}

void PlacesView::dragEnterEvent(QDragEnterEvent* event) {
  if (!modelUrls(*event->mimeData()).isEmpty()) event->acceptProposedAction();
}

void PlacesView::dragMoveEvent(QDragMoveEvent* event) {
  const Drop drop = dropAt(*event);
  const int many = static_cast<int>(drop.urls.size());
  if (!drop.item) {
    showHint(nullptr, {});
    event->ignore();
    return;
  }
  const bool isTrash = drop.item->data(PlaceRole).toString() == QStringLiteral("trash");
  showHint(drop.item, isTrash       ? tr("Delete %n", nullptr, many)
                      : drop.isMove ? tr("Move %Ln here", nullptr, many)
                                    : tr("Copy %Ln here", nullptr, many));
  event->setDropAction(drop.isMove ? Qt::MoveAction : Qt::CopyAction);
  event->accept();
}

void PlacesView::dragLeaveEvent(QDragLeaveEvent*) {
  showHint(nullptr, {});
}

void PlacesView::dropEvent(QDropEvent* event) {
  const Drop drop = dropAt(*event);
  showHint(nullptr, {});
  if (!drop.item) return;
  event->setDropAction(drop.isMove ? Qt::MoveAction : Qt::CopyAction);
  event->accept();
  Q_EMIT modelsDropped(drop.urls, drop.item->data(PlaceRole).toString(), drop.isMove);
}

}  // namespace layersmith
