#include "ui/main/RecoveryController.h"

#include "model/core/Error.h"
#include "model/document/Edits.h"
#include "model/nn/LayerRegistry.h"
#include "ui/dialogs/RecoveryDialog.h"
#include "ui/main/SaveController.h"
#include "ui/main/StoreWorker.h"
#include "ui/main/Workspace.h"

#include <QElapsedTimer>
#include <QFutureWatcher>
#include <QLocale>
#include <QPointer>
#include <QtConcurrent/QtConcurrentRun>

#include <algorithm>
#include <chrono>
#include <optional>

namespace layersmith {

using namespace std::chrono_literals;

namespace {

constexpr auto kAfterAChange = 2s;
constexpr auto kBetweenCheckpoints = 5s;
constexpr double kTimesItsCost = 20;  // apart at least: 5 % of a training's time

/// The family of the first layer that says what kind of model it is.
QString familyOf(const DocumentState& state) {
  QString family = QStringLiteral("core");
  for (const LayerSpec& layer : state.graph.layers) {
    const LayerType* type = findLayerType(layer.className);
    if (!type) continue;
    if (type->category == Category::Convolution || type->category == Category::Recurrent) {
      return QString::fromUtf8(familyName(type->category).data(),
                               static_cast<qsizetype>(familyName(type->category).size()));
    }
  }
  return family;
}

RecoveryDialog::Row rowOf(const RecoveredDocument& document, const QString& name) {
  QStringList parts = {RecoveryDialog::tr("%n edit(s)", nullptr, document.label.edits)};
  if (document.checkpoint)
    parts << RecoveryDialog::tr("epoch %1 of %2")
                 .arg(document.checkpoint->position.history.size())
                 .arg(document.state.fit.epochs);
  parts << QLocale().toString(document.written.toLocalTime(), QLocale::ShortFormat);
  return {name, parts.join(QStringLiteral(", ")), familyOf(document.state), document.checkpoint != nullptr};
}

}  // namespace

/// A document that was left behind, and whether another model is at its place by now.
struct RecoveryController::Found {
  RecoveredDocument document;
  bool isBaseChanged = false;

