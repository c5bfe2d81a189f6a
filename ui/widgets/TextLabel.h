#pragma once

#include "ui/theme/Theme.h"

#include <QLabel>

namespace layersmith {

/// A label in a text role and a colour token; follows the theme by itself.
class TextLabel : public QLabel {
  Q_OBJECT

 public:
  explicit TextLabel(const QString& text = {}, Theme::TextRole role = Theme::TextRole::Body, const char* token = "text",
                     QWidget* parent = nullptr);

  void setToken(const char* token);
  void setMono(bool isMono);

 private:
  void refresh();

  Theme::TextRole m_role;
  QByteArray m_token;
  bool m_isMono = false;
};

/// One line that ends in an ellipsis where the room ends; the whole text is its tool tip then.
class ElidedLabel : public TextLabel {
  Q_OBJECT

 public:
  using TextLabel::TextLabel;

  void setElideMode(Qt::TextElideMode mode);
  QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  Qt::TextElideMode m_elideMode = Qt::ElideRight;
};

/// Paints the widget's background in a colour token, now and after every change of the theme.
void setBackgroundToken(QWidget* widget, const char* token);

/// Gives the widget the font of a role, now and after every change of the theme (its text size, its family).
void setFontRole(QWidget* widget, Theme::TextRole role);
void setMonoFont(QWidget* widget, Theme::TextRole role = Theme::TextRole::Code);

/// Text with `names` in backticks as rich text whose names are mono chips ("`dense_1` needs ..."); everything else
/// escaped.
QString richText(const QString& text);

}  // namespace layersmith
