#include "ui/dialogs/LinkDialog.h"

#include "ui/dialogs/HeadersTable.h"
#include "ui/widgets/FormRows.h"
#include "ui/widgets/MessageStrip.h"
#include "ui/widgets/SizeText.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QProgressBar>
#include <QTimer>
#include <QVBoxLayout>

namespace layersmith {

LinkDialog::LinkDialog(StoreWorker& transfers, QWidget* parent)
    : FooterDialog(QStringLiteral("linkDialog"), tr("Open from link"), parent), m_transfers(transfers) {
  setMinimumWidth(560);
  content().addWidget(new TextLabel(tr("Open from link"), Theme::TextRole::Title));
  auto* intro = new TextLabel(tr("The address of a model.json, or of the folder that holds one."),
                              Theme::TextRole::Body, "text2");
  content().addWidget(intro);
  m_message = new MessageStrip;
  m_message->hide();
  content().addWidget(m_message);
  auto* form = new FormRows;
  m_address = new QLineEdit;
  m_address->setPlaceholderText(QStringLiteral("https://"));
  nameControl(*m_address, QStringLiteral("linkDialog.address"), tr("Address"));
  form->addRow(tr("Address"), m_address);
  m_token = new QLineEdit;
  m_token->setEchoMode(QLineEdit::Password);
  m_token->setPlaceholderText(tr("Only when the server asks for one"));
  nameControl(*m_token, QStringLiteral("linkDialog.token"), tr("Bearer token"), tr("Kept in memory only"));
  form->addRow(tr("Token"), m_token);
  content().addWidget(form);
  m_headers = new HeadersTable(QStringLiteral("linkDialog"));
  content().addWidget(m_headers);
  auto* progress = new QHBoxLayout;
  m_bar = new QProgressBar;
  m_bar->setTextVisible(false);
  nameControl(*m_bar, QStringLiteral("linkDialog.progress"), tr("Progress"));
  m_amount = new TextLabel({}, Theme::TextRole::Code, "text2");
  m_amount->setMono(true);
  progress->addWidget(m_bar, 1);
  progress->addWidget(m_amount);
  content().addLayout(progress);
  content().addStretch();

  QPushButton* cancel = addFooterButton(QStringLiteral("linkDialog.cancel"), tr("Cancel"), ButtonKind::Default);
  m_open = addFooterButton(QStringLiteral("linkDialog.open"), tr("Open"), ButtonKind::Primary);
  m_open->setEnabled(false);
  connect(m_address, &QLineEdit::textChanged, this, [this](const QString& text) {
    m_open->setEnabled(!m_progress && text.trimmed().startsWith(QStringLiteral("http")));
  });
  connect(m_open, &QPushButton::clicked, this, &LinkDialog::start);
  connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
  m_timer = new QTimer(this);
  m_timer->setInterval(100);
  connect(m_timer, &QTimer::timeout, this, &LinkDialog::showProgress);
  setBusy(false);
}

LinkDialog::~LinkDialog() {
  if (m_progress) m_progress->isCancelled = true;
}

void LinkDialog::setBusy(bool isBusy) {
  m_bar->setVisible(isBusy);
  m_amount->setVisible(isBusy);
  m_address->setEnabled(!isBusy);
  m_open->setEnabled(!isBusy && !m_address->text().isEmpty());
  if (isBusy)
    m_timer->start();
  else
    m_timer->stop();
}

void LinkDialog::start() {
  const QString url = m_address->text().trimmed();
  m_progress = std::make_shared<JobProgress>();
  m_message->hide();
  m_bar->setRange(0, 0);
  m_amount->clear();
  setBusy(true);
  LoadOptions options;
  options.http.headers = m_headers->headers();
  if (!m_token->text().isEmpty()) {
    options.http.setBearerToken(m_token->text());
  }
  options.progress = JobProgress::reporter(m_progress);
  m_transfers.run(
      this, [url, options](ModelLibrary& library) { return documentFromArtifacts(library.load(url, options)); },
      [this, url](Outcome<OpenedDocument> outcome) {
        m_progress.reset();
        setBusy(false);
        if (outcome.isOk()) {
          Q_EMIT loaded(url, outcome.value());
          accept();
          return;
        }
        const Error& error = outcome.error();
        m_message->setMessage(Severity::Error, QString::fromStdString(
                                                   error.message() + (error.hint().empty() ? "" : " " + error.hint())));
        m_message->addAction(
            tr("Retry"), [this] { start(); }, true);
        m_message->show();
      });
}

void LinkDialog::showProgress() {
  if (!m_progress) return;
  const std::int64_t done = m_progress->done;
  const std::int64_t total = m_progress->total;
  m_bar->setRange(0, total > 0 ? 1000 : 0);
  if (total > 0) m_bar->setValue(static_cast<int>(1000 * done / total));
  m_amount->setText(total > 0 ? tr("%1 of %2").arg(sizeText(done), sizeText(total)) : sizeText(done));
}

}  // namespace layersmith
