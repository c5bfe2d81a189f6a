#pragma once

#include "model/core/Error.h"
#include "model/format/JsonAccess.h"
#include "model/format/ModelArtifacts.h"
#include "model/format/ModelJson.h"
#include "model/format/WeightsManifest.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTest>

#include <functional>

/// Models that TensorFlow.js itself saved, for tests of format and storage.
namespace layersmith::fixtures {

inline QString path(const QString& name) {
  return QStringLiteral(LAYERSMITH_SOURCE_DIR "/tests/fixtures/format/") + name;
}

inline QByteArray bytesOf(const QString& filePath) {
  QFile file(filePath);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline void write(const QString& filePath, const QByteArray& bytes) {
  QFile file(filePath);
  QVERIFY2(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size(), qPrintable(filePath));
}

inline Json jsonOf(const QString& filePath) {
  return Json::parse(bytesOf(filePath).toStdString());
}

/// "plain" or "optimizer": the download pair that Chromium wrote.
inline ModelArtifacts capture(const QString& name) {
  ModelArtifacts artifacts =
      parseModelJson(bytesOf(path(QStringLiteral("captures/downloads/") + name + QStringLiteral(".json"))), name);
  artifacts.weightData = std::make_shared<const WeightBytes>(
      bytesOf(path(QStringLiteral("captures/downloads/") + name + QStringLiteral(".weights.bin"))));
  artifacts.groups.clear();
  artifacts.memberOrder.clear();
  return artifacts;
}

/// A model with one weight of `count` floats, each `value`: for sizes, quotas and kills.
inline ModelArtifacts sized(std::int64_t count, float value = 1) {
  ModelArtifacts artifacts = capture(QStringLiteral("plain"));
  WeightSpec spec;
  spec.name = "w/kernel";
  spec.shape = {count};
  artifacts.weightSpecs = {spec};
  QByteArray bytes(qsizetype(count * 4), Qt::Uninitialized);
  for (std::int64_t i = 0; i < count; ++i) memcpy(bytes.data() + i * 4, &value, 4);
  artifacts.weightData = std::make_shared<const WeightBytes>(std::move(bytes));
  return artifacts;
}

/// Everything a model is, as one text, to compare two.
inline QByteArray wholeOf(const ModelArtifacts& artifacts) {
  QByteArray whole = toJsonBytes(modelJson(artifacts, singleGroup(artifacts, "weights.bin")));
  if (artifacts.weightData) whole += artifacts.weightData->joined();
  return whole;
}

/// The Error that `action` throws; a test failure (and an Internal one) when it throws none.
inline Error errorOf(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  QTest::qFail("nothing was thrown", __FILE__, __LINE__);
  return {ErrorKind::Internal, "nothing was thrown"};
}

}  // namespace layersmith::fixtures

/// Runs `action` and checks the code of the Error it throws; shows the message when it is another.
#define COMPARE_ERROR(action, expectedCode)                                                    \
  do {                                                                                         \
    const layersmith::Error raised = layersmith::fixtures::errorOf([&] { action; });           \
    QVERIFY2(raised.code() == expectedCode, (raised.code() + " " + raised.message()).c_str()); \
  } while (false)
