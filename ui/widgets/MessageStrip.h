#pragma once

#include "model/core/Issue.h"

#include <QWidget>

#include <functional>

class QLabel;
class QToolButton;

namespace layersmith {

class FlowLayout;

/// A message inside the window, tinted by severity: icon, sentence (names in backticks become mono chips), buttons with
/// verbs, close. Never a modal box. Hidden until show().
class MessageStrip : public QWidget {
  Q_OBJECT

 public:
  explicit MessageStrip(QWidget* parent = nullptr);

  /// Replaces the message and takes its buttons away.
  void setMessage(Severity severity, const QString& text);
  void addAction(const QString& text, std::function<void()> action, bool isPrimary = false);
  void setClosable(bool isClosable);
  QString text() const { return m_text; }

 Q_SIGNALS:
  void closed();

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void refresh();

  Severity m_severity = Severity::Hint;
  QString m_text;
  QLabel* m_icon;
  QLabel* m_label;
  QWidget* m_buttonRow;
  FlowLayout* m_buttons;
  QToolButton* m_close;
};

/// Icon and ink of a severity: "error"/"danger", "warning"/"warning", "info"/"accentText".
const char* severityIconName(Severity severity);
const char* severityToken(Severity severity);

}  // namespace layersmith
