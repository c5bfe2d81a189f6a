#include "model/storage/http/MultipartBody.h"

#include "model/format/ModelJson.h"

#include <QRandomGenerator>

namespace layersmith {

std::vector<MultipartPart> uploadParts(const ModelArtifacts& artifacts) {
  std::vector<MultipartPart> parts{{"model.json", "application/json",
                                    toJsonBytes(modelJson(artifacts, singleGroup(artifacts, "./model.weights.bin")))}};
  if (artifacts.weightData) parts.push_back({"model.weights.bin", "application/octet-stream", *artifacts.weightData});
  return parts;
}

WeightBytes multipartBody(const std::vector<MultipartPart>& parts, const QByteArray& boundary) {
  WeightBytes body;
  const auto add = [&](const WeightBytes& bytes) {
    for (const SharedBytes& piece : bytes.pieces()) body.append(piece);
  };
  for (const MultipartPart& part : parts) {
    add(QByteArray("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + part.name + "\"; filename=\"" +
                   part.name + "\"\r\nContent-Type: " + part.contentType + "\r\n\r\n"));
    add(part.bytes);
    add(QByteArray("\r\n"));
  }
  add(QByteArray("--" + boundary + "--\r\n"));
  return body;
}

QByteArray makeBoundary() {
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  QByteArray boundary = "----LayersmithFormBoundary";
  for (int i = 0; i < 16; ++i) boundary += letters[QRandomGenerator::system()->bounded(int(sizeof letters) - 1)];
  return boundary;
}

}  // namespace layersmith
