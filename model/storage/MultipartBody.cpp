#include "model/storage/MultipartBody.h"

#include "model/format/ModelJson.h"

#include <QRandomGenerator>

namespace layersmith {

std::vector<MultipartPart> uploadParts(const ModelArtifacts& artifacts) {
  std::vector<MultipartPart> parts{{"model.json", "application/json",
                                    toJsonBytes(modelJson(artifacts, singleGroup(artifacts, "./model.weights.bin")))}};
  if (artifacts.weightData)
    parts.push_back({"model.weights.bin", "application/octet-stream", artifacts.weightData->joined()});
  return parts;
}

QByteArray multipartBody(const std::vector<MultipartPart>& parts, const QByteArray& boundary) {
  QByteArray body;
  qsizetype size = 256;
  for (const MultipartPart& part : parts) size += part.bytes.size() + 256;
  body.reserve(size);
  for (const MultipartPart& part : parts) {
    body += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + part.name + "\"; filename=\"" +
            part.name + "\"\r\nContent-Type: " + part.contentType + "\r\n\r\n";
    body += part.bytes;
    body += "\r\n";
  }
  return body + "--" + boundary + "--\r\n";
}

QByteArray makeBoundary() {
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  QByteArray boundary = "----LayersmithFormBoundary";
  for (int i = 0; i < 16; ++i) boundary += letters[QRandomGenerator::system()->bounded(int(sizeof letters) - 1)];
  return boundary;
}

}  // namespace layersmith
