#include "model/document/RecoveryEntry.h"

#include "model/core/Error.h"
#include "model/document/DocumentIo.h"
#include "model/document/LayerIds.h"
#include "model/format/FieldJson.h"
#include "model/format/ModelJson.h"
#include "model/format/ModelReader.h"
#include "model/format/ModelWriter.h"

#include <QCoreApplication>
#include <QFile>
#include <QtEndian>

#include <unistd.h>

#include <algorithm>
#include <cmath>

namespace layersmith {

namespace {

// The file: 8 bytes that name it, then blocks, each its length (64 bits, little-endian) and its bytes: the note (JSON);
// the model as model.json and weight bytes; for a checkpoint the best weights so far, in the same two blocks.
constexpr char kMagic[] = "LSRECOV2";
constexpr qsizetype kMagicBytes = 8;
constexpr quint64 kMaxNoteBytes = quint64(1) << 30;

/// Numbers that JSON lacks become texts, as in FieldJson.
Json numberJson(double value) {
  return toJson(FieldValue(value));
}

double numberFrom(const Json& json) {
  if (json.is_number()) return json.get<double>();
  const std::string text = json.get<std::string>();
  if (text == "NaN") return std::nan("");
  return text == "-Infinity" ? -HUGE_VAL : HUGE_VAL;
}

Json valuesJson(const std::vector<MetricValue>& values) {
  Json json = Json::array();
  for (const MetricValue& value : values) json.push_back({value.name, numberJson(value.value)});
  return json;
}

std::vector<MetricValue> valuesFrom(const Json& json) {
  std::vector<MetricValue> values;
  for (const Json& item : json) values.push_back({item.at(0).get<std::string>(), numberFrom(item.at(1))});
  return values;
}

Json historyJson(const std::vector<EpochLog>& history) {
  Json json = Json::array();
  for (const EpochLog& log : history) json.push_back({log.epoch, log.seconds, valuesJson(log.values)});
  return json;
}

std::vector<EpochLog> historyFrom(const Json& json) {
  std::vector<EpochLog> history;
  for (const Json& item : json)
    history.push_back({item.at(0).get<int>(), item.at(1).get<double>(), valuesFrom(item.at(2))});
  return history;
}

Json fitJson(const FitOptions& fit) {
  return {{"epochs", fit.epochs},   {"batchSize", fit.batchSize},
          {"shuffle", fit.shuffle}, {"validationSplit", fit.validationSplit},
          {"seed", fit.seed},       {"initialEpoch", fit.initialEpoch},
          {"threads", fit.threads}};
}

FitOptions fitFrom(const Json& json) {
  FitOptions fit;
  fit.epochs = json.at("epochs");
  fit.batchSize = json.at("batchSize");
  fit.shuffle = json.at("shuffle");
  fit.validationSplit = json.at("validationSplit");
  fit.seed = json.at("seed");
  fit.initialEpoch = json.at("initialEpoch");
  fit.threads = json.at("threads");
  return fit;
}

Json computeJson(const ComputeChoice& compute) {
  return {{"threads", compute.threads}, {"isReference", compute.kernels == ComputePath::Reference}};
}

ComputeChoice computeFrom(const Json& json) {
  return {json.at("threads").get<int>(),
          json.at("isReference").get<bool>() ? ComputePath::Reference : ComputePath::Fast};
}

Json checkpointJson(const TrainingCheckpoint& checkpoint) {
  const FitPosition& position = checkpoint.position;
  return {{"epoch", position.epoch},
          {"batch", position.batch},
          {"sums", valuesJson(position.sums)},
          {"samples", position.samples},
          {"history", historyJson(position.history)},
          {"compute", computeJson(position.compute)},
          {"bestEpoch", checkpoint.bestEpoch},
          {"bestLoss", numberJson(checkpoint.bestLoss)}};
}

void readCheckpoint(const Json& json, TrainingCheckpoint& checkpoint) {
  FitPosition& position = checkpoint.position;
  position.epoch = json.at("epoch");
  position.batch = json.at("batch");
  position.sums = valuesFrom(json.at("sums"));
  position.samples = json.at("samples");
  position.history = historyFrom(json.at("history"));
  position.compute = computeFrom(json.at("compute"));
  checkpoint.bestEpoch = json.at("bestEpoch");
  checkpoint.bestLoss = numberFrom(json.at("bestLoss"));
}

Json noteOf(const RecoveryLabel& label, const DocumentState& state) {
  Json positions = Json::array();
  for (const auto& [id, position] : state.positions) positions.push_back({id.value, position.x, position.y});
  Json note = {{"key", label.key.toStdString()},
               {"name", label.name.toStdString()},
               {"url", label.url.toStdString()},
               {"base", label.base.toStdString()},
               {"edits", label.edits},
               {"owner", processMark().toStdString()},
               {"written", QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs).toStdString()},
               {"layerIds", layerIdsJson(state.graph)},
               {"fit", fitJson(state.fit)},
               {"positions", positions}};
  if (state.hasRecipe) note["recipe"] = toJson(state.recipe.toFields());
  if (state.lastRun)
    note["lastRun"] = {{"fit", fitJson(state.lastRun->options)},
                       {"history", historyJson(state.lastRun->history)},
                       {"compute", computeJson(state.lastRun->compute)}};
  return note;
}

QString textAt(const Json& note, const char* key) {
  return QString::fromStdString(note.value(key, std::string()));
}

void readNote(const Json& note, RecoveryEntry& entry) {
  entry.label = {textAt(note, "key"), textAt(note, "name"), textAt(note, "url"), textAt(note, "base"),
                 note.at("edits").get<int>()};
  entry.owner = textAt(note, "owner");
  entry.written = QDateTime::fromString(textAt(note, "written"), Qt::ISODateWithMs);
}

void applyNote(const Json& note, DocumentState& state) {
  restoreLayerIds(note.at("layerIds"), state.graph, {&state.weights});
  state.fit = fitFrom(note.at("fit"));
  for (const Json& item : note.at("positions"))
    state.positions[LayerId{item.at(0).get<std::uint32_t>()}] = {item.at(1).get<double>(), item.at(2).get<double>()};
  state.hasRecipe = note.contains("recipe");
  if (state.hasRecipe) state.recipe = DataRecipe::fromFields(fieldsFromJson(note["recipe"]));
  if (!note.contains("lastRun")) return;
  const Json& run = note["lastRun"];
  state.lastRun = std::make_shared<TrainingRun>(TrainingRun{historyFrom(run.at("history")), state.training,
                                                            fitFrom(run.at("fit")), computeFrom(run.at("compute"))});
}

/// Weights that the model still lacks are not made for a journal: it must be quick and work for any broken model.
ModelArtifacts artifactsOf(const DocumentState& state) {
  if (state.source) return *state.source;
  WriteOptions options;
  options.includeOptimizer = state.training.isCompiled();
  return writeModel(state.graph, state.weights, state.training, state.optimizer, state.userDefinedMetadata, options);
}

void append(WeightBytes& file, const WeightBytes& block) {
  QByteArray length(sizeof(quint64), Qt::Uninitialized);
  qToLittleEndian(quint64(block.size()), length.data());
  file.append(WeightBytes(length).pieces().front());
  for (const SharedBytes& piece : block.pieces()) file.append(piece);
}

void append(WeightBytes& file, const ModelArtifacts& artifacts) {
  append(file, WeightBytes(toJsonBytes(modelJson(artifacts, singleGroup(artifacts, "weights.bin")))));
  append(file, artifacts.weightData ? *artifacts.weightData : WeightBytes());
}

QByteArray readBlock(QFile& file, quint64 most) {
  char length[sizeof(quint64)];
  const quint64 left = quint64(file.size() - file.pos());
  const bool hasLength = left >= sizeof length && file.read(length, sizeof length) == qint64(sizeof length);
  const quint64 size = hasLength ? qFromLittleEndian<quint64>(length) : 0;
  QByteArray bytes;
  if (hasLength && size <= most && size <= left - sizeof length) bytes = file.read(qint64(size));
  if (!hasLength || quint64(bytes.size()) != size)
    throw Error(ErrorKind::Format, "This is not a whole recovery file.", {}, file.fileName().toStdString());
  return bytes;
}

QByteArray openAndReadNote(QFile& file) {
  if (!file.open(QIODevice::ReadOnly)) throw Error(ErrorKind::Io, file.errorString().toStdString());
  if (file.read(kMagicBytes) != kMagic)
    throw Error(ErrorKind::Format, "This is not a recovery file.", {}, file.fileName().toStdString());
  return readBlock(file, kMaxNoteBytes);
}

ModelArtifacts readArtifacts(QFile& file) {
  ModelArtifacts artifacts = parseModelJson(readBlock(file, kMaxNoteBytes), QStringLiteral("model.json"));
  artifacts.weightData = std::make_shared<const WeightBytes>(readBlock(file, quint64(file.size())));
  return artifacts;
}

bool isFinite(const WeightBuffer& buffer) {
  return buffer.dtype != DType::Float32 ||
         std::ranges::all_of(buffer.floats(), [](float value) { return std::isfinite(value); });
}

/// When a process began, in ticks since the machine did; empty: there is no such process.
QByteArray startOf(qint64 pid) {
  QFile stat(QStringLiteral("/proc/%1/stat").arg(pid));
  if (!stat.open(QIODevice::ReadOnly)) return {};
  const QByteArray line = stat.readAll();
  return line.mid(line.lastIndexOf(')') + 2).split(' ').value(19);  // field 22; the name in field 2 may hold blanks
}

QString markOf(qint64 pid) {
  QFile boot(QStringLiteral("/proc/sys/kernel/random/boot_id"));
  const QByteArray bootId = boot.open(QIODevice::ReadOnly) ? boot.readAll().trimmed() : QByteArray();
  return QStringLiteral("%1 %2 %3").arg(pid).arg(QString::fromLatin1(startOf(pid)), QString::fromLatin1(bootId));
}

}  // namespace

