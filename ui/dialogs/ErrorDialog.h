#pragma once

#include "model/core/Error.h"

#include <QDialog>

#include <functional>
#include <vector>

class QPushButton;

namespace layersmith {

/// A way out of a failure: a button and what it does.
struct ErrorAction {
  QString name;  ///< objectName of the button: "retry"
  QString text;
  std::function<void()> run;
};

/// What did not happen, what was found, and buttons that help; code and place are folded under Details.
class ErrorDialog : public QDialog {
  Q_OBJECT

 public:
  /// `title` says what did not happen: "The model was not saved." The first action is the primary one.
  ErrorDialog(const QString& title, const Error& error, std::vector<ErrorAction> actions, QWidget* parent);

  /// Shows one and forgets it.
  static ErrorDialog* show(const QString& title, const Error& error, std::vector<ErrorAction> actions, QWidget* parent);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QWidget* makeDetails(const Error& error);
  QWidget* makeButtons(std::vector<ErrorAction> actions);

  QPushButton* m_primary = nullptr;
};

/// "E110 · model.json > weights.bin" and the technical text, as Details shows and copies it.
QString technicalText(const Error& error);

}  // namespace layersmith
