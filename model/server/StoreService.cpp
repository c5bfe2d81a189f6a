#include "model/server/StoreService.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/server/ByteRange.h"
#include "model/server/EntityTags.h"
#include "model/server/KeyedUpload.h"
#include "model/server/Precondition.h"
#include "model/storage/TrashAge.h"

#include <algorithm>

namespace layersmith {

namespace {

HttpResponse notAllowed(const char* methods) {
  HttpResponse response = errorResponse(405, "E307", std::string("This address takes ") + methods + '.');
  response.fields.emplace_back("Allow", methods);
  return response;
}

HttpResponse noSuchThing() {
  return errorResponse(404, "E307", "There is nothing at this address. See GET /models.");
}

bool isGet(const HttpRequest& request) {
  return request.method == "GET" || request.method == "HEAD";
}

/// Of a field that may come in several lines, the one list that they are; empty: there is none.
std::string listOf(const HttpRequest& request, std::string_view name) {
  return request.list(name).value_or(std::string());
}

/// One that names nothing must not be taken for none: a DELETE would have no condition.
bool hasEmptyCondition(const HttpRequest& request) {
  return std::ranges::any_of(std::initializer_list<std::string_view>{"If-Match", "If-None-Match"},
                             [&](std::string_view name) {
                               const std::optional<std::string> list = request.list(name);
                               return list && itemsOf(*list).empty();
                             });
}

}  // namespace

StoreService::StoreService(ModelRepository& repository, Settings settings)
    : m_repository(repository),
      m_staging(repository.stagingFolder()),
      m_rules(std::move(settings.rules)),
      m_guard(std::move(settings.guard)),
      m_maxBodyBytes(settings.maxBodyBytes),
      m_maxStoreBytes(settings.maxStoreBytes) {}

std::optional<HttpResponse> StoreService::refuse(const HttpRequest& request) {
  if (!m_rules.isOurHost(request.field("Host")))
    return errorResponse(421, "E307", "The Host field names another server. Nothing was done.");
  if (!m_rules.mayAsk(request))
    return errorResponse(403, "E303",
                         "Pages of this origin may not use the server. Start it with --cors and the page's origin.");
  if (request.method == "OPTIONS" || request.path == "/ping") return {};
  switch (m_guard.check(request.field("Authorization"), request.address)) {
    case TokenGuard::Verdict::Allowed: return {};
    case TokenGuard::Verdict::Refused: {
      HttpResponse response = errorResponse(401, "E303", "The token is missing or not the server's. Nothing was done.");
      response.fields.emplace_back("WWW-Authenticate", "Bearer");
      return response;
    }
    case TokenGuard::Verdict::TooManyFailures: {
      HttpResponse response =
          errorResponse(429, "E303", "Too many wrong tokens came from this address. Try again in a minute.");
      response.fields.emplace_back("Retry-After", std::to_string(limits::kServerFailuresMs / 1000));
      return response;
    }
  }
  return {};
}

HttpDecision StoreService::decide(const HttpRequest& request) {
  if (auto refusal = refuse(request)) return std::move(*refusal);
  if (hasEmptyCondition(request))
    return errorResponse(400, "E306", "If-Match or If-None-Match names nothing. Nothing was done.");
  const std::string_view path = request.path;
  if (request.method == "OPTIONS") return m_rules.preflight(request);
  if (path == "/ping") return isGet(request) ? jsonResponse(200, R"({"ok":true})") : notAllowed("GET, HEAD");
  if (path == "/upload" || path.starts_with("/upload/"))
    return upload(request, path == "/upload" ? std::string_view() : path.substr(8));
  if (path == "/models" || path == "/models/") {
    if (!isGet(request)) return notAllowed("GET, HEAD");
    return HttpWork{[this] { return list(); }, false};
  }
  if (path.starts_with("/models/")) return models(request, path.substr(8));
  return noSuchThing();
}

HttpDecision StoreService::models(const HttpRequest& request, std::string_view rest) {
  const auto slash = rest.find('/');
  const std::string name(rest.substr(0, slash));
  if (!isModelName(name)) return noSuchThing();
  if (slash == std::string_view::npos) {
    if (request.method != "DELETE") return notAllowed("DELETE");
    return HttpWork{[this, name, etag = listOf(request, "If-Match")] { return remove(name, etag); }, true};
  }
  const std::string file(rest.substr(slash + 1));
  if (!isModelFile(file)) return noSuchThing();
  if (!isGet(request)) return notAllowed("GET, HEAD");
  return HttpWork{[this, request, name, file] { return serve(request, name, file); }, false};
}

std::optional<HttpResponse> StoreService::refuseUpload(const HttpRequest& request, std::string_view name) const {
  if (request.method != "POST" && request.method != "PUT") return notAllowed("POST, PUT");
  if (request.path != "/upload" && !isModelName(name))
    return errorResponse(
        400, "E131", "A name is 1 to 128 letters, digits, dots, dashes and underscores, without a dot at its start.");
  if (request.contentLength > m_maxBodyBytes)
    return errorResponse(413, "E130",
                         "The upload is " + std::to_string(request.contentLength) + " bytes; the limit is " +
                             std::to_string(m_maxBodyBytes) + " (--max-body).",
                         m_maxBodyBytes);
  if (formBoundary(request.field("Content-Type")).empty())
    return errorResponse(415, "E306",
                         "An upload is a multipart/form-data form with the parts model.json and model.weights.bin, as "
                         "model.save() of TensorFlow.js sends it.");
  if (!request.isChunked && request.contentLength < 0)
    return errorResponse(411, "E306", "The upload does not say how long it is.");
  return {};
}

UploadRequest StoreService::wantedBy(const HttpRequest& request, std::string_view name) const {
  UploadRequest wanted;
  wanted.id = request.id;
  wanted.name = name;
  wanted.mustBeNew = namesAny(listOf(request, "If-None-Match"));
  const std::string prefers = listOf(request, "Prefer");
  wanted.keepsReplaced = std::ranges::count(itemsOf(prefers), "keep-replaced") > 0;
  wanted.ifMatch = listOf(request, "If-Match");
  wanted.boundary = formBoundary(request.field("Content-Type"));
  wanted.maxBytes = m_maxBodyBytes;
  wanted.maxStoreBytes = m_maxStoreBytes;
  wanted.declaredBytes = std::max<std::int64_t>(request.contentLength, 0);
  return wanted;
}

HttpDecision StoreService::upload(const HttpRequest& request, std::string_view name) {
  if (auto refusal = refuseUpload(request, name)) return std::move(*refusal);
  const UploadRequest wanted = wantedBy(request, name);
  const std::string_view idempotency = request.field("Idempotency-Key");
  if (idempotency.empty())
    return [this, wanted]() -> std::unique_ptr<BodySink> {
      return std::make_unique<Upload>(m_repository, m_staging, wanted);
    };
  const std::string key = toHex(
      sha256(request.path + '\n' + std::string(request.field("Authorization")) + '\n' + std::string(idempotency)));
  Replays::Answer answer;
  switch (m_replays.begin(key, &answer)) {
    case Replays::State::Running:
      return errorResponse(409, "E203", "A request with this Idempotency-Key is under way. Try again in a moment.");
    case Replays::State::Done: {
      return [answer, boundary = wanted.boundary, most = m_maxBodyBytes]() -> std::unique_ptr<BodySink> {
        return std::make_unique<RepeatedUpload>(answer, boundary, most);
      };
    }
    case Replays::State::New: break;
  }
  return [this, wanted, claim = std::make_shared<ReplayClaim>(m_replays, key)]() -> std::unique_ptr<BodySink> {
    return std::make_unique<KeyedUpload>(std::make_unique<Upload>(m_repository, m_staging, wanted), claim);
  };
}

HttpResponse StoreService::list() {
  Json models = Json::array();
  for (const ModelEntry& entry : m_repository.list()) {
    const std::string name = entry.name.toStdString();
    Json model{{"name", name},
               {"url", "/models/" + name + "/model.json"},
               {"modelArtifactsInfo",
                {{"dateSaved", entry.info.dateSaved.toUTC().toString(Qt::ISODateWithMs).toStdString()},
                 {"modelTopologyType", entry.info.modelTopologyType.toStdString()},
                 {"modelTopologyBytes", entry.info.modelTopologyBytes},
                 {"weightSpecsBytes", entry.info.weightSpecsBytes},
                 {"weightDataBytes", entry.info.weightDataBytes}}},
               {"layers", entry.layerCount},
               {"parameters", entry.parameters}};
    if (!entry.problem.isEmpty()) model["problem"] = entry.problem.toStdString();
    models.push_back(std::move(model));
  }
  return jsonResponse(200, toJsonBytes(Json{{"models", std::move(models)}}).toStdString());
}

HttpResponse StoreService::remove(const std::string& name, const std::string& etag) {
  const QString model = QString::fromStdString(name);
  std::string trashId;
  changeUnchanged(m_repository, model, etag,
                  [&](const QString& stamp) { trashId = m_repository.remove(model, stamp).id.toStdString(); });
  return jsonResponse(200, toJsonBytes(Json{{"name", name}, {"trashId", trashId}}).toStdString());
}

HttpResponse StoreService::serve(const HttpRequest& request, const std::string& name, const std::string& file) {
  auto served = m_repository.open(QString::fromStdString(name), QString::fromStdString(file));
  if (!served) return noSuchThing();
  return serveBytes(request, std::move(served->source), served->etag,
                    file == "model.json" ? "application/json" : "application/octet-stream");
}

void StoreService::complete(const HttpRequest& request, HttpResponse& response) {
  response.fields.emplace_back("X-Content-Type-Options", "nosniff");
  response.fields.emplace_back("Content-Security-Policy", "default-src 'none'");
  if (!request.id.empty()) response.fields.emplace_back("X-Request-Id", request.id);
  m_rules.complete(request, response);
}

void StoreService::tidy() {
  m_staging.removeOlderThan(limits::kServerStagingMs);
  try {
    m_repository.recount();
    m_repository.purgeTrash(QDateTime::currentDateTimeUtc().addDays(-kTrashDays));
  } catch (const Error&) {  // another program has the store; there is a next time
  }
}

}  // namespace layersmith
