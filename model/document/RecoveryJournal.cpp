#include "model/document/RecoveryJournal.h"

#include "model/core/Error.h"
#include "model/document/DocumentIo.h"
#include "model/format/FieldJson.h"
#include "model/format/ModelJson.h"
#include "model/format/ModelWriter.h"

#include <QCoreApplication>
#include <QDataStream>
#include <QDir>
#include <QFile>
#include <QSaveFile>

#include <csignal>
#include <limits>

namespace layersmith {

namespace {

// One file per document: magic, then three length-prefixed blocks: note (JSON), model.json, weight bytes.
constexpr quint32 kMagic = 0x4C53524A;  // "LSRJ"
constexpr quint32 kVersion = 1;

Json noteOf(const QString& name, const QString& url, int edits, const DocumentState& state) {
  Json positions = Json::array();
  for (const auto& [id, position] : state.positions)
    if (const LayerSpec* layer = state.graph.find(id)) positions.push_back({layer->name, position.x, position.y});
  return {{"name", name.toStdString()},
          {"url", url.toStdString()},
          {"edits", edits},
          {"pid", QCoreApplication::applicationPid()},
          {"written", QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs).toStdString()},
          {"epochs", state.fit.epochs},
          {"batchSize", state.fit.batchSize},
          {"shuffle", state.fit.shuffle},
          {"seed", state.fit.seed},
          {"positions", positions}};
}

void applyNote(const Json& note, RecoveredDocument& document) {
  document.name = QString::fromStdString(note.value("name", std::string()));
  document.url = QString::fromStdString(note.value("url", std::string()));
  document.edits = note.value("edits", 0);
  document.written =
      QDateTime::fromString(QString::fromStdString(note.value("written", std::string())), Qt::ISODateWithMs);
  FitOptions& fit = document.state.fit;
  fit.epochs = note.value("epochs", fit.epochs);
  fit.batchSize = note.value("batchSize", fit.batchSize);
  fit.shuffle = note.value("shuffle", fit.shuffle);
  fit.seed = note.value("seed", fit.seed);
  for (const Json& item : note.value("positions", Json::array()))
    if (const LayerSpec* layer = document.state.graph.findByName(item.at(0).get<std::string>()))
      document.state.positions[layer->id] = {item.at(1).get<double>(), item.at(2).get<double>()};
}

bool isRunning(qint64 pid) {
  return pid > 0 && pid != QCoreApplication::applicationPid() && ::kill(pid_t(pid), 0) == 0;
}

QString pathOf(const QString& folder, const QString& key) {
  return folder + QLatin1Char('/') + key + QStringLiteral(".recovery");
}

/// Weights that the model still lacks are not made for a journal: it must be quick and work for any broken model.
ModelArtifacts snapshot(const DocumentState& state) {
  if (state.source) return *state.source;
  Json metadata = state.userDefinedMetadata;
  if (state.hasRecipe) {
    if (!metadata.is_object()) metadata = Json::object();
    metadata["layersmith"] = Json{{"recipe", toJson(state.recipe.toFields())}};
  }
  WriteOptions options;
  options.includeOptimizer = state.training.isCompiled();
  return writeModel(state.graph, state.weights, state.training, state.optimizer, metadata, options);
}

/// As a QByteArray would be written, without joining the pieces.
void writeBlock(const WeightBytes& bytes, QDataStream& stream) {
  if (bytes.size() >= std::numeric_limits<qint32>::max())
    throw Error(ErrorKind::LimitExceeded, "The recovery copy was not written: the weights are over 2 GiB.", "E130");
  stream << quint32(bytes.size());
  for (const SharedBytes& piece : bytes.pieces())
    stream.writeRawData(reinterpret_cast<const char*>(piece.data()), int(piece.size()));
}

RecoveredDocument readEntry(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) throw Error(ErrorKind::Io, file.errorString().toStdString());
  QDataStream stream(&file);
  quint32 magic = 0, version = 0;
  QByteArray note, json, weights;
  stream >> magic >> version >> note >> json >> weights;
  if (magic != kMagic || version != kVersion || stream.status() != QDataStream::Ok)
    throw Error(ErrorKind::Format, "This is not a whole recovery file.");
  RecoveredDocument document;
  ModelArtifacts artifacts = parseModelJson(json, QStringLiteral("model.json"));
  artifacts.weightData = std::make_shared<const WeightBytes>(std::move(weights));
  document.state = documentFromArtifacts(std::move(artifacts)).state;
  document.state.source = nullptr;
  applyNote(Json::parse(note.toStdString()), document);
  return document;
}

qint64 pidOf(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) return 0;
  QDataStream stream(&file);
  quint32 magic = 0, version = 0;
  QByteArray note;
  stream >> magic >> version >> note;
  const Json json = Json::parse(note.toStdString(), nullptr, false);
  return json.is_object() ? json.value("pid", qint64(0)) : 0;
}

}  // namespace

RecoveryJournal::RecoveryJournal(QString folder) : m_folder(std::move(folder)) {}

void RecoveryJournal::write(const QString& key, const QString& name, const QString& url, int edits,
                            const DocumentState& state) {
  if (!QDir().mkpath(m_folder))
    throw Error(ErrorKind::Io, "The recovery folder " + m_folder.toStdString() + " cannot be made.");
  const ModelArtifacts artifacts = snapshot(state);
  QSaveFile file(pathOf(m_folder, key));
  if (!file.open(QIODevice::WriteOnly))
    throw Error(ErrorKind::Io, "The recovery copy was not written: " + file.errorString().toStdString());
  QDataStream stream(&file);
  stream << kMagic << kVersion << QByteArray::fromStdString(noteOf(name, url, edits, state).dump())
         << toJsonBytes(modelJson(artifacts, singleGroup(artifacts, "weights.bin")));
  if (artifacts.weightData)
    writeBlock(*artifacts.weightData, stream);
  else
    stream << QByteArray();
  if (stream.status() != QDataStream::Ok || !file.flush() || !file.commit())  // commit() forgets what flush() says
    throw Error(ErrorKind::Io, "The recovery copy was not written: " + file.errorString().toStdString());
}

void RecoveryJournal::remove(const QString& key) {
  QFile::remove(pathOf(m_folder, key));
}

std::vector<RecoveredDocument> RecoveryJournal::recoverable() const {
  std::vector<RecoveredDocument> documents;
  const QFileInfoList entries = QDir(m_folder).entryInfoList({QStringLiteral("*.recovery")}, QDir::Files, QDir::Time);
  for (const QFileInfo& entry : entries) {
    if (isRunning(pidOf(entry.filePath()))) continue;
    try {
      documents.push_back(readEntry(entry.filePath()));
      documents.back().key = entry.completeBaseName();
    } catch (...) {
      continue;  // damaged: it stays where it is, for a person to look at
    }
  }
  return documents;
}

}  // namespace layersmith
