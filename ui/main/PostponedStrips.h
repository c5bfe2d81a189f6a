#pragma once

#include <QWidget>

namespace layersmith {

class DocumentContext;
class SaveController;

/// Models that wait for a server which cannot be reached, above the status bar: each with Send now and Forget. Takes no
/// room while none waits.
class PostponedStrips : public QWidget {
  Q_OBJECT

 public:
  explicit PostponedStrips(SaveController& saver, QWidget* parent = nullptr);

 private:
  void refresh();
  QWidget* makeStrip(DocumentContext& context);

  SaveController& m_saver;
};

}  // namespace layersmith
