#include "model/storage/ModelStore.h"

namespace layersmith {

void HttpOptions::setBasicAuth(const QString& user, const QString& password) {
  const QByteArray pair = (user + u':' + password).toUtf8().toBase64();
  headers.prepend({QStringLiteral("Authorization"), QStringLiteral("Basic ") + QString::fromLatin1(pair)});
}

void HttpOptions::setBearerToken(const QString& token) {
  headers.prepend({QStringLiteral("Authorization"), QStringLiteral("Bearer ") + token});
}

}  // namespace layersmith
