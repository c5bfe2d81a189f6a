#pragma once

#include <QWidget>

class QScrollArea;
class QVBoxLayout;

namespace layersmith {

class Actions;
class Settings;
class TextLabel;

/// First words over the ready sample: train it, look around, make or open a model. It keeps within its parent: where
/// that is low it stands closer, and scrolls when that is not enough.
class WelcomePanel : public QWidget {
  Q_OBJECT

 public:
  WelcomePanel(Actions& actions, Settings& settings, QWidget* parent = nullptr);

  QSize sizeHint() const override;
  void setSample(const QString& title, const QString& facts);  ///< "400 points, 33 parameters, about 5 seconds."

 Q_SIGNALS:
  void dismissed();
  void templateRequested(const QString& key);
  void placeRequested(const QString& place);

 protected:
  bool event(QEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  void makeContent();
  void fit();
  void setClose(bool isClose, bool hasIntro);
  void measureAnew();
  QWidget* makeSampleBox();
  QWidget* makeActionRow(QAction* action, const QString& name, const QString& text);
  QWidget* makeChips();
  void refreshRecent();

  Actions& m_actions;
  Settings& m_settings;
  TextLabel* m_sampleTitle = nullptr;
  TextLabel* m_sampleFacts = nullptr;
  QScrollArea* m_scroll = nullptr;
  QWidget* m_content = nullptr;
  QVBoxLayout* m_column = nullptr;
  QVBoxLayout* m_rows = nullptr;
  QWidget* m_intro = nullptr;
  QWidget* m_recent = nullptr;
  QVBoxLayout* m_recentRows = nullptr;
};

}  // namespace layersmith
