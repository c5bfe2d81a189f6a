#pragma once

#include <QColor>
#include <QFont>
#include <QObject>
#include <QPalette>
#include <QString>

#include <memory>
#include <vector>

class QApplication;

namespace layersmith {

class SystemAppearance;

/// The design tokens of resources/tokens.json, in the theme now in force. No widget keeps a QColor: it asks when it
/// paints, and repaints on changed().
/// Thread rule: GUI thread. One object, made by app/studio before the first widget: theme().
class Theme : public QObject {
  Q_OBJECT

 public:
  enum class Mode { Light, Dark, System };
  enum class TextRole { Display, Title, Body, BodyStrong, Label, Caption, Code, Readout };

  explicit Theme(QObject* parent = nullptr);

  Mode mode() const { return m_mode; }
  void setMode(Mode mode);
  bool isDark() const { return m_isDark; }

  bool isHighContrast() const;

  QColor color(const char* token) const;       ///< "panel", "text2", "accent": asserts that the token exists
  QColor familyInk(QStringView family) const;  ///< "convolution"
  QColor familyTint(QStringView family) const;
  QColor series(int index) const;          ///< chart colours: 0 train, 1 validation, 2 best, then classes
  QColor boundary(const char* end) const;  ///< "a", "b", "mid"
  std::vector<QColor> sequential() const;  ///< light to strong, for matrices

  QFont font(TextRole role) const;
  QFont mono(TextRole role = TextRole::Code) const;  ///< figures that line up or tick
  QPalette palette() const;

  /// Preferences: size of all text and of what must hold it, 0.8 to 2; 1 by default. Row heights follow the font.
  qreal fontScale() const { return m_fontScale; }
  void setFontScale(qreal scale);

  /// Preferences: the family of all text but the mono figures; empty: the tokens' (Inter).
  const QString& uiFamily() const { return m_uiFamily; }
  void setUiFamily(const QString& family);

  int motionMs(const char* token) const;  ///< "cardMove"; 0 when the system asks for reduced motion

 Q_SIGNALS:
  void changed();

 private:
  struct Tokens;
  std::shared_ptr<const Tokens> m_tokens;
  void refresh();
  QFont makeFont(bool isMono, TextRole role) const;

  SystemAppearance* m_system;
  Mode m_mode = Mode::System;
  bool m_isDark = false;
  qreal m_fontScale = 1;
  QString m_uiFamily;
};

/// The theme in force; made on first use when nobody made one.
Theme& theme();

/// Style, palette and font of the whole application, now and at every change of the theme. Call once after QApplication
/// and before the first widget.
void installLook(QApplication& application);

}  // namespace layersmith
