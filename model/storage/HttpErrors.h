#pragma once

#include "model/core/Error.h"

#include <QByteArray>
#include <QString>
#include <QUrl>

class QNetworkReply;

namespace layersmith {

/// An address as messages show it: without user, password, query and fragment.
QString shown(const QUrl& url);

// What can go wrong with a server, in the words of RELIABILITY section 6, each with its own advice.
Error transportError(QNetworkReply& reply, std::int64_t done, std::int64_t total,
                     const QString& tlsReason);                            ///< E301, E302
Error timedOut(const QUrl& url, bool wasConnected, int idleMs);            ///< E301
Error refused(const QUrl& url, int status, const QByteArray& body);        ///< E303, E305: the answer to a GET
Error refusedUpload(const QUrl& url, int status, const QByteArray& body);  ///< E303, E304, E305
Error tooLong(const QUrl& url, std::int64_t limit);                        ///< E130

}  // namespace layersmith
