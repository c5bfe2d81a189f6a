#pragma once

#include "model/core/Limits.h"
#include "model/server/ModelRepository.h"
#include "model/server/OriginRules.h"
#include "model/server/Replays.h"
#include "model/server/RequestHandler.h"
#include "model/server/Staging.h"
#include "model/server/TokenGuard.h"

#include <optional>

namespace layersmith {

struct UploadRequest;

/// What the store server does with requests:
///
///   GET    /ping                 {"ok": true}
///   POST   /upload[/NAME], PUT   a model as model.save() sends it; without NAME under one that is free. With
///                                If-None-Match: * nothing is replaced, with Prefer: keep-replaced what is
///                                replaced goes to Trash, with If-Match only that is replaced which has
///                                this ETag; Idempotency-Key makes sending it again safe. ETag: of what is there now
///   GET    /models               {"models": [{name, url, modelArtifactsInfo, layers, parameters}]}
///   GET    /models/NAME/FILE     model.json or a weight file; HEAD, ETag and ranges
///   DELETE /models/NAME          to Trash
///
/// Everything but /ping and a browser's OPTIONS needs a token, unless the guard is open.
class StoreService final : public RequestHandler {
 public:
  struct Settings {
    OriginRules rules;
    TokenGuard guard;
    std::int64_t maxBodyBytes = 0;
    std::int64_t maxStoreBytes = limits::kServerStoreBytes;  ///< of all models together
  };

  /// Errors: as Staging.
  StoreService(ModelRepository& repository, Settings settings);

  HttpDecision decide(const HttpRequest& request) override;
  void complete(const HttpRequest& request, HttpResponse& response) override;
  void tidy() override;

 private:
  std::optional<HttpResponse> refuse(const HttpRequest& request);
  std::optional<HttpResponse> refuseUpload(const HttpRequest& request, std::string_view name) const;
  UploadRequest wantedBy(const HttpRequest& request, std::string_view name) const;
  HttpDecision upload(const HttpRequest& request, std::string_view name);
  HttpDecision models(const HttpRequest& request, std::string_view rest);
  HttpResponse list();
  HttpResponse remove(const std::string& name, const std::string& etag);  ///< empty: whatever is there
  HttpResponse serve(const HttpRequest& request, const std::string& name, const std::string& file);

  ModelRepository& m_repository;
  Staging m_staging;
  OriginRules m_rules;
  TokenGuard m_guard;
  std::int64_t m_maxBodyBytes;
  std::int64_t m_maxStoreBytes;
  Replays m_replays;
};

}  // namespace layersmith
