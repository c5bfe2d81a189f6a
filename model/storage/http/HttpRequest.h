#pragma once

#include "model/storage/ModelStore.h"

#include <QUrl>

class QNetworkRequest;

namespace layersmith {

bool isSameOrigin(const QUrl& a, const QUrl& b);

/// Why this header cannot be sent: it would end its line, or belongs to the framing of the request itself. Empty when
/// it can. Never tells the value, which may be a secret.
QString headerProblem(const QString& name, const QString& value);

bool isSecretHeader(const QString& name);  ///< whether headers of this name hold a token, a password or a key

/// Whether a token, a password or a key goes with the request.
bool sendsSecret(const HttpOptions& options);

/// HTTP/1.1 with TLS 1.2 or later, without cookies and without following redirects. Errors: InvalidConfig (a header, a
/// file without certificates).
QNetworkRequest requestFor(const QUrl& url, const HttpOptions& options);

/// Where a redirect leads. Headers that a person set may hold secrets: to another origin they do not follow. Errors:
/// E131 when it is less safe.
QUrl redirectTarget(const QUrl& from, const QUrl& location, HttpOptions& options);

}  // namespace layersmith
