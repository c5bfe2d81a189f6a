#pragma once

#include "model/core/Issue.h"
#include "model/server/ModelRepository.h"
#include "model/server/MultipartParser.h"
#include "model/server/RequestHandler.h"
#include "model/server/Staging.h"
#include "model/storage/Sha256.h"

namespace layersmith {

/// What a client asked for with an upload.
struct UploadRequest {
  std::string id;              ///< the request's, names its folder in staging
  std::string name;            ///< empty: the server chooses one that is free
  bool mustBeNew = false;      ///< If-None-Match: *
  bool keepsReplaced = false;  ///< Prefer: keep-replaced; what is replaced goes to Trash
  std::string ifMatch;         ///< If-Match: of what is replaced; empty: whatever is there. Not without a name
  std::string boundary;
  std::int64_t declaredBytes = 0;
  std::int64_t maxBytes = 0;
  std::int64_t maxStoreBytes = 0;  ///< of all models together
};

/// What tells two uploads apart: the parts of their forms that make the model, not the form around them.
class FormDigest {
 public:
  enum class Part { Model, Weights, Other };
  static Part partNamed(const std::string& name);  ///< "model.json", "model_json", ...

  void add(Part part, std::string_view bytes);
  /// Hex SHA-256 of the weights, and of both. Once, at the end.
  void finish();
  const std::string& weights() const { return m_weightsText; }
  const std::string& all() const { return m_all; }

 private:
  Sha256 m_json, m_weights;
  std::string m_weightsText, m_all;
};

/// 413 of a body that came in chunks, whose length nobody knew before.
Refusal tooLargeUpload(std::int64_t maxBytes);

/// One upload: its form goes to files in staging as it comes; when it is whole, the model is checked as a loader would
/// and published in one step. Memory: one piece of the body, and model.json while it is checked.
class Upload final : public BodySink, private FormReceiver {
 public:
  /// Errors: Refusal 507 when the disk has no room, E201.
  Upload(ModelRepository& repository, const Staging& staging, UploadRequest request);
  ~Upload() override;

  void write(std::string_view bytes) override;
  HttpResponse finish() override;
  const std::string& digest() const { return m_digest.all(); }  ///< FormDigest's, once it is finished

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
  ModelArtifacts readArtifacts() const;
  QString chooseName(const ModelArtifacts& artifacts) const;
  void requireRoom();
  SaveResult replace(const QString& name, const ModelArtifacts& artifacts);
  HttpResponse publish(const ModelArtifacts& artifacts, const std::vector<Issue>& issues);

  ModelRepository& m_repository;
  const Staging& m_staging;
  UploadRequest m_request;
  MultipartParser m_parser;
  QString m_folder;
  File m_json, m_weights;
  FormDigest::Part m_part = FormDigest::Part::Other;  ///< the one being received
  File* m_open = nullptr;                             ///< its file; null: it is passed over
  FormDigest m_digest;
  std::int64_t m_received = 0;
  std::int64_t m_nextSpaceCheck = 64 * 1024 * 1024;
};

}  // namespace layersmith
