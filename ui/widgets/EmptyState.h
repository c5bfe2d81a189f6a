#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace layersmith {

/// What a view shows while it is empty: glyph, one line, one sentence, one button; centred, at most 260 wide.
class EmptyState : public QWidget {
  Q_OBJECT

 public:
  EmptyState(const QString& iconName, const QString& line, const QString& sentence, const QString& buttonText = {},
             const QString& buttonIcon = {}, QWidget* parent = nullptr);

  void setTexts(const QString& line, const QString& sentence);
  QPushButton* button() const { return m_button; }  ///< null when made without one

 Q_SIGNALS:
  void activated();

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void fitLabels();

  QLabel* m_line;
  QLabel* m_sentence;
  QPushButton* m_button = nullptr;
};

}  // namespace layersmith
