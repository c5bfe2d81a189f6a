#include "ui/dialogs/Parts.h"

#include "ui/theme/Theme.h"
#include "ui/widgets/DialogKeys.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

namespace layersmith {

void setSentence(QLabel& label, const QString& text) {
  label.setTextFormat(Qt::RichText);
  label.setWordWrap(true);
  label.setText(richText(text));
}

Surface::Surface(const char* token, Qt::Edges lines, QWidget* parent)
    : QWidget(parent), m_token(token), m_lines(lines) {
  connect(&theme(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void Surface::setToken(const char* token) {
  m_token = token;
  update();
}

void Surface::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), theme().color(m_token));
  const QColor line = theme().color("line");
  if (m_lines & Qt::TopEdge) painter.fillRect(0, 0, width(), 1, line);
  if (m_lines & Qt::BottomEdge) painter.fillRect(0, height() - 1, width(), 1, line);
  if (m_lines & Qt::LeftEdge) painter.fillRect(0, 0, 1, height(), line);
  if (m_lines & Qt::RightEdge) painter.fillRect(width() - 1, 0, 1, height(), line);
}

void nameControl(QWidget& widget, const QString& name, const QString& accessibleName, const QString& tip) {
  widget.setObjectName(name);
  widget.setAccessibleName(accessibleName);
  widget.setToolTip(tip.isEmpty() ? accessibleName : tip);
}

FooterDialog::FooterDialog(const QString& name, const QString& title, QWidget* parent) : QDialog(parent) {
  setObjectName(name);
  setWindowTitle(title);
  setAttribute(Qt::WA_DeleteOnClose);
  setModal(true);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  m_content = new QVBoxLayout;
  m_content->setContentsMargins(20, 20, 20, 20);
  m_content->setSpacing(8);
  column->addLayout(m_content, 1);
  auto* bar = new Surface("panel", Qt::TopEdge);
  bar->setFixedHeight(57);
  m_footer = new QHBoxLayout(bar);
  m_footer->setContentsMargins(16, 1, 16, 0);
  m_footer->setSpacing(8);
  m_footer->addStretch();
  column->addWidget(bar);
  connect(&theme(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

QPushButton* FooterDialog::addFooterButton(const QString& name, const QString& text, ButtonKind look) {
  QPushButton* button = makeButton(name, text, look);
  button->setProperty("large", true);
  button->setMinimumWidth(88);
  if (look == ButtonKind::Primary) button->setDefault(true);
  m_footer->addWidget(button);
  return button;
}

void FooterDialog::showEvent(QShowEvent* event) {
  tabInOrder(*this);
  QDialog::showEvent(event);
}

void FooterDialog::paintEvent(QPaintEvent*) {
  QPainter(this).fillRect(rect(), theme().color("panel"));
}

}  // namespace layersmith
