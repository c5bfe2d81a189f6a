// The tokens of servers: which one a server gets, where it is kept, and how it is asked for.
#include "model/storage/http/HttpRequest.h"
#include "model/storage/http/ServerModel.h"
#include "ui/catalog/CatalogController.h"
#include "ui/catalog/CatalogQuestions.h"
#include "ui/dialogs/ErrorDialog.h"
#include "ui/main/Settings.h"

#include <QPointer>
#include <QUrl>

#include <utility>

namespace layersmith {

namespace {

const QString kKeptKey = QStringLiteral("keychain/servers");

/// Without secrets and "..", so that what lies below an address begins with it.
QString plainAddress(const QString& url) {
  return QUrl(url)
      .adjusted(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment | QUrl::NormalizePathSegments)
      .toString();
}

bool isAtOrBelow(const QString& address, const QString& root) {
  return address == root || address.startsWith(root + QLatin1Char('/'));
}

/// The longest of the roots that holds the address; empty: none does.
template <class Roots>
QString rootIn(const Roots& roots, const QString& address) {
  QString found;
  for (const QString& root : roots)
    if (root.size() > found.size() && isAtOrBelow(address, root)) found = root;
  return found;
}

/// Of a server that the catalog does not know: its root where the address tells it, or else the address's folder.
QString rootOfUnknown(const QString& address) {
  if (const auto model = ServerModel::at(address)) return model->root;
  if (const auto model = ServerModel::sentTo(address)) return model->root;
  const QUrl url(address);
  QString folder = url.path().isEmpty() ? address : url.adjusted(QUrl::RemoveFilename).toString();
  while (folder.endsWith(QLatin1Char('/'))) folder.chop(1);
  return folder;
}

}  // namespace

bool isHelpedByToken(const Error& error, const QString& url) {
  return error.code() == "E303" && isSameOrigin(QUrl(url), QUrl(QString::fromStdString(error.where())));
}

HttpOptions withAccess(HttpOptions options, const HttpOptions& access) {
  if (access.headers.isEmpty()) return options;
  options.headers.removeIf([](const auto& header) {
    return header.first.compare(QStringLiteral("Authorization"), Qt::CaseInsensitive) == 0;
  });
  options.headers = access.headers + options.headers;
  return options;
}

QString CatalogController::serverOf(const QString& url) const {
  const QString address = plainAddress(url), known = rootIn(m_settings.servers(), address);
  return known.isEmpty() ? rootOfUnknown(address) : known;
}

HttpOptions CatalogController::accessFor(const QString& url) const {
  if (placeKind(url) != CatalogPlace::Kind::Server) return {};
  QStringList roots;
  for (const auto& [root, access] : m_access) roots << root;
  const auto found = m_access.find(rootIn(roots, plainAddress(url)));
  return found == m_access.end() ? HttpOptions() : found->second;
}

void CatalogController::withAccessFor(const QString& url, QObject* receiver, AccessUse use) {
  const QString server = placeKind(url) == CatalogPlace::Kind::Server ? serverOf(url) : QString();
  if (m_unread.contains(server))
    readToken(server, [this, url, receiver = QPointer(receiver), use = std::move(use)] {
      if (receiver) use(accessFor(url));
    });
  else
    use(accessFor(url));
}

void CatalogController::giveToken(const QString& url, const QString& token) {
  const QString server = serverOf(url);
  if (token.isEmpty() || m_settings.servers().contains(server)) return;
  HttpOptions access;
  access.setBearerToken(token);
  m_access[server] = access;
}

void CatalogController::askForToken(const QString& url, QWidget& parent, std::function<void()> given,
                                    std::function<void()> refused) {
  const QString server = serverOf(url);
  const bool isKnown = m_settings.servers().contains(server);
  auto* dialog = new ServerDialog(&parent, server);
  if (isKnown)
    probeKeychain(dialog, [dialog, isKept = isTokenKept(server)](const QString& problem) {
      dialog->offerKeychain(problem, isKept);
    });
  else
    dialog->setForSession();
  connect(dialog, &ServerDialog::chosen, this,
          [this, server, isKnown, given = std::move(given)](const QString&, const QString& token, bool isKept) {
            m_access.erase(server);
            if (isKnown)
              addServer(server, token, isKept);
            else
              giveToken(server, token);
            given();
          });
  if (refused) connect(dialog, &QDialog::rejected, this, std::move(refused));
  dialog->open();
}

void CatalogController::askAgain(const QString& key, QWidget& parent) {
  if (const CatalogPlace* asked = place(key); asked && asked->wantsToken)
    askForToken(key, parent, [] {});  // which asks the server
  else
    refreshPlace(key);
}

ErrorAction CatalogController::tokenAction(const QString& url, std::function<void()> given,
                                           std::function<void()> refused) {
  return {QStringLiteral("token"), tr("Give a token..."),
          [this, url, given = std::move(given), refused = std::move(refused)] {
            askForToken(url, m_window, given, refused);
          }};
}

/// Where that may help: of the server that refused.
std::vector<ErrorAction> CatalogController::tokenActions(const Error& error, const std::function<void()>& again) {
  const QString url = QString::fromStdString(error.where());
  if (!again || !isHelpedByToken(error, url)) return {};
  return {tokenAction(url, again)};
}

bool CatalogController::isTokenKept(const QString& server) const {
  return m_secrets && keptServers().contains(server);
}

void CatalogController::probeKeychain(QObject* receiver, SecretStore::Done done) {
  if (m_secrets)
    m_secrets->probe(receiver, std::move(done));
  else
    done(tr("No keychain service runs here."));
}

QStringList CatalogController::keptServers() const {
  return QString::fromUtf8(m_settings.blob(kKeptKey)).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
}

/// Addresses alone: who is in the list has a token in the keychain, so that no other is ever looked for there.
void CatalogController::noteKept(const QString& server, bool isKept) {
  QStringList servers = keptServers();
  servers.removeAll(server);
  if (isKept) servers << server;
  m_settings.setBlob(kKeptKey, servers.join(QLatin1Char('\n')).toUtf8());
}

/// `then` comes afterwards, whether there was a token or not.
void CatalogController::readToken(const QString& server, std::function<void()> then) {
  std::vector<std::function<void()>>& waiting = m_reading[server];
  waiting.push_back(std::move(then));
  if (waiting.size() > 1) return;
  m_secrets->read(server, this, [this, server](const QString& token, const QString& problem) {
    const bool isWanted = m_unread.remove(server);  // else it was forgotten, or another one was given meanwhile
    if (isWanted && !problem.isEmpty())
      Q_EMIT noted(tr("The token of %1 was not read from the system keychain. %2").arg(placeTitle(server), problem));
    else if (isWanted && token.isEmpty())
      noteKept(server, false);  // somebody removed it there
    else if (isWanted)
      m_access[server].setBearerToken(token);
    for (const auto& next : std::exchange(m_reading[server], {})) next();
  });
}

/// Into the keychain; with an empty token, out of it.
void CatalogController::keepToken(const QString& server, const QString& token) {
  const bool wasKept = isTokenKept(server);
  if (!m_secrets || (token.isEmpty() && !wasKept)) return;
  if (token.isEmpty()) {
    m_secrets->remove(server, this, [this, server](const QString& problem) {
      if (problem.isEmpty())
        noteKept(server, false);
      else
        Q_EMIT noted(tr("The token of %1 is still in the system keychain. %2").arg(placeTitle(server), problem));
    });
    return;
  }
  noteKept(server, true);  // before the answer: who forgets the server meanwhile removes it
  m_secrets->write(server, token, this, [this, server, wasKept](const QString& problem) {
    if (problem.isEmpty()) return;
    if (!wasKept) noteKept(server, false);
    Q_EMIT noted(
        tr("The token of %1 was not kept: %2 It lasts until Layersmith closes.").arg(placeTitle(server), problem));
  });
}

}  // namespace layersmith
