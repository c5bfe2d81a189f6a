#include "model/storage/StorePreview.h"

#include "model/format/ModelJson.h"
#include "model/storage/ModelLibrary.h"
#include "model/storage/WeightFileHashes.h"
#include "model/storage/WeightHasher.h"
#include "model/storage/browser/BrowserRecords.h"
#include "model/storage/folder/FolderLayout.h"
#include "model/storage/http/HttpErrors.h"
#include "model/storage/http/HttpStore.h"
#include "model/storage/http/MultipartBody.h"

#include <QUrl>

#include <algorithm>

namespace layersmith {

namespace {

void previewFiles(const QString& path, const ModelArtifacts& artifacts, const SaveOptions& options,
                  StorePreview& preview) {
  const FolderLayout layout = layoutOf(path);
  const std::vector<WeightsGroup> groups = groupsToWrite(artifacts, layout, options);
  ModelArtifacts written = artifacts;
  if (options.addHashes && artifacts.weightData) {
    const std::vector<QByteArray> digests(fileBytes(groups).size(), QByteArray(32, '\0'));  // as long as the real ones
    addHashes(written, hashesOf(digests, groups, 1, WeightHasher::kHashChunkBytes));
  }
  preview.items.push_back({layout.jsonName, toJsonBytes(modelJson(written, groups)).size()});
  for (const WeightsGroup& group : groups)
    for (std::size_t i = 0; i < group.paths.size(); ++i)
      preview.items.push_back({weightFile(group.paths[i]), group.bytes[i]});
}

void previewRecords(const BrowserFormat& format, const QString& name, const ModelArtifacts& artifacts,
                    StorePreview& preview) {
  const std::vector<BrowserRecord> records = format.encode(name, artifacts, QDateTime::currentDateTimeUtc());
  for (const BrowserRecord& record : records) {
    const QString shownName =
        format.keepsWeightsApart() ? record.store + QStringLiteral(" / ") + record.key : record.key;
    preview.items.push_back({shownName, format.units({record}, 0)});
  }
  if (format.keepsWeightsApart() && artifacts.weightData)
    preview.items.push_back(
        {QStringLiteral("models_store / ") + name + QStringLiteral(" / weightData"), artifacts.weightData->size()});
  if (!format.keepsWeightsApart()) preview.unit = QStringLiteral("characters");
}

/// What a plug-in is given.
void previewParts(const ModelArtifacts& artifacts, StorePreview& preview) {
  preview.items.push_back(
      {QStringLiteral("model.json"), toJsonBytes(modelJson(artifacts, singleGroup(artifacts, "weights.bin"))).size()});
  if (artifacts.weightData) preview.items.push_back({QStringLiteral("weights.bin"), artifacts.weightData->size()});
}

void previewRequest(const QString& address, const ModelArtifacts& artifacts, const SaveOptions& saving,
                    StorePreview& preview) {
  const HttpOptions& options = saving.http;
  const QUrl url(address);
  const QByteArray boundary = QByteArray("----LayersmithFormBoundary") + QByteArray(16, 'x');
  const std::vector<MultipartPart> parts = uploadParts(artifacts);
  std::vector<MultipartPart> shownParts = parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    preview.items.push_back({QString::fromLatin1(parts[i].name), parts[i].bytes.size()});
    if (parts[i].contentType != "application/json")
      shownParts[i].bytes = QByteArray("(" + QByteArray::number(parts[i].bytes.size()) + " bytes)");
  }
  QString text = options.method.toUpper() + u' ' + (url.path().isEmpty() ? QStringLiteral("/") : url.path()) +
                 QStringLiteral(" HTTP/1.1\n");
  text += QStringLiteral("Host: ") + url.host() + (url.port() > 0 ? QStringLiteral(":%1").arg(url.port()) : QString()) +
          u'\n';
  for (const auto& [name, value] : options.headers + headersOfSave(saving))
    text += name + QStringLiteral(": ") + maskedHeader(name, value) + u'\n';
  text += QStringLiteral("Content-Type: multipart/form-data; boundary=") + QString::fromLatin1(boundary) + u'\n';
  text += QStringLiteral("Content-Length: %1\n\n").arg(multipartBody(parts, boundary).size());
  preview.request = text + QString::fromUtf8(multipartBody(shownParts, boundary).joined()).remove(u'\r');
}

QString quotedForShell(QString text) {
  return u'\'' + text.replace(u'\'', QStringLiteral("'\\''")) + u'\'';
}

QString quotedForScript(const QString& text) {
  return QString::fromUtf8(toJsonBytes(Json(text.toStdString())));
}

bool isSecret(const QString& name) {
  const QString lower = name.toLower();
  return std::ranges::any_of(std::initializer_list<const char*>{"auth", "cookie", "token", "key", "secret", "password"},
                             [&](const char* word) { return lower.contains(QLatin1String(word)); });
}

QString withoutSecret(const QString& name, const QString& value, const QString& instead) {
  if (!isSecret(name)) return value;
  const qsizetype space = value.indexOf(u' ');
  return space > 0 ? value.left(space + 1) + instead : instead;
}

}  // namespace

