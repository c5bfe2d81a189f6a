#pragma once

#include <QLineEdit>

namespace layersmith {

/// A line edit with a glass and a clear button; Esc empties it, Down goes to the list it filters.
class SearchField : public QLineEdit {
  Q_OBJECT

 public:
  explicit SearchField(const QString& placeholder, QWidget* parent = nullptr);

  void setTarget(QWidget* list) { m_target = list; }

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  QWidget* m_target = nullptr;
};

}  // namespace layersmith
