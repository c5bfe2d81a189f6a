#include "model/document/RecoveryJournal.h"

#include "model/core/Error.h"
#include "model/data/RawDataBytes.h"
#include "model/document/Edits.h"
#include "model/storage/folder/FileAccess.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <set>

namespace layersmith {

namespace {

constexpr int kCheckpointsKept = 3;

const QString kDocument = QStringLiteral(".recovery");
const QString kCheckpoint = QStringLiteral(".checkpoint");
const QString kData = QStringLiteral(".data");

/// 12 of "KEY.12.checkpoint"
int numberOf(const QString& file) {
  return file.section(QLatin1Char('.'), -2, -2).toInt();
}

/// A file that cannot be read is none: the next older one may do.
std::optional<RecoveryEntry> readable(const QString& path) {
  try {
    return readRecoveryEntry(path);
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace

DocumentState RecoveredDocument::learned() const {
  if (!checkpoint) return state;
  const FitPosition& position = checkpoint->position;
  const auto run =
      std::make_shared<TrainingRun>(TrainingRun{position.history, state.training, state.fit, position.compute});
  return edits::setWeights(state, checkpoint->weights, checkpoint->optimizer, run);
}

RecoveryJournal::RecoveryJournal(QString folder) : m_folder(std::move(folder)) {}

void RecoveryJournal::put(const QString& name, const WeightBytes& bytes) {
  if (!QDir().mkpath(m_folder))
    throw Error(ErrorKind::Io, "The recovery folder " + m_folder.toStdString() + " cannot be made.", "E201");
  replaceSynced(QDir(m_folder).filePath(name), bytes);
  syncFolder(m_folder);
}

void RecoveryJournal::writeData(const QString& key, const DocumentState& state) {
  const std::shared_ptr<const RawData> raw = state.dataset ? state.dataset->raw : nullptr;
  if (!raw || m_data[key].lock() == raw) return;
  put(key + kData, WeightBytes(rawDataBytes(*raw)));
  m_data[key] = raw;
}

void RecoveryJournal::write(const RecoveryLabel& label, const DocumentState& state) {
  put(label.key + kDocument, recoveryBytes(label, state));
  writeData(label.key, state);
}

bool RecoveryJournal::writeCheckpoint(const RecoveryLabel& label, const DocumentState& state,
                                      const TrainingCheckpoint& checkpoint) {
  if (!isFinite(checkpoint)) return false;
  const QStringList before = filesOf(label.key, kCheckpoint);
  const int number = before.isEmpty() ? 1 : numberOf(before.front()) + 1;
  writeData(label.key, state);
  put(QStringLiteral("%1.%2%3").arg(label.key).arg(number).arg(kCheckpoint), recoveryBytes(label, state, &checkpoint));
  for (const QString& old : before.mid(kCheckpointsKept - 1)) QFile::remove(QDir(m_folder).filePath(old));
  return true;
}

void RecoveryJournal::remove(const QString& key) {
  removeCheckpoints(key);
  for (const QString& ending : {kDocument, kData}) QFile::remove(QDir(m_folder).filePath(key + ending));
  m_data.erase(key);
}

void RecoveryJournal::removeCheckpoints(const QString& key) {
  for (const QString& file : filesOf(key, kCheckpoint)) QFile::remove(QDir(m_folder).filePath(file));
}

QStringList RecoveryJournal::filesOf(const QString& key, const QString& ending) const {
  QStringList files = QDir(m_folder).entryList({key + QStringLiteral(".*") + ending}, QDir::Files);
  std::ranges::sort(files, std::greater<>(), numberOf);
  return files;
}

/// The data beside the document, through its recipe; where there is none, a sample is made again.
void RecoveryJournal::attachData(const QString& key, DocumentState& state) const {
  QFile file(QDir(m_folder).filePath(key + kData));
  if (!state.hasRecipe) return;
  if (!file.open(QIODevice::ReadOnly)) {
    state = edits::withSampleData(state);
    return;
  }
  auto dataset = std::make_shared<Dataset>(prepare(rawDataFrom(file.readAll()), state.recipe, true));
  dataset->name = state.recipe.source;
  state = edits::bindData(state, std::move(dataset));
}

std::optional<RecoveredDocument> RecoveryJournal::recovered(const QString& key) const {
  const QDir folder(m_folder);
  std::optional<RecoveryEntry> document = readable(folder.filePath(key + kDocument));
  std::shared_ptr<const TrainingCheckpoint> checkpoint;
  for (const QString& name : filesOf(key, kCheckpoint)) {
    const std::optional<RecoveryEntry> entry = readable(folder.filePath(name));
    if (!entry || !entry->checkpoint) continue;
    checkpoint = entry->checkpoint;
    if (!document) document = entry;
    document->written = std::max(document->written, entry->written);
    break;
  }
  if (!document) return std::nullopt;
  try {
    attachData(key, document->state);
  } catch (const std::exception&) {
    document->state = edits::withSampleData(document->state);  // the model comes back without its data
  }
  return RecoveredDocument{document->label, document->written, std::move(document->state), std::move(checkpoint)};
}

void RecoveryJournal::sweep() const {
  sweepUnfinished(m_folder);
}

std::vector<RecoveredDocument> RecoveryJournal::recoverable() const {
  const QDir folder(m_folder);
  std::set<QString> keys, held;
  for (const QString& file : folder.entryList({u'*' + kDocument, u'*' + kCheckpoint}, QDir::Files)) {
    const QString key = file.section(QLatin1Char('.'), 0, 0);
    keys.insert(key);
    if (isOtherRunning(ownerOf(folder.filePath(file)))) held.insert(key);
  }
  std::vector<RecoveredDocument> documents;
  for (const QString& key : keys) {
    if (held.contains(key)) continue;
    if (std::optional<RecoveredDocument> document = recovered(key)) documents.push_back(std::move(*document));
  }
  std::ranges::sort(documents, std::greater<>(), &RecoveredDocument::written);
  return documents;
}

}  // namespace layersmith
