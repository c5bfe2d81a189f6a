#pragma once

#include "ui/dialogs/Parts.h"

class QComboBox;
class QPlainTextEdit;

namespace layersmith {

class BrowserBridge;
class Chip;

/// Tools > Browser Bridge: starts and stops it, and shows what to paste into a page's console. Closing it leaves the
/// bridge as it is.
class BridgeDialog : public FooterDialog {
  Q_OBJECT

 public:
  BridgeDialog(BrowserBridge& bridge, const QString& modelName, QWidget* parent);

 Q_SIGNALS:
  void startRequested();
  void stopRequested();

 private:
  enum Snippet { OneModel, AllModels, LoadHere };
  void refresh();
  QString snippet() const;

  BrowserBridge& m_bridge;
  QString m_modelName;  ///< what the loading snippet names
  Chip* m_chip = nullptr;
  TextLabel* m_state = nullptr;
  TextLabel* m_tokenLabel = nullptr;
  TextLabel* m_token = nullptr;
  QComboBox* m_choice = nullptr;
  QPlainTextEdit* m_code = nullptr;
  QPushButton* m_switch = nullptr;
  QPushButton* m_copy = nullptr;
};

}  // namespace layersmith
