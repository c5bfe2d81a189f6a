#pragma once

#include "model/server/StoreService.h"
#include "model/storage/http/MultipartBody.h"
#include "tests/support/ModelFixtures.h"

#include <QTemporaryDir>

#include <optional>

/// A store service without a network.
namespace layersmith::fixtures {

/// An answer with its body read, also from a file.
struct Answer {
  int status = 0;
  HttpFields fields;
  QByteArray body;
  Json json() const { return Json::parse(body.toStdString()); }
  std::string etag() const { return std::string(fieldOf(fields, "ETag")); }
  QByteArray code() const { return QByteArray::fromStdString(json().at("error").at("code").get<std::string>()); }
};

inline Answer read(HttpResponse response) {
  Answer answer{response.status, response.fields, QByteArray::fromStdString(response.body)};
  for (std::int64_t done = 0; response.source && done < response.count;) {
    const std::string piece = response.source->read(response.first + done, response.count - done);
    answer.body += QByteArray::fromStdString(piece);
    done += std::int64_t(piece.size());
  }
  return answer;
}

/// A place another program writes to just after something of it was opened, once.
class OvertakenRepository final : public ModelRepository {
 public:
  explicit OvertakenRepository(std::unique_ptr<ModelRepository> place) : m_place(std::move(place)) {}

  std::function<void()> overtake;

  std::vector<ModelEntry> list() override { return m_place->list(); }
  bool contains(const QString& name) override { return m_place->contains(name); }
  std::optional<ServedFile> open(const QString& name, const QString& file) override {
    auto opened = m_place->open(name, file);
    if (const auto action = std::exchange(overtake, {})) action();
    return opened;
  }
  SaveResult publish(const QString& name, const ModelArtifacts& artifacts, const SaveOptions& options) override {
    return m_place->publish(name, artifacts, options);
  }
  QString stamp(const QString& name) override { return m_place->stamp(name); }
  TrashEntry remove(const QString& name, const QString& stamp) override { return m_place->remove(name, stamp); }
  void purgeTrash(const QDateTime& before) override { m_place->purgeTrash(before); }
  std::int64_t usedBytes() override { return m_place->usedBytes(); }
  void recount() override { m_place->recount(); }
  QString stagingFolder() const override { return m_place->stagingFolder(); }

 private:
  std::unique_ptr<ModelRepository> m_place;
};

/// A service over a fresh place, used as the transport uses it but without a network.
class Bench {
 public:
  explicit Bench(bool isStore, const std::string& token = {}, std::int64_t maxStoreBytes = limits::kServerStoreBytes)
      : m_repository(isStore ? storeRepository(path("store.sqlite")) : folderRepository(path("models"))) {
    StoreService::Settings settings;
    settings.maxBodyBytes = 64 * limits::kMiB;
    settings.maxStoreBytes = maxStoreBytes;
    if (!token.empty()) settings.guard.add(sha256(token));
    m_service.emplace(m_repository, std::move(settings));
  }

  QString path(const char* name) const { return m_folder.filePath(QString::fromLatin1(name)); }

  Answer ask(const std::string& method, const std::string& target, HttpFields fields = {},
             const QByteArray& body = {}) {
    HttpRequest request;
    request.id = "id" + std::to_string(++m_requests);
    request.address = "127.0.0.1";
    request.method = method;
    request.path = target;
    request.fields = std::move(fields);
    request.fields.emplace_back("Host", "127.0.0.1:8080");
    request.contentLength = body.isEmpty() ? -1 : body.size();
    HttpDecision decision = m_service->decide(request);
    try {
      if (auto* answer = std::get_if<HttpResponse>(&decision)) return read(std::move(*answer));
      if (auto* work = std::get_if<HttpWork>(&decision)) return read(work->run());
      const std::unique_ptr<BodySink> sink = std::get<2>(decision)();
      for (qsizetype at = 0; at < body.size(); at += 1000)
        sink->write(std::string_view(body.constData() + at, std::size_t(qMin<qsizetype>(1000, body.size() - at))));
      return read(sink->finish());
    } catch (const Refusal& refusal) {
      return read(errorResponse(refusal.status, refusal.code, refusal.message, refusal.limitBytes));
    } catch (const Error& error) {
      return read(errorResponse(error));
    }
  }

  Answer upload(const std::string& target, const std::vector<MultipartPart>& parts, HttpFields fields = {}) {
    fields.emplace_back("Content-Type", "multipart/form-data; boundary=B");
    return ask("POST", target, fields, multipartBody(parts, "B").joined());
  }

  StoreService& service() { return *m_service; }
  OvertakenRepository& repository() { return m_repository; }
  QStringList staged() const {
    return QDir(m_repository.stagingFolder()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
  }

 private:
  QTemporaryDir m_folder;
  OvertakenRepository m_repository;
  std::optional<StoreService> m_service;
  int m_requests = 0;
};

inline std::vector<MultipartPart> partsOf(const QString& name) {
  return uploadParts(capture(name));
}

}  // namespace layersmith::fixtures
