#pragma once

#include <QColor>
#include <QFont>
#include <QObject>
#include <QPalette>
#include <QString>

#include <memory>
#include <vector>

namespace layersmith {

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

  QColor color(const char* token) const;  ///< "panel", "text2", "accent": asserts that the token exists
  QColor familyInk(QStringView family) const;   ///< "convolution"
  QColor familyTint(QStringView family) const;
  QColor series(int index) const;               ///< chart colours: 0 train, 1 validation, 2 best, then classes
  QColor boundary(const char* end) const;       ///< "a", "b", "mid"
  std::vector<QColor> sequential() const;       ///< light to strong, for matrices

  QFont font(TextRole role) const;
  QFont mono(TextRole role = TextRole::Code) const;  ///< figures that line up or tick
  QPalette palette() const;

 Q_SIGNALS:
  void changed();

 private:
  struct Tokens;
  std::shared_ptr<const Tokens> m_tokens;
  Mode m_mode = Mode::System;
  bool m_isDark = false;
};

Theme& theme();

}  // namespace layersmith
