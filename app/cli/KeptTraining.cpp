#include "app/cli/KeptTraining.h"

#include "app/cli/Output.h"
#include "model/core/Error.h"
#include "model/storage/ModelLibrary.h"

#include <QDir>
#include <QRandomGenerator>
#include <QRegularExpression>

namespace layersmith {

namespace {

constexpr int kDaysKept = 30;

QString folderPath() {
  return defaultRecoveryFolder() + QStringLiteral("/cli");
}

/// The files of a training are called NAME.1.checkpoint, NAME.data.
QString trainingOf(const QFileInfo& file) {
  return file.fileName().section(QLatin1Char('.'), 0, 0);
}

QFileInfoList newestCheckpoints() {
  return QDir(folderPath()).entryInfoList({QStringLiteral("*.checkpoint")}, QDir::Files, QDir::Time);
}

QString madeName(const QString& title) {
  static const QRegularExpression others(QStringLiteral("[^A-Za-z0-9_-]+"));
  const QString plain = QString(title).replace(others, QStringLiteral("-")).left(40);
  return QStringLiteral("%1-%2").arg(plain).arg(QRandomGenerator::global()->bounded(0x1000000), 6, 16,
                                                QLatin1Char('0'));
}

void forgetOldOnes(RecoveryJournal& journal) {
  journal.sweep();
  const QDateTime limit = QDateTime::currentDateTime().addDays(-kDaysKept);
  QStringList kept;
  for (const QFileInfo& file : newestCheckpoints()) {
    const QString name = trainingOf(file);
    if (file.lastModified() >= limit)
      kept << name;
    else if (!kept.contains(name))
      journal.remove(name);
  }
}

Error notFound(const std::string& name) {
  const std::string what =
      name.empty() ? "There is no training to go on with" : "There is no training called '" + name + "' to go on with";
  return {ErrorKind::NotFound,
          what + " in " + folderPath().toStdString() + ".",
          {},
          {},
          "Trainings that were stopped are kept there for " + std::to_string(kDaysKept) + " days."};
}

KeptTraining::Found read(const QFileInfo& checkpoint) {
  const QString name = trainingOf(checkpoint);
  std::optional<RecoveredDocument> training = RecoveryJournal(folderPath()).recovered(name);
  if (!training || !training->checkpoint)
    throw Error(ErrorKind::Format, "No checkpoint of '" + name.toStdString() + "' can be read.", {},
                checkpoint.filePath().toStdString(), "Its files are left as they are.");
  return {name, std::move(*training)};
}

/// Tensors of a --data-json are not kept, and no recipe is to bring other data in their place.
DocumentState asKept(DocumentState state) {
  state.hasRecipe = state.hasRecipe && state.dataset;
  return state;
}

}  // namespace

KeptTraining::KeptTraining(Output& output, const QString& title, const DocumentState& state, const QString& name)
    : m_output(output), m_state(asKept(state)), m_journal(folderPath()), m_pace(now()), m_isKept(!name.isEmpty()) {
  m_label.name = title;
  m_label.key = name.isEmpty() ? madeName(title) : name;
  forgetOldOnes(m_journal);
}

CheckpointPace::Seconds KeptTraining::now() {
  return std::chrono::steady_clock::now().time_since_epoch();
}

void KeptTraining::keep(const std::function<TrainingCheckpoint()>& take) {
  const CheckpointPace::Seconds start = now();
  try {
    m_isKept = m_journal.writeCheckpoint(m_label, m_state, take()) || m_isKept;
  } catch (...) {
    if (!m_hasFailed) m_output.warn("The training cannot be kept safe: " + currentError().message());
    m_hasFailed = true;
  }
  m_pace.ended(now(), now() - start);
}

void KeptTraining::forget() {
  if (m_isKept) m_journal.remove(name());
  m_isKept = false;
}

std::string KeptTraining::howToGoOn() const {
  return "The training is kept in " + folderPath().toStdString() + ". Go on with: layersmith-cli train --resume " +
         name().toStdString();
}

KeptTraining::Found KeptTraining::find(const std::string& name) {
  for (const QFileInfo& file : newestCheckpoints()) {
    if (!name.empty() && trainingOf(file).toStdString() != name) continue;
    const QString owner = ownerOf(file.filePath());
    if (!isOtherRunning(owner)) return read(file);
    if (!name.empty())
      throw Error(ErrorKind::Busy, "'" + name + "' is being trained by process " +
                                       owner.section(QLatin1Char(' '), 0, 0).toStdString() + ".");
  }
  throw notFound(name);
}

}  // namespace layersmith
