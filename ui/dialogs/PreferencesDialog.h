#pragma once

#include "ui/dialogs/Parts.h"
#include "ui/main/StoreWorker.h"

class QListWidget;

namespace layersmith {

class Settings;

/// Theme, font, folders of interest, room in local storage, threads. Every choice takes effect at once.
class PreferencesDialog : public FooterDialog {
  Q_OBJECT

 public:
  PreferencesDialog(Settings& settings, StoreWorker& stores, int availableThreads, QWidget* parent);

 Q_SIGNALS:
  void themeModeChosen(layersmith::Theme::Mode mode);

 private:
  QWidget* makeThemeSwitch();
  QWidget* makeFontChoice();
  QWidget* makeScale();
  QWidget* makeThreads(int available);
  QWidget* makeFolders();
  QWidget* makeQuota(StoreWorker& stores);
  void storeFolders();

  Settings& m_settings;
  QListWidget* m_folders = nullptr;
};

}  // namespace layersmith
