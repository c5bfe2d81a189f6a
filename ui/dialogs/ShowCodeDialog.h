#pragma once

#include "ui/dialogs/Parts.h"

namespace layersmith {

/// Text to copy or keep: the command line of the last action, a page for TensorFlow.js.
class ShowCodeDialog : public FooterDialog {
  Q_OBJECT

 public:
  /// `fileName`: what Save proposes ("index.html"); empty: no Save button.
  ShowCodeDialog(const QString& title, const QString& note, const QString& code, const QString& fileName,
                 QWidget* parent);

 private:
  void saveAs(const QString& code, const QString& fileName);
};

}  // namespace layersmith
