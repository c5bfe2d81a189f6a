#include "ui/catalog/KeychainSecrets.h"

#include <QCoreApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QTimer>

#include <qt6keychain/keychain.h>

#include <algorithm>
#include <utility>

namespace layersmith {

namespace {

QString tr(const char* text) {
  return QCoreApplication::translate("KeychainSecrets", text);
}

QString service() {
  return QStringLiteral("Layersmith");
}

/// Empty when the job did what it should; a secret that is not there is no problem.
QString problemOf(const QKeychain::Job& job) {
  switch (job.error()) {
    case QKeychain::NoError:
    case QKeychain::EntryNotFound: return {};
    case QKeychain::AccessDeniedByUser:
    case QKeychain::AccessDenied: return tr("The system keychain is locked or refused access.");
    case QKeychain::NoBackendAvailable: return tr("No keychain service runs here.");
    default: break;
  }
  const QString said = job.errorString();
  return said.isEmpty() ? tr("The system keychain gave no answer.") : tr("The system keychain said: %1").arg(said);
}

template <class Job, class Done>
void start(Job* job, const QString& key, QObject* receiver, Done done) {
  job->setInsecureFallback(false);
  job->setKey(key);
  QObject::connect(job, &QKeychain::Job::finished, receiver,
                   [job, done = std::move(done)](QKeychain::Job*) { done(*job, problemOf(*job)); });
  job->start();
}

bool isKeychain(const QString& name) {
  return name == QStringLiteral("org.freedesktop.secrets") || name.startsWith(QStringLiteral("org.kde.kwalletd"));
}

/// Whether a keychain stands in this list of the bus.
void lookFor(const char* list, QObject* receiver, std::function<void(bool isThere)> done) {
  const QDBusMessage call =
      QDBusMessage::createMethodCall(QStringLiteral("org.freedesktop.DBus"), QStringLiteral("/org/freedesktop/DBus"),
                                     QStringLiteral("org.freedesktop.DBus"), QLatin1String(list));
  auto* watcher = new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(call), receiver);
  QObject::connect(watcher, &QDBusPendingCallWatcher::finished, receiver,
                   [done = std::move(done)](QDBusPendingCallWatcher* finished) {
                     finished->deleteLater();
                     const QDBusPendingReply<QStringList> names = *finished;
                     done(!names.isError() && std::ranges::any_of(names.value(), isKeychain));
                   });
}

}  // namespace

// Asking for a secret could make a locked keychain ask for its password: only who is on the bus, or could be.
void KeychainSecrets::probe(QObject* receiver, Done done) {
  const auto answer = [done = std::move(done)](bool isThere) {
    done(isThere ? QString() : tr("No keychain service runs here."));
  };
  if (!QDBusConnection::sessionBus().isConnected()) {
    QTimer::singleShot(0, receiver, [answer] { answer(false); });
    return;
  }
  lookFor("ListNames", receiver, [receiver, answer](bool isRunning) {
    if (isRunning)
      answer(true);
    else
      lookFor("ListActivatableNames", receiver, answer);
  });
}

void KeychainSecrets::read(const QString& key, QObject* receiver, Read done) {
  start(new QKeychain::ReadPasswordJob(service()), key, receiver,
        [done = std::move(done)](const QKeychain::ReadPasswordJob& job, const QString& problem) {
          done(problem.isEmpty() ? job.textData() : QString(), problem);
        });
}

void KeychainSecrets::write(const QString& key, const QString& secret, QObject* receiver, Done done) {
  auto* job = new QKeychain::WritePasswordJob(service());
  job->setTextData(secret);
  start(job, key, receiver,
        [done = std::move(done)](const QKeychain::WritePasswordJob&, const QString& problem) { done(problem); });
}

void KeychainSecrets::remove(const QString& key, QObject* receiver, Done done) {
  start(new QKeychain::DeletePasswordJob(service()), key, receiver,
        [done = std::move(done)](const QKeychain::DeletePasswordJob&, const QString& problem) { done(problem); });
}

}  // namespace layersmith
