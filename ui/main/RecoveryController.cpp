#include "ui/main/RecoveryController.h"

#include "model/core/Error.h"
#include "model/document/Edits.h"
#include "model/session/CheckpointPace.h"
#include "model/storage/http/HttpErrors.h"
#include "ui/canvas/ModelFamily.h"
#include "ui/dialogs/ComparisonDialog.h"
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

std::chrono::milliseconds inMilliseconds(CheckpointPace::Seconds time) {
  return std::chrono::ceil<std::chrono::milliseconds>(time);
}

/// Empty: no training was under way.
QString trainingText(const RecoveredDocument& document) {
  if (!document.checkpoint) return {};
  return RecoveryDialog::tr("epoch %1 of %2")
      .arg(document.checkpoint->position.history.size())
      .arg(document.state.fit.epochs);
}

RecoveryDialog::Row rowOf(const RecoveredDocument& document, const QString& name) {
  QStringList parts = {RecoveryDialog::tr("%n edit(s)", nullptr, document.label.edits)};
  if (document.checkpoint) parts << trainingText(document);
  const QDateTime written = document.written.toLocalTime();
  const bool isOfToday = written.date() == QDate::currentDate();
  parts << (isOfToday ? QLocale().toString(written.time(), QLocale::ShortFormat)
                      : QLocale().toString(written, QLocale::ShortFormat));
  const QString family = familyOf(document.state.graph);
  return {name, parts.join(QStringLiteral(", ")), family.isEmpty() ? QStringLiteral("core") : family,
          document.checkpoint != nullptr, !document.label.url.isEmpty()};
}

/// Whether another model is at its place by now. A place that does not say counts as changed: the copy is safe.
bool hasChangedBase(ModelLibrary& library, const RecoveryLabel& label) {
  if (label.base.isEmpty()) return false;
  try {
    const QString now = library.stamp(label.url);
    return !now.isEmpty() && now != label.base;
  } catch (const Error&) {
    return true;
  }
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
                                       StoreWorker& transfers, const QString& folder, QWidget& window)
    : QObject(&window),
      m_workspace(workspace),
      m_saver(saver),
      m_stores(stores),
      m_transfers(transfers),
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
  m_timers[context] = {
      makeTimer(kAfterAChange, [this, context] { write(context); }),
      makeTimer(inMilliseconds(CheckpointPace::kAtLeast), [&session] { session.requestCheckpoint(); })};
  connect(&context->document(), &ModelDocument::changed, this, [this, context] { changed(context); });
  connect(&context->document(), &ModelDocument::urlChanged, this, [this, context] { changed(context); });
  connect(&context->document(), &ModelDocument::nameChanged, this, [this, context] { changed(context); });
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
  timers.checkpoint->setInterval(inMilliseconds(CheckpointPace::kAtLeast));
  if (context->isModified())
    write(context, true);
  else
    changed(context);
}

RecoveryLabel RecoveryController::labelOf(DocumentContext* context) const {
  return {context->recoveryKey(), context->document().name(), withoutSecrets(context->document().url()),
          m_saver.base(context), std::max(1, context->undoStack().index())};
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
       [this, context = QPointer(context), taken = checkpoint->seconds](double writing) {
         const auto found = m_timers.find(context);
         if (!context || found == m_timers.end()) return;
         CheckpointPace pace;
         pace.ended({}, CheckpointPace::Seconds(taken + writing));
         QTimer& timer = *found->second.checkpoint;
         timer.setInterval(inMilliseconds(pace.wait()));
         if (context->session().isActive()) timer.start();
       });
}

void RecoveryController::forget(const QString& key) {
  m_pool.start([journal = m_journal, key] { journal->remove(key); });
}

void RecoveryController::post(std::function<void()> work, std::function<void(double seconds)> done) {
  struct Result {
    double seconds;
    std::optional<Error> error;
  };
  auto* watcher = new QFutureWatcher<Result>(this);
  connect(watcher, &QFutureWatcherBase::finished, this, [this, watcher, done = std::move(done)] {
    watcher->deleteLater();
    const Result result = watcher->result();
    if (result.error && !m_hasFailed) Q_EMIT failed(QString::fromStdString(result.error->message()));
    m_hasFailed = result.error.has_value();
    if (done) done(result.seconds);
  });
  watcher->setFuture(QtConcurrent::run(&m_pool, [work = std::move(work)]() -> Result {
    QElapsedTimer clock;
    clock.start();
    const auto seconds = [&clock] { return double(clock.nsecsElapsed()) * 1e-9; };
    try {
      work();
      return {seconds(), std::nullopt};
    } catch (...) {
      return {seconds(), currentError()};
    }
  }));
}

void RecoveryController::recover() {
  m_stores.run(
      this,
      [folder = m_folder](ModelLibrary& library) {
        std::vector<Found> found;
        const RecoveryJournal journal(folder);
        journal.sweep();
        for (RecoveredDocument& document : journal.recoverable()) {
          const bool isChanged = hasChangedBase(library, document.label);
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
  if (!found.isBaseChanged) m_saver.setBase(context, document.label.base);
  context->undoStack().resetClean();
  if (const auto& checkpoint = document.checkpoint) {
    if (document.state.dataset)
      context->session().startFrom(document.state, checkpoint);
    else
      context->apply(tr("training"), document.learned());
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
  connect(dialog, &RecoveryDialog::compareRequested, this,
          [this, found, dialog](int row) { compare(found[std::size_t(row)], *dialog); });
  connect(dialog, &RecoveryDialog::discarded, this, [this, contexts] {
    for (const auto& context : contexts) {
      if (context) m_workspace.close(context);
    }
  });
  dialog->open();
  Q_EMIT recovered(static_cast<int>(found.size()));
}

void RecoveryController::compare(const Found& found, QWidget& parent) {
  const RecoveredDocument& document = found.document;
  const bool isRemote = document.label.url.startsWith(QStringLiteral("http"));
  auto* dialog = new ComparisonDialog({found.name(), document.label.url, trainingText(document), document.learned()},
                                      isRemote ? m_transfers : m_stores, &parent);
  dialog->open();
}

}  // namespace layersmith