QString maskedHeader(const QString& name, const QString& value) {
  return withoutSecret(name, value, QStringLiteral("****"));
}

StorePreview previewSave(const QString& url, const ModelArtifacts& artifacts, const SaveOptions& options,
                         const StoreUsage& usage, std::int64_t replaced) {
  const Place place = parsePlace(url);
  StorePreview preview;
  preview.url = place.url();
  preview.unit = QStringLiteral("bytes");
  preview.info = artifactsInfo(artifacts, QDateTime::currentDateTimeUtc());
  preview.quota = usage.quota;
  preview.left = usage.quota - usage.used + replaced;
  if (place.scheme == QStringLiteral("file"))
    previewFiles(place.name, artifacts, options, preview);
  else if (place.scheme == QStringLiteral("localstorage"))
    previewRecords(localStorageFormat(), place.name, artifacts, preview);
  else if (place.scheme == QStringLiteral("indexeddb"))
    previewRecords(indexedDbFormat(), place.name, artifacts, preview);
  else if (place.scheme == QStringLiteral("http") || place.scheme == QStringLiteral("https"))
    previewRequest(place.name, artifacts, options, preview);
  else
    previewParts(artifacts, preview);
  for (const PreviewItem& item : preview.items) preview.total += item.amount;
  return preview;
}

QString StorePreview::text() const {
  if (!request.isEmpty()) return request;
  QString lines;
  for (const PreviewItem& item : items)
    lines += QStringLiteral("%1  %2 %3\n").arg(item.name).arg(item.amount).arg(unit);
  lines += QStringLiteral("total  %1 %2\n").arg(total).arg(unit);
  if (quota > 0) lines += QStringLiteral("left   %1 of %2 %3\n").arg(left).arg(quota).arg(unit);
  return lines;
}

QString asCurl(const QString& url, const HttpOptions& options) {
  QString line = QStringLiteral("curl -X ") + options.method.toUpper();
  for (const auto& [name, value] : options.headers) {
    const QString header = name + QStringLiteral(": ") + withoutSecret(name, value, QStringLiteral("$TOKEN"));
    line += QStringLiteral(" \\\n  -H ") + (isSecret(name) ? u'"' + header + u'"' : quotedForShell(header));
  }
  line += QStringLiteral(" \\\n  -F 'model.json=@model.json;type=application/json'");
  line += QStringLiteral(" \\\n  -F 'model.weights.bin=@weights.bin;type=application/octet-stream'");
  if (!options.checkCertificate) line += QStringLiteral(" \\\n  --insecure");
  return line + QStringLiteral(" \\\n  ") + quotedForShell(QUrl(url).toString(QUrl::RemoveUserInfo));
}

QString asTfIoHttp(const QString& url, const HttpOptions& options) {
  QString headers;
  for (const auto& [name, value] : options.headers)
    headers += (headers.isEmpty() ? QString() : QStringLiteral(", ")) + quotedForScript(name) + QStringLiteral(": ") +
               quotedForScript(withoutSecret(name, value, QStringLiteral("...")));
  QString init = QStringLiteral("method: ") + quotedForScript(options.method.toUpper());
  if (!headers.isEmpty()) init += QStringLiteral(", headers: {") + headers + u'}';
  return QStringLiteral("await model.save(tf.io.http(%1, {requestInit: {%2}}));")
      .arg(quotedForScript(QUrl(url).toString(QUrl::RemoveUserInfo)), init);
}

}  // namespace layersmith
