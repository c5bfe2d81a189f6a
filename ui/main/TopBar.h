#pragma once

#include <QWidget>

class QMenuBar;
class QPushButton;

namespace layersmith {

class Actions;
class SegmentedSwitch;

/// The bar at the top of the window, 48 high: icon, menus, the switch of layouts, the search of actions, the most used
/// buttons, and Train at the right end.
class TopBar : public QWidget {
  Q_OBJECT

 public:
  explicit TopBar(Actions& actions, QWidget* parent = nullptr);

  QMenuBar& menuBar() { return *m_menuBar; }
  void setTraining(bool isRunning);  ///< the primary button is Train or Pause

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  QWidget* makeSwitch();
  QWidget* makeSearchField();
  QWidget* makeTrainButton();
  QWidget* makeLine();

  Actions& m_actions;
  QWidget* m_search = nullptr;
  QMenuBar* m_menuBar = nullptr;
  SegmentedSwitch* m_layouts = nullptr;
  QPushButton* m_train = nullptr;
  bool m_isRunning = false;
};

}  // namespace layersmith
