#include "ui/dialogs/LinkDialog.h"

#include "model/storage/WeightFileHashes.h"
#include "model/storage/http/HttpRequest.h"
#include "ui/catalog/CatalogController.h"
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

LinkDialog::LinkDialog(StoreWorker& transfers, CatalogController& catalog, QWidget* parent)
    : FooterDialog(QStringLiteral("linkDialog"), tr("Open from link"), parent),
      m_transfers(transfers),
      m_catalog(catalog) {
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
  connect(m_open, &QPushButton::clicked, this, [this] { start(); });
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

/// A message of several lines takes more than the dialog began with.
void LinkDialog::growToFit() {
  layout()->activate();
  const int wanted = layout()->hasHeightForWidth() ? layout()->totalHeightForWidth(width()) : sizeHint().height();
  resize(width(), std::max(height(), wanted));
}

void LinkDialog::start(bool acceptsChanged) {
  const QString url = m_address->text().trimmed();
  m_progress = std::make_shared<JobProgress>();
  m_message->hide();
  m_bar->setRange(0, 0);
  m_amount->clear();
  setBusy(true);
  m_catalog.withAccessFor(
      url, this, [this, url, acceptsChanged](const HttpOptions& access) { load(url, access, acceptsChanged); });
}

void LinkDialog::load(const QString& url, const HttpOptions& access, bool acceptsChanged) {
  LoadOptions options;
  options.http.headers = m_headers->headers();
  if (!m_token->text().isEmpty())
    options.http.setBearerToken(m_token->text());
  else if (!sendsSecret(options.http))
    options.http = withAccess(options.http, access);
  options.acceptChangedFiles = acceptsChanged;
  options.keepsUnfinished = true;  // Retry goes on
  options.progress = JobProgress::reporter(m_progress);
  m_transfers.run(
      this, [url, options](ModelLibrary& library) { return documentFromArtifacts(library.load(url, options)); },
      [this, url](Outcome<OpenedDocument> outcome) { finish(url, std::move(outcome)); });
}

void LinkDialog::finish(const QString& url, Outcome<OpenedDocument> outcome) {
  m_progress.reset();
  setBusy(false);
  if (!outcome.isOk()) {
    showFailure(url, outcome.error());
    return;
  }
  m_catalog.giveToken(url, m_token->text());  // the next opening needs it too
  Q_EMIT loaded(url, outcome.value());
  accept();
}

void LinkDialog::showFailure(const QString& url, const Error& error) {
  m_message->setMessage(Severity::Error,
                        QString::fromStdString(error.message() + (error.hint().empty() ? "" : " " + error.hint())));
  const bool isRefused = isHelpedByToken(error, url);
  if (isRefused) {
    const auto again = [this] {
      m_token->clear();
      start();
    };
    m_message->addAction(
        tr("Give a token..."), [this, url, again] { m_catalog.askForToken(url, *this, again); }, true);
  }
  const bool isChanged = isChangedAfterSaving(error);
  m_message->addAction(
      isChanged ? tr("Open anyway") : tr("Retry"), [this, isChanged] { start(isChanged); }, !isRefused);
  m_message->show();
  growToFit();
  m_address->setFocus();
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
