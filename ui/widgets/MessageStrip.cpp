#include "ui/widgets/MessageStrip.h"

#include "ui/theme/Icons.h"
#include "ui/theme/Theme.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/FlowLayout.h"
#include "ui/widgets/TextLabel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

namespace layersmith {

const char* severityIconName(Severity severity) {
  return severity == Severity::Error ? "error" : severity == Severity::Warning ? "warning" : "info";
}

const char* severityToken(Severity severity) {
  return severity == Severity::Error ? "danger" : severity == Severity::Warning ? "warning" : "accentText";
}

MessageStrip::MessageStrip(QWidget* parent) : QWidget(parent) {
  setObjectName(QStringLiteral("messageStrip"));
  m_icon = new QLabel(this);
  m_icon->setFixedSize(20, 20);
  m_label = new QLabel(this);
  m_label->setTextFormat(Qt::RichText);
  m_label->setWordWrap(true);
  m_label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  m_buttonRow = new QWidget(this);
  m_buttons = new FlowLayout(m_buttonRow);
  m_close =
      makeToolButton(QStringLiteral("messageStripClose"), QStringLiteral("close"), tr("Close this message"), {}, this);
  m_close->setFixedSize(24, 24);
  m_close->setIconSize({16, 16});
  connect(m_close, &QToolButton::clicked, this, [this] {
    hide();
    Q_EMIT closed();
  });

  auto* column = new QVBoxLayout;
  column->setContentsMargins(0, 2, 0, 2);
  column->setSpacing(8);
  column->addWidget(m_label);
  column->addWidget(m_buttonRow);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(14, 6, 8, 6);
  row->setSpacing(8);
  row->addWidget(m_icon, 0, Qt::AlignTop);
  row->addLayout(column, 1);
  row->addWidget(m_close, 0, Qt::AlignTop);
  m_buttonRow->hide();
  connect(&theme(), &Theme::changed, this, &MessageStrip::refresh);
}

void MessageStrip::setMessage(Severity severity, const QString& text) {
  m_severity = severity;
  m_text = text;
  while (QLayoutItem* item = m_buttons->takeAt(0)) {
    item->widget()->deleteLater();
    delete item;
  }
  m_buttonRow->hide();
  setAccessibleName(text);
  refresh();
}

void MessageStrip::addAction(const QString& text, std::function<void()> action, bool isPrimary) {
  const QString name = QStringLiteral("messageAction%1").arg(m_buttons->count());
  QPushButton* button = makeButton(name, text, isPrimary ? ButtonKind::Primary : ButtonKind::Default, {}, m_buttonRow);
  connect(button, &QPushButton::clicked, this, std::move(action));
  m_buttons->addWidget(button);
  m_buttonRow->show();
}

void MessageStrip::setClosable(bool isClosable) {
  m_close->setVisible(isClosable);
}

void MessageStrip::refresh() {
  m_label->setText(richText(m_text));
  m_icon->setPixmap(icon(QString::fromLatin1(severityIconName(m_severity)), severityToken(m_severity))
                        .pixmap(QSize(20, 20), devicePixelRatioF()));
  update();
}

void MessageStrip::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const char* tint = m_severity == Severity::Error     ? "dangerTint"
                     : m_severity == Severity::Warning ? "warningTint"
                                                       : "infoTint";
  painter.fillRect(rect(), theme().color(tint));
  painter.fillRect(0, height() - 1, width(), 1, theme().color("line"));
}

}  // namespace layersmith
