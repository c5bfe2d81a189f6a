#pragma once

#include <QLineEdit>
#include <QPointer>

#include <functional>

namespace layersmith {

class TextLabel;

/// A field for a new name inside a list. Why the name cannot be had stands under it while one types.
class NameEditor : public QLineEdit {
  Q_OBJECT

 public:
  using Check = std::function<QString(const QString& name)>;  ///< why it cannot be; empty: it can

  NameEditor(const QString& objectName, QWidget* parent);
  ~NameEditor() override;

  void setCheck(Check check) { m_check = std::move(check); }
  QString problem() const;
  bool isTouched() const { return m_isTouched; }  ///< holds what somebody typed
  /// What was typed before and was refused, ready to be changed; it stays refused while it is the same.
  void retype(const QString& text, const QString& problem);
  void tellProblem();

 protected:
  void moveEvent(QMoveEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void tell(const QString& problem);
  void placeLabel();

  Check m_check;
  QString m_refused, m_refusal;
  bool m_isTouched = false;
  QPointer<TextLabel> m_label;  ///< beside the field, in its parent
};

}  // namespace layersmith
