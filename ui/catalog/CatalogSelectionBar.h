#pragma once

#include "ui/dialogs/Parts.h"

#include <vector>

namespace layersmith {

/// What can be done to all selected models, in a row over the table. Where the words do not fit there are icons alone.
class CatalogSelectionBar : public Surface {
  Q_OBJECT

 public:
  /// `prefix` of the object names: "catalogPage".
  explicit CatalogSelectionBar(const QString& prefix, QWidget* parent = nullptr);

  void showSelection(int count, std::int64_t bytes);
  QSize minimumSizeHint() const override;

 Q_SIGNALS:
  void openRequested();
  void copyRequested();
  void moveRequested();
  void deleteRequested();
  void clearRequested();

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void fit();

  TextLabel* m_text = nullptr;
  TextLabel* m_bytes = nullptr;
  std::vector<QPushButton*> m_buttons;
};

}  // namespace layersmith
