#pragma once

#include "model/document/DocumentIo.h"
#include "model/document/Templates.h"
#include "model/format/ModelJson.h"
#include "tests/support/RawPeer.h"

#include <QDateTime>

#include <set>

namespace layersmith::testing {

/// A store server that counts what it is asked for: a list of models "m0", "m1", ..., all of them two moons.
class ListingPeer {
 public:
  explicit ListingPeer(int count)
      : m_count(count), m_peer([this](const QByteArray& request) { return answerTo(request); }) {
    const ModelArtifacts artifacts = artifactsFromDocument(makeTemplate(QStringLiteral("twoMoons")));
    m_model = toJsonBytes(modelJson(artifacts, singleGroup(artifacts, "weights.bin")));
  }

  QString address() const { return QStringLiteral("http://127.0.0.1:%1").arg(m_port ? m_port : m_peer.serverPort()); }
  QString urlOf(int model) const { return address() + QStringLiteral("/models/m%1/model.json").arg(model); }

  /// Its port stays its own meanwhile: who connects is refused.
  bool stop() {
    m_port = m_peer.serverPort();
    m_peer.close();
    return m_holder.bind(QHostAddress::LocalHost, m_port,
                         QAbstractSocket::ShareAddress | QAbstractSocket::ReuseAddressHint);
  }
  bool start() {
    m_holder.close();
    return m_peer.listen(QHostAddress::LocalHost, m_port);
  }

  int lists = 0;
  std::vector<int> read;                                                    ///< models whose model.json was asked for
  int others = 0;                                                           ///< requests of anything else
  QDateTime saved = QDateTime::fromSecsSinceEpoch(1'700'000'000, Qt::UTC);  ///< of m0
  std::set<int> missing;                                                    ///< listed, but not there
  bool isClosed = false;                                                    ///< refuses every model.json

 private:
  QByteArray answerTo(const QByteArray& request) {
    const QByteArray path = request.mid(4, request.indexOf(' ', 4) - 4);
    if (path == "/models") {
      ++lists;
      return fixtures::reply("200 OK", list(), "Content-Type: application/json\r\n");
    }
    if (!path.startsWith("/models/m") || !path.endsWith("/model.json")) {
      ++others;
      return fixtures::reply("404 Not Found", {});
    }
    const int model = path.mid(9, path.size() - 20).toInt();
    read.push_back(model);
    if (isClosed) return fixtures::reply("401 Unauthorized", {});
    if (missing.contains(model)) return fixtures::reply("404 Not Found", {});
    return fixtures::reply("200 OK", m_model, "Content-Type: application/json\r\n");
  }

  QByteArray list() const {
    Json models = Json::array();
    for (int i = 0; i < m_count; ++i) {
      const QDateTime date = i == 0 ? saved : saved.addSecs(-60 * i);
      models.push_back({{"name", "m" + std::to_string(i)},
                        {"url", "/models/m" + std::to_string(i) + "/model.json"},
                        {"modelArtifactsInfo",
                         {{"dateSaved", date.toString(Qt::ISODateWithMs).toStdString()},
                          {"modelTopologyBytes", 1000},
                          {"weightSpecsBytes", 200},
                          {"weightDataBytes", 132}}},
                        {"layers", 3},
                        {"parameters", 33}});
    }
    return toJsonBytes({{"models", models}});
  }

  int m_count;
  quint16 m_port = 0;
  QByteArray m_model;
  fixtures::RawPeer m_peer;
  QTcpSocket m_holder;
};

}  // namespace layersmith::testing
