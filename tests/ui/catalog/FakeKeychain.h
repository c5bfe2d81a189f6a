#pragma once

#include "ui/catalog/SecretStore.h"

#include <QObject>
#include <QStringList>
#include <QTimer>

#include <functional>
#include <map>

namespace layersmith::testing {

/// A keychain that answers late, as real ones do.
struct FakeKeychain : SecretStore {
  std::map<QString, QString> secrets;
  QStringList reads;
  QString problem;  ///< not empty: it is out of order

  void later(QObject* receiver, std::function<void()> answer) { QTimer::singleShot(20, receiver, std::move(answer)); }
  void probe(QObject* receiver, Done done) override {
    later(receiver, [this, done] { done(problem); });
  }
  void read(const QString& key, QObject* receiver, Read done) override {
    reads << key;
    later(receiver, [this, key, done] { done(problem.isEmpty() ? secrets[key] : QString(), problem); });
  }
  void write(const QString& key, const QString& secret, QObject* receiver, Done done) override {
    later(receiver, [=, this] {
      if (problem.isEmpty()) secrets[key] = secret;
      done(problem);
    });
  }
  void remove(const QString& key, QObject* receiver, Done done) override {
    later(receiver, [=, this] {
      if (problem.isEmpty()) secrets.erase(key);
      done(problem);
    });
  }
};

}  // namespace layersmith::testing
