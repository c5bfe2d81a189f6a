#pragma once

#include "ui/dialogs/Parts.h"

namespace layersmith {

/// A page of help: how to build, train, judge and keep a model.
class HelpDialog : public FooterDialog {
  Q_OBJECT

 public:
  explicit HelpDialog(QWidget* parent);
};

}  // namespace layersmith
