#include "model/storage/http/HttpLoad.h"

#include "model/core/Error.h"
#include "model/format/ContentKind.h"
#include "model/format/ModelJson.h"
#include "model/format/WeightsManifest.h"
#include "model/storage/ModelSummary.h"
#include "model/storage/WeightFileErrors.h"
#include "model/storage/WeightFileHashes.h"
#include "model/storage/http/HttpErrors.h"
#include "model/storage/http/WeightAddresses.h"

#include <algorithm>
#include <span>
#include <utility>

namespace layersmith {

namespace {

QStringList textsOf(const std::vector<std::string>& texts) {
  QStringList list;
  for (const std::string& text : texts) list.append(QString::fromStdString(text));
  return list;
}

QString fileName(const QUrl& url) {
  return url.fileName().isEmpty() ? shown(url) : url.fileName();
}

ModelArtifacts parsed(const HttpReply& json) {
  requireModelJson(json.body, shown(json.url), json.status);
  return parseModelJson(json.body, fileName(json.url));
}

Error changedAgain(const QUrl& json) {
  const std::string name = shown(json).toStdString();
  return {ErrorKind::Changed, name + " was saved anew, twice, while it was read. Nothing was opened.", "E203", name,
          "Open it again when the other program is done."};
}

}  // namespace

HttpLoad::HttpLoad(HttpTransfer& transfer, LostLoad& lost, const QString& address, const LoadOptions& options)
    : m_transfer(transfer), m_lost(lost), m_address(address), m_options(options) {}

ModelArtifacts HttpLoad::run() {
  for (bool isAgain = false;; isAgain = true)
    if (std::optional<ModelArtifacts> artifacts = loadUnchanged(isAgain)) return std::move(*artifacts);
}

ModelArtifacts HttpLoad::structure() {
  ModelArtifacts artifacts = parsed(modelJsonAt(m_transfer, QUrl(m_address), m_options.http, m_options.progress).reply);
  takeHashes(artifacts);
  return artifacts;
}

/// Empty: it was saved anew meanwhile. Errors: E203 when that happened `isAgain`.
std::optional<ModelArtifacts> HttpLoad::loadUnchanged(bool isAgain) {
  const ServedJson json = modelJsonAt(m_transfer, QUrl(m_address), m_options.http, isWanted());
  if (m_options.stamp) *m_options.stamp = stampOf(json.reply);
  ModelArtifacts artifacts = parsed(json.reply);
  if (!m_options.allowMissingWeights) requireWhole(artifacts, fileName(json.reply.url));
  const WeightFileHashes hashes = takeHashes(artifacts);

  LostLoad::Part now{m_address, m_options.weightPathPrefix, json.reply.body, json.version(), {}};
  if (m_options.keepsUnfinished)
    if (std::optional<LostLoad::Part> lost = m_lost.take(now)) now = std::move(*lost);
  if (!now.weights) now.weights.emplace(storedBytes(artifacts.weightSpecs));
  const bool mayGoOn = m_options.keepsUnfinished && !now.version.isEmpty();
  try {
    if (!fetchUnchanged(*now.weights, artifacts, json, isAgain)) return {};
  } catch (const Error& error) {
    if (mayGoOn && error.code() == "E301") m_lost.keep(std::move(now));
    throw;
  }
  if (!artifacts.groups.empty()) artifacts.weightData = now.weights->finish();
  if (!m_options.acceptChangedFiles) verifyWeights(hashes, artifacts);
  return artifacts;
}

/// False: it was saved anew meanwhile. Errors: as above.
bool HttpLoad::fetchUnchanged(WeightsDownload& weights, ModelArtifacts& artifacts, const ServedJson& json,
                              bool isAgain) {
  bool isChanged = false;
  try {
    fetchWeights(weights, artifacts, json);
    isChanged = !artifacts.groups.empty() && isAnotherThere(json, isAgain);
  } catch (const Error& error) {
    const bool mayBeOfAnother = error.code() == "E110" || m_transfer.wasRefused(error);  // of other sizes or names
    if (isAgain || !mayBeOfAnother || !isAnotherThere(json, isAgain)) throw;
    isChanged = true;
  }
  if (isChanged && isAgain) throw changedAgain(json.reply.url);
  return !isChanged;
}

void HttpLoad::fetchWeights(WeightsDownload& weights, ModelArtifacts& artifacts, const ServedJson& json) {
  const WeightAddresses addresses(json, m_options.weightPathPrefix, m_options.http);
  const bool mayGoOn = m_options.keepsUnfinished && !json.version().isEmpty();
  weights.begin();
  std::size_t next = 0;
  for (WeightsGroup& group : artifacts.groups) {
    const std::int64_t expected = storedBytes(std::span(artifacts.weightSpecs).subspan(next, group.weights));
    next += group.weights;
    std::int64_t found = 0;
    for (const std::string& path : group.paths) {
      group.bytes.push_back(weights.fetch(m_transfer, addresses.of(path), expected,
                                          std::max<std::int64_t>(expected - found, 0), mayGoOn, m_options.progress));
      found += group.bytes.back();
    }
    if (found < expected && group.paths.empty()) throw shortFile(fileName(json.reply.url), 0, expected);
    if (found < expected) throw shortGroup(textsOf(group.paths), group.bytes, expected);
  }
}

bool HttpLoad::isAnotherThere(const ServedJson& json, bool isAgain) {
  return isSavedAnew(m_transfer, json, m_options.http, isAgain, isWanted());
}

StoreProgress HttpLoad::isWanted() const {
  return [this](std::int64_t, std::int64_t) { return !m_options.progress || m_options.progress(0, 0); };
}

}  // namespace layersmith
