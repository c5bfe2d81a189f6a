#pragma once

#include "model/core/Issue.h"
#include "model/server/ModelRepository.h"
#include "model/server/MultipartParser.h"
#include "model/server/RequestHandler.h"
#include "model/server/Staging.h"
#include "model/storage/Sha256.h"

#include <functional>

namespace layersmith {

/// What a client asked for with an upload.
struct UploadRequest {
  std::string id;          ///< the request's, names its folder in staging
  std::string name;        ///< empty: the server chooses one that is free
  bool mustBeNew = false;  ///< If-None-Match: *
  std::string boundary;
  std::int64_t declaredBytes = 0;
  std::int64_t maxBytes = 0;
};

/// One upload: its form goes to files in staging as it comes; when it is whole, the model is checked as a loader would
/// and published in one step. Memory: one piece of the body, and model.json while it is checked.
class Upload final : public BodySink, private FormReceiver {
 public:
  /// Errors: Refusal 507 when the disk has no room, E201.
  Upload(ModelRepository& repository, const Staging& staging, UploadRequest request);
  ~Upload() override;

  void write(std::string_view bytes) override;
  HttpResponse finish() override;

 private:
  struct File {
    QString path;
    int descriptor = -1;
    std::int64_t bytes = 0;
    bool isThere = false;
  };

  void beginPart(const FormPart& part) override;
  void partData(std::string_view bytes) override;
  void endPart() override;
  File* fileFor(const std::string& partName);
  ModelArtifacts readArtifacts() const;
  QString chooseName(const ModelArtifacts& artifacts) const;
  std::string publish(ModelArtifacts artifacts, const std::vector<Issue>& issues);

  ModelRepository& m_repository;
  const Staging& m_staging;
  UploadRequest m_request;
  MultipartParser m_parser;
  QString m_folder;
  File m_json, m_weights;
  File* m_open = nullptr;  ///< the part being received; null: one that is passed over
  Sha256 m_hash;           ///< of the weights
  std::string m_sha256;
  std::int64_t m_received = 0;
  std::int64_t m_nextSpaceCheck = 64 * 1024 * 1024;
};

}  // namespace layersmith
