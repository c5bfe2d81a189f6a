#pragma once

#include "model/server/Replays.h"
#include "model/server/Upload.h"

namespace layersmith {

/// An Idempotency-Key taken for one upload; given back when that comes to nothing.
class ReplayClaim {
 public:
  ReplayClaim(Replays& replays, std::string key) : m_replays(replays), m_key(std::move(key)) {}
  ~ReplayClaim() { m_replays.forget(m_key); }
  ReplayClaim(const ReplayClaim&) = delete;
  ReplayClaim& operator=(const ReplayClaim&) = delete;
  void finish(Replays::Answer answer) { m_replays.finish(m_key, std::move(answer)); }

 private:
  Replays& m_replays;
  std::string m_key;
};

/// An upload whose answer is remembered.
class KeyedUpload final : public BodySink {
 public:
  KeyedUpload(std::unique_ptr<Upload> upload, std::shared_ptr<ReplayClaim> claim)
      : m_upload(std::move(upload)), m_claim(std::move(claim)) {}

  void write(std::string_view bytes) override { m_upload->write(bytes); }
  HttpResponse finish() override;

 private:
  std::unique_ptr<Upload> m_upload;
  std::shared_ptr<ReplayClaim> m_claim;
};

/// Reads a form that was taken before, and answers as then. Errors: Refusal 422 for another model under the same key,
/// 413 for a longer form than uploads may be.
class RepeatedUpload final : public BodySink, private FormReceiver {
 public:
  RepeatedUpload(Replays::Answer answer, const std::string& boundary, std::int64_t maxBytes)
      : m_answer(std::move(answer)), m_parser(boundary, *this), m_maxBytes(maxBytes) {}

  void write(std::string_view bytes) override;
  HttpResponse finish() override;

 private:
  void beginPart(const FormPart& part) override { m_part = FormDigest::partNamed(part.name); }
  void partData(std::string_view bytes) override { m_digest.add(m_part, bytes); }
  void endPart() override {}

  Replays::Answer m_answer;
  MultipartParser m_parser;
  FormDigest::Part m_part = FormDigest::Part::Other;
  FormDigest m_digest;
  std::int64_t m_maxBytes;
  std::int64_t m_received = 0;
};

}  // namespace layersmith
