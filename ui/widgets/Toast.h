#pragma once

#include <QTimer>
#include <QWidget>

#include <functional>

class QLabel;
class QPushButton;

namespace layersmith {

/// A passing note over the lower edge of a window, in inverse colours: what was done, and Undo. Stays 8 s, longer while
/// hovered or focused; a new one replaces the old one.
class Toast : public QWidget {
  Q_OBJECT

 public:
  /// `host` is the main window. With an empty action text there is no button.
  static Toast* show(QWidget* host, const QString& iconName, const QString& text, const QString& actionText = {},
                     std::function<void()> action = {});

 protected:
  void paintEvent(QPaintEvent* event) override;
  void enterEvent(QEnterEvent* event) override;
  void leaveEvent(QEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  Toast(QWidget* host, const QString& iconName, const QString& text, const QString& actionText,
        std::function<void()> action);
  void place();

  QTimer m_timer;
};

}  // namespace layersmith
