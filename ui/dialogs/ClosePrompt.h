#pragma once

#include <QDialog>
#include <QStringList>

#include <functional>

namespace layersmith {

/// Asks what becomes of unsaved changes: Save, Don't Save or Cancel, with all changed models listed.
class ClosePrompt : public QDialog {
  Q_OBJECT

 public:
  enum class Answer { Save, Discard, Cancel };

  /// `isTraining`: a training of one of them is still running; the buttons say that it will be stopped.
  ClosePrompt(const QStringList& names, bool isTraining, QWidget* parent);

 Q_SIGNALS:
  void answered(layersmith::ClosePrompt::Answer answer);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void answer(Answer answer);

  bool m_isAnswered = false;
};

}  // namespace layersmith
