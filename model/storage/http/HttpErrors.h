#pragma once

#include "model/core/Error.h"

#include <QByteArray>
#include <QString>
#include <QUrl>

class QNetworkReply;

namespace layersmith {

struct HttpReply;

/// An address as messages show it: without user, password, query and fragment.
QString shown(const QUrl& url);

/// An address as it may be kept on disk: without user, password, fragment and what in the query may be a secret.
QString withoutSecrets(const QString& url);

// What can go wrong with a server, in the words of RELIABILITY section 6, each with its own advice.
// `goesOnAt`: bytes that another try need not fetch again, 0 when it begins anew.
Error transportError(QNetworkReply& reply, std::int64_t done, std::int64_t total, const QString& tlsReason,
                     std::int64_t goesOnAt = 0);                   ///< E301, E302
Error unreachable(const QUrl& url);                                ///< E301
Error silent(const QUrl& url, int idleMs, std::int64_t goesOnAt);  ///< E301: connected, then nothing came
Error silentAfterUpload(const QUrl& url, int idleMs, std::int64_t sent, std::int64_t total);      ///< E301
Error lostAfterUpload(const QUrl& url, std::int64_t total);                                       ///< E301
Error tooSlow(const QUrl& url, std::int64_t received, std::int64_t ms, std::int64_t goesOnAt);    ///< E301
Error tooSlowForUpload(const QUrl& url, std::int64_t sent, std::int64_t total, std::int64_t ms);  ///< E301
Error brokenReply(const QUrl& url, int status);      ///< E301: a success, but not to its end
bool mayHaveArrived(const Error& error);             ///< of an upload: what became of it is not known
Error refused(const HttpReply& reply);               ///< E303, E305: the answer to a GET or DELETE
Error refusedUpload(const HttpReply& reply);         ///< E202, E203, E303, E304, E305
Error changedOnServer(const QUrl& url);              ///< E203: If-Match did not hold
bool isUnderWay(const HttpReply& reply);             ///< our server has the same upload, sent before, at work
Error tooLong(const QUrl& url, std::int64_t limit);  ///< E130

}  // namespace layersmith
