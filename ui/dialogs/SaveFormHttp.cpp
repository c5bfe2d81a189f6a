// The fields of a save to a web server: which one, its address, how it knows who sends.
#include "model/storage/http/HttpErrors.h"
#include "model/storage/http/HttpRequest.h"
#include "model/storage/http/ServerModel.h"
#include "ui/catalog/CatalogPlaces.h"
#include "ui/dialogs/HeadersTable.h"
#include "ui/dialogs/Parts.h"
#include "ui/dialogs/SaveForm.h"
#include "ui/dialogs/SaveFormFields.h"
#include "ui/widgets/FormRows.h"
#include "ui/widgets/SegmentedSwitch.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSpinBox>
#include <QTimer>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>

namespace layersmith {

namespace {

enum SignIn { None, Basic, Bearer, Custom };

/// Another would be taken for a folder's name.
bool isAddress(const QString& text) {
  const QUrl url(text);
  const bool isWeb = url.scheme() == QStringLiteral("http") || url.scheme() == QStringLiteral("https");
  return url.isValid() && isWeb && !url.host().isEmpty();
}

}  // namespace

void SaveForm::makeServerRow() {
  m_serverRows = new FormRows;
  m_server = namedField(new QComboBox, "server", tr("Server"), tr("A server of the catalog, or any address"));
  m_serverRows->addRow(tr("Server"), m_server);
  setServers({});
  connect(m_server, &QComboBox::currentIndexChanged, this, [this] {
    if (server())
      m_method->setCurrentIndex(0);
    else
      m_address->setText(m_typedAddress);
    refreshRows();
  });
}

void SaveForm::setServers(std::vector<UploadServer> servers) {
  const QSignalBlocker blocker(m_server);
  m_servers = std::move(servers);
  m_server->clear();
  m_server->addItem(tr("Any, by its address"));
  for (const UploadServer& one : m_servers) m_server->addItem(one.title);
  if (m_address) refreshRows();
}

const UploadServer* SaveForm::server() const {
  const int index = m_server->currentIndex() - 1;
  return m_target == SaveTarget::Http && index >= 0 ? &m_servers[std::size_t(index)] : nullptr;
}

void SaveForm::makeHttpRows() {
  m_httpRows = new FormRows;
  m_signInRows = new FormRows;
  m_userRows = new FormRows;
  m_secretRows = new FormRows;
  m_method = namedField(new SegmentedSwitch({QStringLiteral("POST"), QStringLiteral("PUT")}), "method", tr("Method"),
                        tr("How the request is sent"));
  m_httpRows->addRow(tr("Method"), m_method);
  m_address = namedField(new QLineEdit, "address", tr("Address"), tr("Where the request goes"));
  m_address->setPlaceholderText(QStringLiteral("https://"));
  setMonoFont(m_address);
  m_httpRows->addRow(tr("Address"), m_address);
  m_uploadRows = new FormRows;
  m_useUpload = makeButton(QStringLiteral("saveDialog.useUpload"), {});
  m_uploadRows->addWide(m_useUpload);
  connect(m_useUpload, &QPushButton::clicked, this, [this] {
    setAddress(uploadOnBareServer());
    m_address->setFocus();
  });
  QPushButton* receiver = makeButton(QStringLiteral("saveDialog.receiver"), tr("Use the test receiver"));
  receiver->setToolTip(tr("Starts the Browser Bridge and fills in its address: what you send arrives in the catalog"));
  auto* receiverRow = new QWidget;
  auto* receiverColumn = new QHBoxLayout(receiverRow);
  receiverColumn->setContentsMargins(0, 0, 0, 0);
  receiverColumn->addWidget(receiver);
  receiverColumn->addStretch();
  m_signInRows->addRow({}, receiverRow);
  connect(receiver, &QPushButton::clicked, this, &SaveForm::receiverRequested);
  m_signIn = namedField(new QComboBox, "signIn", tr("Sign in"), tr("How the server knows you"));
  m_signIn->addItems({tr("Not needed"), tr("User and password"), tr("Bearer token"), tr("Header of its own")});
  m_signInRows->addRow(tr("Sign in"), m_signIn);
  m_user = namedField(new QLineEdit, "user", tr("User"), tr("Name of the user, or of the header"));
  m_userLabel = m_userRows->addRow(tr("User"), m_user);
  m_secret =
      namedField(new QLineEdit, "secret", tr("Secret"), tr("Kept in memory for this session only, never written down"));
  m_secret->setEchoMode(QLineEdit::Password);
  m_secretLabel = m_secretRows->addRow(tr("Token"), m_secret);
  connect(m_method, &SegmentedSwitch::currentChanged, this, &SaveForm::refreshRows);
  connect(m_signIn, &QComboBox::currentIndexChanged, this, &SaveForm::refreshRows);
  connect(m_address, &QLineEdit::textEdited, this, [this](const QString& text) { m_typedAddress = text; });
  for (QLineEdit* field : {m_address, m_user, m_secret})
    connect(field, &QLineEdit::textChanged, this, &SaveForm::refreshRows);
}

void SaveForm::makeHttpOptions(QVBoxLayout& column) {
  m_certificate = namedField(new QCheckBox(tr("Check the server's certificate")), "certificate",
                             tr("Check the server's certificate"), tr("Turn off only for a server of your own"));
  m_certificate->setChecked(true);
  column.addWidget(makeOptionRow(m_certificate, nullptr));
  m_timeoutRow = new QWidget;
  auto* row = new QHBoxLayout(m_timeoutRow);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  m_timeout = namedField(new QSpinBox, "timeout", tr("Give up after, in seconds"));
  m_timeout->setRange(1, 600);
  m_timeout->setValue(30);
  m_timeout->setFixedWidth(72);
  row->addWidget(new TextLabel(tr("Give up after")));
  row->addWidget(m_timeout);
  row->addWidget(new TextLabel(tr("seconds")));
  row->addStretch();
  column.addWidget(m_timeoutRow);
  connect(m_timeout, &QSpinBox::valueChanged, this, &SaveForm::changed);
}

QString SaveForm::addressOn(const QString& server) const {
  return ServerModel{server, ServerModel::nameFor(m_name->text().trimmed())}.upload();
}

void SaveForm::setAddress(const QString& address) {
  m_server->setCurrentIndex(0);
  m_typedAddress = address;
  m_address->setText(address);
}

void SaveForm::chooseServer(const QString& root) {
  const auto found = std::ranges::find(m_servers, root, &UploadServer::root);
  m_server->setCurrentIndex(found == m_servers.end() ? 0 : int(found - m_servers.begin()) + 1);
}

void SaveForm::setSignIn(const SaveRequest& request) {
  for (const auto& [name, value] : request.options.http.headers) {
    const bool isAuthorization = name.compare(QStringLiteral("Authorization"), Qt::CaseInsensitive) == 0;
    const QString scheme = isAuthorization ? value.section(QLatin1Char(' '), 0, 0) : QString();
    const QString secret = value.section(QLatin1Char(' '), 1);
    const bool isOwn = request.secretHeader.isEmpty() ? isSecretHeader(name) : name == request.secretHeader;
    if (m_signIn->currentIndex() != None) {
      m_headers->addHeader(name, value);
    } else if (scheme == QStringLiteral("Bearer")) {
      m_signIn->setCurrentIndex(Bearer);
      m_secret->setText(secret);
    } else if (scheme == QStringLiteral("Basic")) {
      const QString pair = QString::fromUtf8(QByteArray::fromBase64(secret.toLatin1()));
      m_signIn->setCurrentIndex(Basic);
      m_user->setText(pair.section(QLatin1Char(':'), 0, 0));
      m_secret->setText(pair.section(QLatin1Char(':'), 1));
    } else if (isOwn) {
      m_signIn->setCurrentIndex(Custom);
      m_user->setText(name);
      m_secret->setText(value);
    } else {
      m_headers->addHeader(name, value);
    }
  }
}

/// Where a Layersmith server at the typed address takes the model; empty: the address says more than the server.
QString SaveForm::uploadOnBareServer() const {
  const QString address = m_address->text().trimmed();
  const QUrl url(address);
  const bool isBare = url.path().isEmpty() || url.path() == QStringLiteral("/");
  if (!isAddress(address) || !isBare || url.hasQuery() || url.hasFragment()) return {};
  QString root = url.toString(QUrl::FullyEncoded);
  if (root.endsWith(QLatin1Char('/'))) root.chop(1);
  return addressOn(root);
}

void SaveForm::showUpload(bool isByHand) {
  constexpr int kWidest = 352;
  const QString upload = isByHand ? uploadOnBareServer() : QString();
  const QString text = tr("Use %1").arg(shown(QUrl(upload)));
  m_useUpload->setText(m_useUpload->fontMetrics().elidedText(text, Qt::ElideMiddle, kWidest));
  m_useUpload->setAccessibleName(text);
  m_useUpload->setToolTip(text);
  m_uploadRows->setVisible(!upload.isEmpty());
  const bool isReceiver = !m_receiver.isEmpty() && m_address->text().startsWith(m_receiver);
  const UploadServer* known = server();
  const bool isAway = known && !known->problem.isEmpty();
  m_httpRows->setHelp(m_address,
                      isAway              ? known->problem
                      : known             ? tr("Reached as the catalog reaches it.")
                      : !upload.isEmpty() ? tr("The model is sent to exactly this address. A Layersmith server takes "
                                               "it at another:")
                      : isReceiver        ? tr("The studio's own receiver: the model lands in IndexedDB here.")
                                          : QString(),
                      isAway ? "warning" : "text2");
}

void SaveForm::setReceiver(const QString& address, const QString& token) {
  m_method->setCurrentIndex(0);
  m_receiver = address;
  setAddress(addressOn(address));
  m_signIn->setCurrentIndex(Bearer);
  m_secret->setText(token);
  refreshRows();
}

void SaveForm::addSignIn(SaveRequest& request) const {
  HttpOptions& http = request.options.http;
  const QString user = m_user->text().trimmed();
  const QString secret = m_secret->text();
  switch (m_signIn->currentIndex()) {
    case Basic: http.setBasicAuth(user, secret); break;
    case Bearer: http.setBearerToken(secret); break;
    case Custom:
      request.secretHeader = user;
      if (!user.isEmpty()) http.headers.prepend({user, secret});
      break;
    default: break;
  }
}

void SaveForm::refreshHttpRows(bool isHttp) {
  m_serverRows->setVisible(isHttp && !m_servers.empty());
  m_httpRows->setVisible(isHttp);
  m_timeoutRow->setVisible(isHttp);
  const UploadServer* known = server();
  if (known) {
    m_address->setText(addressOn(known->root));
    m_address->setCursorPosition(0);
  }
  m_address->setReadOnly(known);
  m_method->setEnabled(!known);
  const bool isByHand = isHttp && !known;
  showUpload(isByHand);
  for (QWidget* widget :
       {static_cast<QWidget*>(m_signInRows), static_cast<QWidget*>(m_headers), static_cast<QWidget*>(m_certificate)})
    widget->setVisible(isByHand);
  const int signIn = m_signIn->currentIndex();
  const bool hasUser = signIn == Basic || signIn == Custom;
  m_userRows->setVisible(isByHand && hasUser);
  m_secretRows->setVisible(isByHand && signIn != None);
  m_userLabel->setText(signIn == Custom ? tr("Header") : tr("User"));
  m_secretLabel->setText(signIn == Basic ? tr("Password") : signIn == Bearer ? tr("Token") : tr("Value"));
}

}  // namespace layersmith