bool isFinite(const TrainingCheckpoint& checkpoint) {
  const auto isFine = [](const auto& buffer) { return isFinite(*buffer); };
  return std::ranges::all_of(checkpoint.weights, isFine, &WeightSet::Entry::buffer) &&
         std::ranges::all_of(checkpoint.optimizer.slots, isFine);
}

QString processMark() {
  return markOf(QCoreApplication::applicationPid());
}

bool isOtherRunning(const QString& owner) {
  const qint64 pid = owner.section(QLatin1Char(' '), 0, 0).toLongLong();
  return pid > 0 && pid != QCoreApplication::applicationPid() && markOf(pid) == owner;
}

WeightBytes recoveryBytes(const RecoveryLabel& label, const DocumentState& state,
                          const TrainingCheckpoint* checkpoint) {
  Json note = noteOf(label, state);
  DocumentState written = state;
  if (checkpoint) {
    note["checkpoint"] = checkpointJson(*checkpoint);
    written.weights = checkpoint->weights;
    written.optimizer = checkpoint->optimizer;
    written.source = nullptr;
  }
  WeightBytes file(QByteArray(kMagic, kMagicBytes));
  append(file, WeightBytes(QByteArray::fromStdString(note.dump())));
  append(file, artifactsOf(written));
  if (checkpoint) append(file, writeModel(state.graph, checkpoint->bestWeights, {}, {}, nullptr, {}));
  return file;
}

RecoveryEntry readRecoveryEntry(const QString& path) {
  QFile file(path);
  const Json note = Json::parse(openAndReadNote(file).toStdString());
  RecoveryEntry entry;
  readNote(note, entry);
  entry.state = documentFromArtifacts(readArtifacts(file)).state;
  entry.state.source = nullptr;
  entry.state.dataset = nullptr;
  applyNote(note, entry.state);
  if (!note.contains("checkpoint")) return entry;
  TrainingCheckpoint checkpoint;
  readCheckpoint(note["checkpoint"], checkpoint);
  checkpoint.weights = entry.state.weights;
  checkpoint.optimizer = entry.state.optimizer;
  ReadModel best = readModel(readArtifacts(file));
  restoreLayerIds(note["layerIds"], best.graph, {&best.weights});
  checkpoint.bestWeights = std::move(best.weights);
  entry.checkpoint = std::make_shared<const TrainingCheckpoint>(std::move(checkpoint));
  return entry;
}

QString ownerOf(const QString& path) {
  QFile file(path);
  try {
    return textAt(Json::parse(openAndReadNote(file).toStdString()), "owner");
  } catch (const std::exception&) {
    return {};
  }
}

}  // namespace layersmith
