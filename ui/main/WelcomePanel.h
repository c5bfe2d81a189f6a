#pragma once

#include <QWidget>

class QVBoxLayout;

namespace layersmith {

class Actions;
class Settings;
class TextLabel;

/// First words over the ready sample: train it, look around, make or open a model.
class WelcomePanel : public QWidget {
  Q_OBJECT

 public:
  WelcomePanel(Actions& actions, Settings& settings, QWidget* parent = nullptr);

  void setSample(const QString& title, const QString& facts);  ///< "400 points, 33 parameters, about 5 seconds."

 Q_SIGNALS:
  void dismissed();
  void templateRequested(const QString& key);
  void placeRequested(const QString& place);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QWidget* makeSampleBox();
  QWidget* makeActionRow(QAction* action, const QString& name, const QString& text);
  QWidget* makeChips();
  void refreshRecent();

  Actions& m_actions;
  Settings& m_settings;
  TextLabel* m_sampleTitle = nullptr;
  TextLabel* m_sampleFacts = nullptr;
  QWidget* m_recent = nullptr;
  QVBoxLayout* m_recentRows = nullptr;
};

}  // namespace layersmith
