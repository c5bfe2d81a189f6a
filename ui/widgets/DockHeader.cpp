#include "ui/widgets/DockHeader.h"

#include "ui/theme/Theme.h"
#include "ui/widgets/TextLabel.h"

#include <QHBoxLayout>
#include <QPainter>

#include <algorithm>

namespace layersmith {

DockHeader::DockHeader(const QString& title, QWidget* parent) : QWidget(parent) {
  m_title = new TextLabel(title, Theme::TextRole::BodyStrong, "text", this);
  m_titleRow = new QHBoxLayout;
  m_titleRow->setSpacing(8);
  m_titleRow->addWidget(m_title);
  m_tools = new QHBoxLayout;
  m_tools->setSpacing(4);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(12, 0, 8, 1);
  row->setSpacing(8);
  row->addLayout(m_titleRow);
  row->addStretch();
  row->addLayout(m_tools);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void DockHeader::setTitle(const QString& title) {
  m_title->setText(title);
}

void DockHeader::addTitleWidget(QWidget* widget) {
  m_titleRow->addWidget(widget);
}

void DockHeader::addTool(QWidget* widget) {
  m_tools->addWidget(widget);
}

QSize DockHeader::sizeHint() const {
  const QSize hint = QWidget::sizeHint();
  return {hint.width(), std::max(36, hint.height())};
}

QSize DockHeader::minimumSizeHint() const {
  const QSize hint = QWidget::minimumSizeHint();
  return {hint.width(), std::max(36, hint.height())};
}

void DockHeader::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), theme().color("panel"));
  painter.fillRect(0, height() - 1, width(), 1, theme().color("line"));
}

}  // namespace layersmith
