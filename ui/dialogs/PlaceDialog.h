#pragma once

#include "ui/dialogs/Parts.h"

class QListWidget;

namespace layersmith {

/// Asks where models shall go: a browser store, a folder of interest, or any other folder.
class PlaceDialog : public FooterDialog {
  Q_OBJECT

 public:
  PlaceDialog(const QString& title, const QStringList& folders, QWidget* parent);

 Q_SIGNALS:
  void chosen(const QString& place);  ///< "indexeddb", "localstorage" or a folder

 private:
  void addPlace(const QString& iconName, const QString& title, const QString& note, const QString& place);
  void browse();
  void choose();

  QListWidget* m_list = nullptr;
};

}  // namespace layersmith
