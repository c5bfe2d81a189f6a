#include "ui/dialogs/TwoLineDelegate.h"

#include "ui/theme/StylePainting.h"
#include "ui/theme/Theme.h"

#include <QIcon>
#include <QPainter>

namespace layersmith {

void TwoLineDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  const bool isSelected = option.state & QStyle::State_Selected;
  const bool isHovered = option.state & QStyle::State_MouseOver;
  if (isSelected || isHovered) {
    paintBox(painter, option.rect, {theme().color(isSelected ? "selection" : "hover"), Qt::transparent, 6, 0.01});
  }
  const bool isEnabled = option.state & QStyle::State_Enabled;
  const QRect icons(option.rect.left() + 8, option.rect.top() + (option.rect.height() - 20) / 2, 20, 20);
  index.data(Qt::DecorationRole).value<QIcon>().paint(painter, icons);
  const QRect words = option.rect.adjusted(40, 0, -8, 0);
  const int half = words.height() / 2;
  const QFont title = theme().font(Theme::TextRole::Body);
  const QFont note = theme().font(Theme::TextRole::Caption);
  const auto line = [&](const QRect& box, const QFont& font, const char* token, const QString& text) {
    painter->setFont(font);
    painter->setPen(theme().color(isEnabled ? token : "textDisabled"));
    painter->drawText(box, Qt::AlignVCenter | Qt::AlignLeft,
                      QFontMetrics(font).elidedText(text, m_elideMode, box.width()));
  };
  line({words.left(), words.top() + 4, words.width(), half - 3}, title, "text", index.data().toString());
  line({words.left(), words.top() + half, words.width(), half - 4}, note, "text2", index.data(kNoteRole).toString());
  if (option.state & QStyle::State_HasFocus) paintFocusRing(painter, option.rect, 6);
  painter->restore();
}

QSize TwoLineDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const {
  const int lines = QFontMetrics(theme().font(Theme::TextRole::Body)).height() +
                    QFontMetrics(theme().font(Theme::TextRole::Caption)).height();
  return {160, std::max(44, lines + 12)};
}

}  // namespace layersmith
