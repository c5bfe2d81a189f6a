#pragma once

#include "ui/dialogs/Parts.h"

class QListWidget;

namespace layersmith {

/// File > New: an empty model or one of the templates, each with a sentence.
class NewModelDialog : public FooterDialog {
  Q_OBJECT

 public:
  explicit NewModelDialog(QWidget* parent);

 Q_SIGNALS:
  void chosen(const QString& templateKey);

 private:
  void choose();

  QListWidget* m_list = nullptr;
};

}  // namespace layersmith
