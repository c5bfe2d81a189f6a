#include "ui/main/SingleInstance.h"

#include <QCryptographicHash>
#include <QDataStream>
#include <QLocalSocket>

#include <unistd.h>

namespace layersmith {

namespace {

constexpr int kPatienceMs = 500;

}  // namespace

SingleInstance::SingleInstance(const QString& home, QObject* parent) : QObject(parent) {
  const QByteArray key = QByteArray::number(getuid()) + '\n' + home.toUtf8();
  m_name = QStringLiteral("layersmith-") +
           QString::fromLatin1(QCryptographicHash::hash(key, QCryptographicHash::Sha256).toHex().left(24));
}

bool SingleInstance::handOver(const QStringList& places) {
  QLocalSocket socket;
  socket.connectToServer(m_name);
  if (!socket.waitForConnected(kPatienceMs)) return false;
  QDataStream stream(&socket);
  stream << places;
  if (!socket.waitForBytesWritten(kPatienceMs)) return false;
  // The other side answers, so that a hung instance does not swallow the places.
  return socket.waitForReadyRead(kPatienceMs * 4);
}

void SingleInstance::listen() {
  m_server.setSocketOptions(QLocalServer::UserAccessOption);
  QLocalServer::removeServer(m_name);  // left over by a crash; nobody answered there
  m_server.listen(m_name);
  connect(&m_server, &QLocalServer::newConnection, this, &SingleInstance::receive);
}

void SingleInstance::receive() {
  while (QLocalSocket* socket = m_server.nextPendingConnection()) {
    connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
    connect(socket, &QLocalSocket::readyRead, this, [this, socket] {
      QDataStream stream(socket);
      stream.startTransaction();
      QStringList places;
      stream >> places;
      if (!stream.commitTransaction()) return;
      socket->write("ok");
      socket->flush();
      Q_EMIT placesReceived(places);
    });
  }
}

}  // namespace layersmith
