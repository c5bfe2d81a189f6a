#pragma once

#include <QDialog>
#include <QString>

#include <vector>

class QPushButton;

namespace layersmith {

class TextLabel;

/// Shown after a crash, when the models are already open again: keep them, or throw them away.
class RecoveryDialog : public QDialog {
  Q_OBJECT

 public:
  struct Row {
    QString name;
    QString note;             ///< "4 edits, epoch 37 of 100, 10:41"
    QString family;           ///< icon of its main layer: "core"
    bool isTraining = false;  ///< a training was under way and waits now
    bool isSaved = false;     ///< there is a saved model to compare with
  };

  RecoveryDialog(std::vector<Row> rows, QWidget* parent);

 Q_SIGNALS:
  void kept();
  void discarded();
  void showRequested(int row);
  void compareRequested(int row);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QWidget* makeRow(const Row& row, int index);
  void setAskingAgain(bool isAskingAgain);

  const std::vector<Row> m_rows;
  bool m_isAskingAgain = false;
  TextLabel* m_title;
  TextLabel* m_body;
  QPushButton* m_discard;
  QPushButton* m_keep;
};

}  // namespace layersmith
