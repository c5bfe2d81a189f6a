#pragma once

#include "tests/support/ModelFixtures.h"

#include <QTcpServer>
#include <QTcpSocket>

#include <algorithm>
#include <vector>

/// A web server under a test's thumb.
namespace layersmith::fixtures {

/// A server that says exactly what a test wants it to say, and closes.
class RawPeer : public QTcpServer {
 public:
  using Answer = std::function<QByteArray(const QByteArray& request)>;
  explicit RawPeer(Answer answer) : m_answer(std::move(answer)) {
    listen(QHostAddress::LocalHost);
    connect(this, &QTcpServer::newConnection, this, [this] {
      QTcpSocket* socket = nextPendingConnection();
      connect(socket, &QTcpSocket::readyRead, this, [this, socket] {
        QByteArray& request = m_partial[socket];
        request += socket->readAll();
        const qsizetype head = request.indexOf("\r\n\r\n");
        const qsizetype mark = request.toLower().indexOf("content-length: ");
        const qsizetype length =
            mark < 0 ? 0 : request.mid(mark + 16, request.indexOf("\r\n", mark) - mark - 16).toLongLong();
        if (head < 0 || request.size() < head + 4 + length) return;
        requests.push_back(request);
        const QByteArray reply = m_answer(request);
        if (reply == "silence") return;
        socket->write(reply);
        socket->disconnectFromHost();
      });
    });
  }
  QString url(const char* path = "/model.json") const {
    return QStringLiteral("http://127.0.0.1:%1%2").arg(serverPort()).arg(QLatin1String(path));
  }
  std::vector<QByteArray> requests;

 private:
  Answer m_answer;
  QHash<QTcpSocket*, QByteArray> m_partial;
};

inline QByteArray reply(const char* status, const QByteArray& body, const QByteArray& headers = {}) {
  return "HTTP/1.1 " + QByteArray(status) + "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n" +
         headers + "\r\n" + body;
}

/// The model.json of the capture `plain`, with its weights at this path.
inline QByteArray modelJsonText(const QByteArray& weightPath) {
  return toJsonBytes(modelJson(capture(QStringLiteral("plain")),
                               singleGroup(capture(QStringLiteral("plain")), weightPath.toStdString())));
}

/// What a request asks for by "Range: bytes=N-"; -1 when it asks for all.
inline qsizetype rangeOf(const QByteArray& request) {
  const qsizetype mark = request.indexOf("\r\nRange: bytes=");
  return mark < 0 ? -1 : request.mid(mark + 15, request.indexOf('-', mark) - mark - 15).toLongLong();
}

/// Where the requests for the weights begin, one after the other; Qt repeats one whose connection was closed under it.
inline std::vector<qsizetype> rangesAsked(const RawPeer& peer) {
  std::vector<qsizetype> starts;
  for (const QByteArray& request : peer.requests)
    if (request.startsWith("GET /w ")) starts.push_back(rangeOf(request));
  const auto repeated = std::ranges::unique(starts);
  starts.erase(repeated.begin(), repeated.end());
  return starts;
}

}  // namespace layersmith::fixtures
