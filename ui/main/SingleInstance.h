#pragma once

#include <QLocalServer>
#include <QObject>
#include <QStringList>

namespace layersmith {

/// One running studio per user and home folder: a second start hands its places to the first and ends.
class SingleInstance : public QObject {
  Q_OBJECT

 public:
  /// `home` tells instances of different homes apart.
  explicit SingleInstance(const QString& home, QObject* parent = nullptr);

  /// True: another instance has taken the places, this one should end.
  bool handOver(const QStringList& places);
  /// From now on this is the instance others hand over to.
  void listen();

 Q_SIGNALS:
  void placesReceived(const QStringList& places);  ///< maybe none: just come to the front

 private:
  void receive();

  QString m_name;
  QLocalServer m_server;
};

}  // namespace layersmith
