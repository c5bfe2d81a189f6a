#include "model/server/Upload.h"

#include "model/core/Error.h"
#include "model/core/Limits.h"
#include "model/format/JsonAccess.h"
#include "model/format/ModelJson.h"
#include "model/server/MappedWeights.h"
#include "model/server/ModelCheck.h"
#include "model/server/Precondition.h"
#include "model/storage/ModelSummary.h"
#include "model/storage/folder/FileAccess.h"

#include <QFile>

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>
#include <span>
#include <utility>

namespace layersmith {

namespace {

constexpr std::int64_t kSpaceStep = 64 * limits::kMiB;

Refusal tooLarge(const char* what, std::int64_t limit, const char* setting) {
  return {413, "E130",
          std::string(what) + " is larger than " + std::to_string(limit) + " bytes, which is the limit" + setting + ".",
          limit};
}

Refusal noSpace() {
  return {507, "E201", "Not saved: the server's disk is full. What is stored under this name is unchanged."};
}

/// The letters of a text that a name may have, "my model" -> "my-model".
std::string plainName(const std::string& text) {
  std::string name;
  for (const char c : text.substr(0, 100)) name += isModelName(std::string("a") + c) ? c : '-';
  while (!name.empty() && name.front() == '.') name.erase(0, 1);
  return isModelName(name) ? name : "model";
}

Json toJson(const std::vector<Issue>& issues) {
  Json list = Json::array();
  for (const Issue& issue : issues) list.push_back({{"code", issue.code}, {"message", issue.message}});
  return list;
}

}  // namespace

Refusal tooLargeUpload(std::int64_t maxBytes) {
  return tooLarge("The upload", maxBytes, " (--max-body)");
}

FormDigest::Part FormDigest::partNamed(const std::string& name) {
  if (name == "model.json" || name == "model_json") return Part::Model;
  if (name == "model.weights.bin" || name == "model_weights_bin") return Part::Weights;
  return Part::Other;
}

void FormDigest::add(Part part, std::string_view bytes) {
  if (part == Part::Model) m_json.add(std::as_bytes(std::span(bytes)));
  if (part == Part::Weights) m_weights.add(std::as_bytes(std::span(bytes)));
}

void FormDigest::finish() {
  m_weightsText = m_weights.result().toHex().toStdString();
  m_all = m_json.result().toHex().toStdString() + ' ' + m_weightsText;
}

Upload::Upload(ModelRepository& repository, const Staging& staging, UploadRequest request)
    : m_repository(repository), m_staging(staging), m_request(std::move(request)), m_parser(m_request.boundary, *this) {
  if (staging.freeBytes() < m_request.declaredBytes + limits::kServerFreeBytes) throw noSpace();
  m_folder = staging.makeEntry(m_request.id);
}

Upload::~Upload() {
  for (const File* file : {&m_json, &m_weights})
    if (file->descriptor >= 0) ::close(file->descriptor);
  Staging::removeEntry(m_folder);
}

void Upload::write(std::string_view bytes) {
  m_received += std::int64_t(bytes.size());
  if (m_received > m_request.maxBytes) throw tooLargeUpload(m_request.maxBytes);
  if (m_received > m_nextSpaceCheck) {  // a chunked body does not say how long it will be
    if (m_staging.freeBytes() < limits::kServerFreeBytes) throw noSpace();
    m_nextSpaceCheck = m_received + kSpaceStep;
  }
  m_parser.write(bytes);
}

void Upload::beginPart(const FormPart& part) {
  m_part = FormDigest::partNamed(part.name);
  if (m_part == FormDigest::Part::Other) return;
  m_open = m_part == FormDigest::Part::Model ? &m_json : &m_weights;
  if (m_open->isThere) throw Refusal{400, "E306", "The form holds a part twice."};
  m_open->isThere = true;
  m_open->path = m_folder + (m_open == &m_json ? QStringLiteral("/0") : QStringLiteral("/1"));
  m_open->descriptor =
      ::open(QFile::encodeName(m_open->path).constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (m_open->descriptor < 0) throw Error(ErrorKind::Io, "A staging file could not be made.", "E201");
}

void Upload::partData(std::string_view bytes) {
  if (!m_open) return;
  m_open->bytes += std::int64_t(bytes.size());
  if (m_open == &m_json && m_open->bytes > limits::kModelJsonBytes)
    throw tooLarge("model.json", limits::kModelJsonBytes, "");
  m_digest.add(m_part, bytes);
  while (!bytes.empty()) {
    const ssize_t written = ::write(m_open->descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && (errno == ENOSPC || errno == EDQUOT)) throw noSpace();
    if (written <= 0) throw Error(ErrorKind::Io, "A staging file could not be written.", "E201");
    bytes.remove_prefix(std::size_t(written));
  }
}

void Upload::endPart() {
  if (!m_open) return;
  if (::fsync(m_open->descriptor) != 0) throw Error(ErrorKind::Io, "A staging file could not be synced.", "E201");
  ::close(std::exchange(m_open->descriptor, -1));
  m_open = nullptr;
}

ModelArtifacts Upload::readArtifacts() const {
  if (!m_json.isThere) throw Refusal{400, "E306", "The form has no part \"model.json\"."};
  const QString name = QStringLiteral("model.json");
  QFile file(m_json.path);
  if (!file.open(QIODevice::ReadOnly)) throw Error(ErrorKind::Io, "A staging file could not be read.", "E201");
  ModelArtifacts artifacts = parseModelJson(file.readAll(), name);
  requireWhole(artifacts, name);
  if (artifacts.modelTopology.is_null())
    throw Error(ErrorKind::Format, "model.json: modelTopology is missing. This is JSON, but not a TensorFlow.js model.",
                "E104", "model.json");
  if (artifacts.groups.size() > 1 || (artifacts.groups.size() == 1 && artifacts.groups[0].paths.size() > 1))
    throw Refusal{422, "E110",
                  "model.json names several weight files, but an upload has one. Save the model with one weight file."};
  if (!artifacts.weightSpecs.empty() && !m_weights.isThere)
    throw Error(ErrorKind::Format, "The part \"model.weights.bin\" is missing: 0 bytes of weights.", "E110",
                "model.weights.bin");
  artifacts.groups.clear();
  if (m_weights.isThere) {
    artifacts.weightData = mapWeights(m_weights.path, m_weights.bytes);
    artifacts.groups = singleGroup(artifacts, "model.weights.bin");
  }
  return artifacts;
}

QString Upload::chooseName(const ModelArtifacts& artifacts) const {
  if (!m_request.name.empty()) return QString::fromStdString(m_request.name);
  const Json& wrapped = memberOf(artifacts.modelTopology, "model_config");
  const Json& name = memberOf(memberOf(wrapped.is_object() ? wrapped : artifacts.modelTopology, "config"), "name");
  const QString stem = QString::fromStdString(plainName(name.is_string() ? name.get<std::string>() : "model"));
  QString free = stem;
  for (int number = 2; m_repository.contains(free); ++number) free = stem + u'-' + QString::number(number);
  return free;
}

/// What other programs removed is noticed when it matters.
void Upload::requireRoom() {
  const std::int64_t left = m_request.maxStoreBytes - m_json.bytes - m_weights.bytes;
  if (m_repository.usedBytes() <= left) return;
  m_repository.recount();
  if (m_repository.usedBytes() <= left) return;
  throw Refusal{507, "E202",
                "Not saved: the server keeps at most " + std::to_string(m_request.maxStoreBytes) +
                    " bytes of models. Delete models you no longer need."};
}

SaveResult Upload::replace(const QString& name, const ModelArtifacts& artifacts) {
  SaveOptions options;
  options.overwrite = !m_request.name.empty() && !m_request.mustBeNew;
  options.replacedToTrash = options.overwrite && m_request.keepsReplaced;
  options.weightsFile = {m_weights.path, QString::fromStdString(m_digest.weights())};
  SaveResult result;
  changeUnchanged(m_repository, name, options.overwrite ? m_request.ifMatch : std::string(), [&](const QString& stamp) {
    options.base = stamp;
    result = m_repository.publish(name, artifacts, options);
  });
  return result;
}

HttpResponse Upload::publish(const ModelArtifacts& artifacts, const std::vector<Issue>& issues) {
  requireRoom();
  const QString name = chooseName(artifacts);
  const SaveResult result = replace(name, artifacts);
  const std::string plain = name.toStdString();
  const Json answer{{"name", plain},
                    {"url", "/models/" + plain + "/model.json"},
                    {"modelArtifactsInfo", toJson(result.info)},
                    {"weightsSha256", m_weights.isThere ? m_digest.weights() : std::string()},
                    {"issues", toJson(issues)}};
  HttpResponse response = jsonResponse(200, toJsonBytes(answer).toStdString());
  response.fields.emplace_back("ETag", etagOfSaved(m_repository, name, result.stamp, m_request.id));
  return response;
}

HttpResponse Upload::finish() {
  m_parser.finish();
  m_digest.finish();
  const ModelArtifacts artifacts = readArtifacts();
  return publish(artifacts, checkModel(artifacts, m_weights.bytes));
}

}  // namespace layersmith
