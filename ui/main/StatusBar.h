#pragma once

#include <QStatusBar>
#include <QTimer>

class QPushButton;

namespace layersmith {

class Actions;
class DocumentContext;
class TextLabel;

/// Facts about the document in front, by urgency from the left: what goes on, where it is saved, whether its shapes
/// fit; at the right its size, threads and memory.
class StatusBar : public QStatusBar {
  Q_OBJECT

 public:
  explicit StatusBar(QWidget* parent = nullptr);

  void setContext(DocumentContext* context);
  void setThreads(int threads);
  void setBridge(const QString& address);  ///< where the Browser Bridge listens; empty: it does not
  void setBusy(const QString& text);       ///< what is being saved or opened; empty: nothing

 Q_SIGNALS:
  void problemsRequested();

 private:
  void refresh();
  void refreshState();
  void refreshMemory();

  DocumentContext* m_context = nullptr;
  QString m_busy;
  QString m_progress;
  TextLabel* m_state = nullptr;
  TextLabel* m_place = nullptr;
  QPushButton* m_shapes = nullptr;
  TextLabel* m_parameters = nullptr;
  TextLabel* m_bridge = nullptr;
  TextLabel* m_threads = nullptr;
  TextLabel* m_memory = nullptr;
  QTimer m_memoryTimer;
};

}  // namespace layersmith
