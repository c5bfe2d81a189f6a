#include "model/storage/http/ServedJson.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/storage/http/HttpErrors.h"
#include "model/storage/http/ServerModel.h"

#include <algorithm>

namespace layersmith {

namespace {

/// ".../models/NAME": a Layersmith server has the model's file below it.
bool isModelAddress(const QUrl& url) {
  return ServerModel::at(shown(url)) && !url.path().endsWith(QStringLiteral(".json"));
}

std::pair<QString, QString> unlessChanged(const HttpReply& json) {
  const QByteArray tag = json.header("ETag"), date = json.header("Last-Modified");
  return tag.isEmpty() ? std::pair(QStringLiteral("If-Modified-Since"), QString::fromLatin1(date))
                       : std::pair(QStringLiteral("If-None-Match"), QString::fromLatin1(tag));
}

}  // namespace

QByteArray ServedJson::version() const {
  return reply.header("ETag") + reply.header("Last-Modified");
}

QString stampOf(const HttpReply& reply) {
  const QByteArray tag = reply.header("ETag");
  const bool isStrong = tag.size() > 2 && tag.startsWith('"') && tag.endsWith('"');
  const bool isPlain = std::ranges::all_of(tag, [](char c) { return c > 0x20 && c < 0x7f; });
  return isStrong && isPlain ? QString::fromLatin1(tag) : QString();
}

ServedJson modelJsonAt(HttpTransfer& transfer, const QUrl& url, const HttpOptions& options,
                       const StoreProgress& progress) {
  try {  // other servers may give a model at the very address
    return {url, transfer.get(url, options, limits::kModelJsonBytes, progress)};
  } catch (const Error& error) {
    const bool isNotThere = error.code() == "E305" && (transfer.lastStatus() == 404 || transfer.lastStatus() == 405);
    if (!isNotThere || !isModelAddress(url)) throw;
  }
  const QUrl file = below(url, QStringLiteral("model.json"));
  return {file, transfer.get(file, options, limits::kModelJsonBytes, progress)};
}

/// The address given is asked, not the one that a redirect led to: that may have been signed for a minute, and a new
/// version may lie elsewhere.
bool isSavedAnew(HttpTransfer& transfer, const ServedJson& json, HttpOptions options, bool isAgain,
                 const StoreProgress& progress) {
  if (json.version().isEmpty()) return false;
  options.headers.append(unlessChanged(json.reply));
  HttpReply now;
  try {
    now = transfer.get(json.asked, options, limits::kModelJsonBytes, progress);
  } catch (const Error& error) {
    if (transfer.lastStatus() == 304) return false;
    if (!transfer.wasRefused(error)) throw;
    // That it is gone (404, 410) says that something changed: it is read once more, and what is there then counts. Any
    // other refusal - a link or token that ran out, too many requests - says nothing of the model, and all of it came,
    // as long as the manifest says; its hashes, where it has some, are compared after this.
    return transfer.lastStatus() == 404 || transfer.lastStatus() == 410;
  }
  if (now.body != json.reply.body) return true;
  const QByteArray date = json.reply.header("Last-Modified");
  const bool isSameDate = !date.isEmpty() && now.header("Last-Modified") == date;
  return !isAgain && !isSameDate && ServedJson{json.asked, now}.version() != json.version();
}

}  // namespace layersmith
