#pragma once

#include "ui/dialogs/Parts.h"

namespace layersmith {

/// Name, version, licence and what the program is built on.
class AboutDialog : public FooterDialog {
  Q_OBJECT

 public:
  explicit AboutDialog(QWidget* parent);
};

}  // namespace layersmith
