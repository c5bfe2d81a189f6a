#include "model/server/KeyedUpload.h"

namespace layersmith {

HttpResponse KeyedUpload::finish() {
  HttpResponse response = m_upload->finish();
  m_claim->finish({response.status, response.fields, response.body, m_upload->digest()});
  return response;
}

void RepeatedUpload::write(std::string_view bytes) {
  m_received += std::int64_t(bytes.size());
  if (m_received > m_maxBytes) throw tooLargeUpload(m_maxBytes);
  m_parser.write(bytes);
}

HttpResponse RepeatedUpload::finish() {
  m_parser.finish();
  m_digest.finish();
  if (m_digest.all() != m_answer.digest)
    throw Refusal{422, "E306",
                  "Another model was sent with this Idempotency-Key before. Nothing was changed. Send this one with a "
                  "key of its own."};
  HttpResponse response;
  response.status = m_answer.status;
  response.fields = std::move(m_answer.fields);
  response.fields.emplace_back("Idempotency-Replayed", "true");
  response.body = std::move(m_answer.body);
  return response;
}

}  // namespace layersmith
