#pragma once

#include <QDialog>

#include <vector>

class QAction;
class QLineEdit;
class QListWidget;

namespace layersmith {

/// Ctrl+K: finds any action of the window by parts of its words and does it.
class ActionSearch : public QDialog {
  Q_OBJECT

 public:
  ActionSearch(std::vector<QAction*> actions, QWidget* parent);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  void filter(const QString& words);
  void runCurrent();

  std::vector<QAction*> m_actions;
  QLineEdit* m_field = nullptr;
  QListWidget* m_list = nullptr;
};

}  // namespace layersmith
