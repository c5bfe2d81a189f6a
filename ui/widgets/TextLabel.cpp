#include "ui/widgets/TextLabel.h"

#include <QPainter>
#include <QStyle>

namespace layersmith {

TextLabel::TextLabel(const QString& text, Theme::TextRole role, const char* token, QWidget* parent)
    : QLabel(text, parent), m_role(role), m_token(token) {
  connect(&theme(), &Theme::changed, this, &TextLabel::refresh);
  refresh();
}

void TextLabel::setToken(const char* token) {
  m_token = token;
  refresh();
}

void TextLabel::setMono(bool isMono) {
  m_isMono = isMono;
  refresh();
}

void TextLabel::refresh() {
  setFont(m_isMono ? theme().mono(m_role) : theme().font(m_role));
  QPalette own;
  own.setColor(QPalette::WindowText, theme().color(m_token));
  own.setColor(QPalette::Disabled, QPalette::WindowText, theme().color("textDisabled"));
  setPalette(own);
}

void ElidedLabel::setElideMode(Qt::TextElideMode mode) {
  m_elideMode = mode;
  update();
}

QSize ElidedLabel::minimumSizeHint() const {
  const QSize hint = TextLabel::minimumSizeHint();
  return {std::min(hint.width(), fontMetrics().averageCharWidth() * 4), hint.height()};
}

void ElidedLabel::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const QRect rect = contentsRect().adjusted(margin(), 0, -margin(), 0);
  const QString shown = fontMetrics().elidedText(text(), m_elideMode, rect.width());
  if (shown != text() && toolTip().isEmpty()) setToolTip(text());
  style()->drawItemText(&painter, rect, int(QStyle::visualAlignment(layoutDirection(), alignment())), palette(),
                        isEnabled(), shown, QPalette::WindowText);
}

void setBackgroundToken(QWidget* widget, const char* token) {
  const auto refresh = [widget, name = QByteArray(token)] {
    QPalette palette = widget->palette();
    palette.setColor(widget->backgroundRole(), theme().color(name));
    widget->setPalette(palette);
  };
  widget->setAutoFillBackground(true);
  refresh();
  QObject::connect(&theme(), &Theme::changed, widget, refresh);
}

void setFontRole(QWidget* widget, Theme::TextRole role) {
  const auto refresh = [widget, role] { widget->setFont(theme().font(role)); };
  refresh();
  QObject::connect(&theme(), &Theme::changed, widget, refresh);
}

void setMonoFont(QWidget* widget, Theme::TextRole role) {
  const auto refresh = [widget, role] { widget->setFont(theme().mono(role)); };
  refresh();
  QObject::connect(&theme(), &Theme::changed, widget, refresh);
}

QString richText(const QString& text) {
  const QStringList parts = text.split(u'`');
  QString html;
  const QString chip = QStringLiteral("<span style=\"font-family:'%1'; background-color:%2;\">&nbsp;%3&nbsp;</span>");
  for (qsizetype i = 0; i < parts.size(); ++i) {
    const QString escaped = parts[i].toHtmlEscaped();
    const bool isName = i % 2 == 1 && i + 1 < parts.size();
    html +=
        isName ? chip.arg(theme().mono().families().constFirst(), theme().color("pressed").name(), escaped) : escaped;
  }
  return html;
}

}  // namespace layersmith
