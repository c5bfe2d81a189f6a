#include "ui/widgets/BusyStrip.h"

#include "ui/widgets/Buttons.h"
#include "ui/widgets/SizeText.h"
#include "ui/widgets/TextLabel.h"

#include <QHBoxLayout>
#include <QProgressBar>

namespace layersmith {

namespace {

constexpr int kDelayMs = 500;

}  // namespace

BusyStrip::BusyStrip(QWidget* parent, const QString& name)
    : QWidget(parent),
      m_text(new ElidedLabel({}, Theme::TextRole::Body, "text", this)),
      m_numbers(new TextLabel({}, Theme::TextRole::Code, "text2", this)),
      m_bar(new QProgressBar(this)) {
  setObjectName(name + QStringLiteral("Strip"));
  setBackgroundToken(this, "panel");
  m_numbers->setMono(true);
  m_bar->setTextVisible(false);
  m_bar->setObjectName(name + QStringLiteral("Progress"));
  QPushButton* cancel = makeButton(name + QStringLiteral("Cancel"), tr("Cancel"), ButtonKind::Default, {}, this);
  m_cancel = cancel;
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(12, 6, 12, 6);
  row->setSpacing(12);
  row->addWidget(m_text);
  row->addWidget(m_bar, 1);
  row->addWidget(m_numbers);
  row->addWidget(cancel);
  m_delay.setSingleShot(true);
  m_delay.setInterval(kDelayMs);
  connect(&m_delay, &QTimer::timeout, this, &QWidget::show);
  connect(cancel, &QPushButton::clicked, this, [this] {
    m_cancel->setEnabled(false);
    m_text->setText(tr("Stopping"));
    Q_EMIT cancelled();
  });
  hide();
}

void BusyStrip::begin(const QString& text, bool canCancel) {
  m_text->setText(text);
  m_numbers->clear();
  m_bar->setRange(0, 0);
  m_cancel->setVisible(canCancel);
  m_cancel->setEnabled(true);
  m_cancel->setAccessibleName(tr("Cancel: %1").arg(text));
  m_delay.start();
}

void BusyStrip::setProgress(qint64 done, qint64 total) {
  if (total <= 0) return;
  m_bar->setRange(0, 1000);
  m_bar->setValue(int(done * 1000 / total));
  m_numbers->setText(tr("%1 of %2").arg(sizeText(done), sizeText(total)));
}

void BusyStrip::end() {
  m_delay.stop();
  hide();
}

}  // namespace layersmith
