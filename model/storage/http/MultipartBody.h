#pragma once

#include "model/format/ModelArtifacts.h"

#include <QByteArray>

#include <vector>

namespace layersmith {

/// One part of a multipart/form-data body.
struct MultipartPart {
  QByteArray name;
  QByteArray contentType;
  WeightBytes bytes;
};

/// The two parts TensorFlow.js uploads: model.json (its manifest names ./model.weights.bin) and, when the model has
/// weights, model.weights.bin. Source: tfjs-core/src/io/http.ts.
std::vector<MultipartPart> uploadParts(const ModelArtifacts& artifacts);

/// The body byte for byte as a browser makes it; the bytes of the parts are shared, not copied.
WeightBytes multipartBody(const std::vector<MultipartPart>& parts, const QByteArray& boundary);

/// A fresh boundary: "----LayersmithFormBoundary" and 16 random letters.
QByteArray makeBoundary();

}  // namespace layersmith
