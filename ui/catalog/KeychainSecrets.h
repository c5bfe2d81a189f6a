#pragma once

#include "ui/catalog/SecretStore.h"

namespace layersmith {

/// The system's keychain (Secret Service or KWallet) by QtKeychain, which writes to no file of its own: without a
/// service every answer is a problem.
class KeychainSecrets final : public SecretStore {
 public:
  void probe(QObject* receiver, Done done) override;
  void read(const QString& key, QObject* receiver, Read done) override;
  void write(const QString& key, const QString& secret, QObject* receiver, Done done) override;
  void remove(const QString& key, QObject* receiver, Done done) override;
};

}  // namespace layersmith
