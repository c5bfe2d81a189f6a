#pragma once

#include <QString>

#include <functional>

class QObject;

namespace layersmith {

/// Where tokens stay when the program ends. Keys are root addresses of servers. Thread rule: GUI thread; an answer
/// comes later, while `receiver` lives. `problem` is a sentence for people, empty when it went well.
class SecretStore {
 public:
  using Done = std::function<void(const QString& problem)>;
  using Read = std::function<void(const QString& secret, const QString& problem)>;

  virtual ~SecretStore() = default;

  /// Whether there is a place for secrets, without touching any.
  virtual void probe(QObject* receiver, Done done) = 0;
  virtual void read(const QString& key, QObject* receiver, Read done) = 0;  ///< no secret and no problem: none is kept
  virtual void write(const QString& key, const QString& secret, QObject* receiver, Done done) = 0;
  virtual void remove(const QString& key, QObject* receiver, Done done) = 0;
};

}  // namespace layersmith