  QString name() const {
    return isBaseChanged ? RecoveryDialog::tr("%1 (recovered copy)").arg(document.label.name) : document.label.name;
  }
};

RecoveryController::RecoveryController(Workspace& workspace, SaveController& saver, StoreWorker& stores,
                                       const QString& folder, QWidget& window)
    : QObject(&window),
      m_workspace(workspace),
      m_saver(saver),
      m_stores(stores),
      m_folder(folder),
      m_window(window),
      m_journal(std::make_shared<RecoveryJournal>(folder)) {
  m_pool.setMaxThreadCount(1);
  connect(&workspace, &Workspace::added, this, &RecoveryController::watch);
  connect(&workspace, &Workspace::aboutToClose, this, &RecoveryController::unwatch);
}

RecoveryController::~RecoveryController() {
  m_pool.waitForDone();
}

void RecoveryController::watch(DocumentContext* context) {
  const auto makeTimer = [this](std::chrono::milliseconds interval, auto run) {
    auto* timer = new QTimer(this);
    timer->setSingleShot(true);
    timer->setInterval(interval);
    connect(timer, &QTimer::timeout, this, run);
    return timer;
  };
  TrainingSession& session = context->session();
  m_timers[context] = {makeTimer(kAfterAChange, [this, context] { write(context); }),
                       makeTimer(kBetweenCheckpoints, [&session] { session.requestCheckpoint(); })};
  connect(&context->document(), &ModelDocument::changed, this, [this, context] { changed(context); });
  connect(context, &DocumentContext::modifiedChanged, this, [this, context] { changed(context); });
  connect(&session, &TrainingSession::stateChanged, this, [this, context] { sessionChanged(context); });
  connect(&session, &TrainingSession::checkpointTaken, this,
          [this, context](const auto& checkpoint) { writeCheckpoint(context, checkpoint); });
  connect(&session, &TrainingSession::finished, this, [this, context] { trainingEnded(context); });
}

void RecoveryController::unwatch(DocumentContext* context) {
  const Timers timers = m_timers.at(context);
  delete timers.document;
  delete timers.checkpoint;
  m_timers.erase(context);
  forget(context->recoveryKey());
}

void RecoveryController::changed(DocumentContext* context) {
  QTimer& timer = *m_timers.at(context).document;
  if (context->isModified() || context->session().isActive()) {
    if (!timer.isActive()) timer.start();
  } else {
    timer.stop();
    forget(context->recoveryKey());
  }
}

void RecoveryController::sessionChanged(DocumentContext* context) {
  if (!context->session().isActive()) return;  // trainingEnded() comes when the outcome is in the document
  changed(context);
  QTimer& timer = *m_timers.at(context).checkpoint;
  if (!timer.isActive()) timer.start();
}

void RecoveryController::trainingEnded(DocumentContext* context) {
  const Timers& timers = m_timers.at(context);
  timers.checkpoint->stop();
  timers.checkpoint->setInterval(kBetweenCheckpoints);
  if (context->isModified())
    write(context, true);
  else
    changed(context);
}

RecoveryLabel RecoveryController::labelOf(DocumentContext* context) const {
  return {context->recoveryKey(), context->document().name(), context->document().url(), m_saver.base(context),
          std::max(1, context->undoStack().index())};
}

/// What a training learned is in the document before its checkpoints go.
void RecoveryController::write(DocumentContext* context, bool endsTraining) {
  if (!context->isModified() && !context->session().isActive()) return;
  post([journal = m_journal, label = labelOf(context), state = context->state(), endsTraining] {
    journal->write(label, state);
    if (endsTraining) journal->removeCheckpoints(label.key);
  });
}

void RecoveryController::writeCheckpoint(DocumentContext* context,
                                         const std::shared_ptr<const TrainingCheckpoint>& checkpoint) {
  post([journal = m_journal, label = labelOf(context), state = context->state(),
        checkpoint] { journal->writeCheckpoint(label, state, *checkpoint); },
       [this, context = QPointer(context), taken = checkpoint->seconds](double written) {
         const auto found = m_timers.find(context);
         if (!context || found == m_timers.end()) return;
         const std::chrono::duration<double> apart(kTimesItsCost * (taken + written));
         QTimer& timer = *found->second.checkpoint;
         timer.setInterval(std::max<std::chrono::milliseconds>(
             kBetweenCheckpoints, std::chrono::duration_cast<std::chrono::milliseconds>(apart)));
         if (context->session().isActive()) timer.start();
         Q_EMIT checkpointWritten(context);
       });
}

void RecoveryController::forget(const QString& key) {
  m_pool.start([journal = m_journal, key] { journal->remove(key); });
}

void RecoveryController::post(std::function<void()> work, std::function<void(double seconds)> done) {
  auto* watcher = new QFutureWatcher<Outcome<double>>(this);
  connect(watcher, &QFutureWatcherBase::finished, this, [this, watcher, done = std::move(done)] {
    watcher->deleteLater();
    const Outcome<double> outcome = watcher->result();
    if (!outcome.isOk() && !m_hasFailed) Q_EMIT failed(QString::fromStdString(outcome.error().message()));
    m_hasFailed = !outcome.isOk();
    if (done) done(outcome.isOk() ? outcome.value() : 0);
  });
  watcher->setFuture(QtConcurrent::run(&m_pool, [work = std::move(work)]() -> Outcome<double> {
    try {
      QElapsedTimer clock;
      clock.start();
      work();
      return double(clock.nsecsElapsed()) * 1e-9;
    } catch (...) {
      return currentError();
    }
  }));
}

void RecoveryController::recover() {
  m_stores.run(
      this,
      [folder = m_folder](ModelLibrary& library) {
        std::vector<Found> found;
        for (RecoveredDocument& document : RecoveryJournal(folder).recoverable()) {
          const RecoveryLabel& label = document.label;
          const QString now = label.base.isEmpty() ? QString() : library.stamp(label.url);
          const bool isChanged = !now.isEmpty() && now != label.base;
          found.push_back({std::move(document), isChanged});
        }
        return found;
      },
      [this](const Outcome<std::vector<Found>>& outcome) {
        if (!outcome.isOk())
          Q_EMIT failed(QString::fromStdString(outcome.error().message()));
        else if (outcome.value().empty())
          Q_EMIT nothingToRecover();
        else
          restore(outcome.value());
      });
}

/// Under its old key: should this program crash as well, the same files are there, once.
DocumentContext* RecoveryController::open(const Found& found) {
  const RecoveredDocument& document = found.document;
  DocumentContext* context =
      m_workspace.add(document.state, found.name(), found.isBaseChanged ? QString() : document.label.url);
  context->setRecoveryKey(document.label.key);
  m_saver.noteBase(context);
  context->undoStack().resetClean();
  if (const auto& checkpoint = document.checkpoint) {
    if (document.state.dataset) {
      context->session().startFrom(document.state, checkpoint);
    } else {
      const auto run = std::make_shared<TrainingRun>(TrainingRun{checkpoint->position.history, document.state.training,
                                                                 document.state.fit, checkpoint->position.compute});
      context->apply(tr("training"),
                     edits::setWeights(document.state, checkpoint->weights, checkpoint->optimizer, run));
    }
  }
  write(context);
  return context;
}

void RecoveryController::restore(const std::vector<Found>& found) {
  std::vector<RecoveryDialog::Row> rows;
  std::vector<QPointer<DocumentContext>> contexts;
  for (const Found& one : found) {
    rows.push_back(rowOf(one.document, one.name()));
    contexts.emplace_back(open(one));
  }
  auto* dialog = new RecoveryDialog(rows, &m_window);
  connect(dialog, &RecoveryDialog::showRequested, this,
          [this, contexts](int row) { m_workspace.setCurrent(contexts[row]); });
  connect(dialog, &RecoveryDialog::discarded, this, [this, contexts] {
    for (const auto& context : contexts) {
      if (context) m_workspace.close(context);
    }
  });
  dialog->open();
  Q_EMIT recovered(static_cast<int>(found.size()));
}

}  // namespace layersmith
