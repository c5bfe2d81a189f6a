#pragma once

#include "ui/dialogs/Parts.h"

#include <vector>

class QAction;

namespace layersmith {

/// Every command with its keys; a field filters them.
class ShortcutsDialog : public FooterDialog {
  Q_OBJECT

 public:
  ShortcutsDialog(const std::vector<QAction*>& actions, QWidget* parent);
};

}  // namespace layersmith
