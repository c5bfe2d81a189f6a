#pragma once

#include <QTimer>
#include <QWidget>

class QLabel;
class QProgressBar;

namespace layersmith {

class TextLabel;

/// What is being done, how far it is, and Cancel. Shows itself only when the work takes longer than half a second.
class BusyStrip : public QWidget {
  Q_OBJECT

 public:
  /// `name` stands before the object names of its parts.
  explicit BusyStrip(QWidget* parent = nullptr, const QString& name = QStringLiteral("busy"));

  void begin(const QString& text, bool canCancel);
  void setProgress(qint64 done, qint64 total);
  void end();

 Q_SIGNALS:
  void cancelled();

 private:
  QTimer m_delay;
  TextLabel* m_text;
  TextLabel* m_numbers;
  QProgressBar* m_bar;
  QWidget* m_cancel;
};

}  // namespace layersmith
