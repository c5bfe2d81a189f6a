#pragma once

#include "ui/dialogs/Parts.h"

class QListWidget;

namespace layersmith {

/// Asks where models shall go: a browser store, a folder of interest, any other folder, or a server.
class PlaceDialog : public FooterDialog {
  Q_OBJECT

 public:
  PlaceDialog(const QString& title, const QStringList& folders, const QStringList& servers, QWidget* parent);

 Q_SIGNALS:
  void chosen(const QString& place);  ///< "indexeddb", "localstorage", a folder or a server's root

 private:
  void addPlace(const QString& iconName, const QString& title, const QString& note, const QString& place);
  void browse();
  void choose();

  QListWidget* m_list = nullptr;
};

}  // namespace layersmith
