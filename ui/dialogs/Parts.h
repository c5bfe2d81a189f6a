#pragma once

#include "ui/widgets/Buttons.h"
#include "ui/widgets/TextLabel.h"

#include <QDialog>
#include <QWidget>

class QHBoxLayout;
class QVBoxLayout;

namespace layersmith {

/// Sentences with `names` in backticks, shown as code, over as many lines as they need.
void setSentence(QLabel& label, const QString& text);

/// A flat area in one colour token, with hairlines where asked.
class Surface : public QWidget {
  Q_OBJECT

 public:
  explicit Surface(const char* token, Qt::Edges lines = {}, QWidget* parent = nullptr);
  void setToken(const char* token);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  const char* m_token;
  Qt::Edges m_lines;
};

/// objectName, accessibleName and tool tip at once, for any other control.
void nameControl(QWidget& widget, const QString& name, const QString& accessibleName, const QString& tip = {});

/// A dialog: its content on "panel", and a footer of 57 with a line, the primary button rightmost. Shown by open(),
/// deletes itself when closed.
class FooterDialog : public QDialog {
  Q_OBJECT

 public:
  FooterDialog(const QString& name, const QString& title, QWidget* parent);

 protected:
  void showEvent(QShowEvent* event) override;
  QVBoxLayout& content() { return *m_content; }
  QHBoxLayout& footer() { return *m_footer; }
  QPushButton* addFooterButton(const QString& name, const QString& text, ButtonKind look);
  void paintEvent(QPaintEvent* event) override;

 private:
  QVBoxLayout* m_content = nullptr;
  QHBoxLayout* m_footer = nullptr;
};

}  // namespace layersmith
