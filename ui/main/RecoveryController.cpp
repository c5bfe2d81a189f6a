#include "ui/main/RecoveryController.h"

#include "model/core/Error.h"
#include "model/nn/LayerRegistry.h"
#include "ui/dialogs/RecoveryDialog.h"
#include "ui/main/StoreWorker.h"
#include "ui/main/Workspace.h"

#include <QFutureWatcher>
#include <QLocale>
#include <QtConcurrent/QtConcurrentRun>

#include <chrono>

namespace layersmith {

using namespace std::chrono_literals;

namespace {

using Found = Outcome<std::vector<RecoveredDocument>>;

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

RecoveryDialog::Row rowOf(const RecoveredDocument& document) {
  const QString edits = RecoveryDialog::tr("%n change(s)", nullptr, document.edits);
  const QString when = QLocale().toString(document.written.toLocalTime(), QLocale::ShortFormat);
  return {document.name, QStringLiteral("%1, %2").arg(edits, when), familyOf(document.state)};
}

}  // namespace

RecoveryController::RecoveryController(Workspace& workspace, const QString& folder, QWidget& window)
    : QObject(&window),
      m_workspace(workspace),
      m_folder(folder),
      m_window(window),
      m_journal(std::make_shared<RecoveryJournal>(folder)) {
  m_pool.setMaxThreadCount(1);
  connect(&workspace, &Workspace::added, this, &RecoveryController::watch);
  connect(&workspace, &Workspace::aboutToClose, this, [this](DocumentContext* context) {
    delete m_timers[context];
    m_timers.erase(context);
    forget(context->recoveryKey());
  });
}

RecoveryController::~RecoveryController() {
  m_pool.waitForDone();
}

void RecoveryController::watch(DocumentContext* context) {
  auto* timer = new QTimer(this);
  timer->setSingleShot(true);
  timer->setInterval(2s);
  connect(timer, &QTimer::timeout, this, [this, context] { write(context); });
  m_timers[context] = timer;
  connect(&context->document(), &ModelDocument::changed, this, [this, context] { changed(context); });
  connect(context, &DocumentContext::modifiedChanged, this, [this, context] { changed(context); });
}

void RecoveryController::changed(DocumentContext* context) {
  QTimer* timer = m_timers.at(context);
  if (context->isModified()) {
    if (!timer->isActive()) timer->start();
  } else {
    timer->stop();
    forget(context->recoveryKey());
  }
}

void RecoveryController::write(DocumentContext* context) {
  if (!context->isModified()) return;
  const int edits = std::max(1, context->undoStack().index());
  auto* watcher = new QFutureWatcher<Outcome<bool>>(this);
  connect(watcher, &QFutureWatcherBase::finished, this, [this, watcher] {
    watcher->deleteLater();
    if (!watcher->result().isOk()) Q_EMIT failed(QString::fromStdString(watcher->result().error().message()));
  });
  watcher->setFuture(
      QtConcurrent::run(&m_pool,
                        [journal = m_journal, key = context->recoveryKey(), name = context->document().name(),
                         url = context->document().url(), edits, state = context->state()]() -> Outcome<bool> {
                          try {
                            journal->write(key, name, url, edits, state);
                            return true;
                          } catch (...) {
                            return currentError();
                          }
                        }));
}

void RecoveryController::forget(const QString& key) {
  m_pool.start([journal = m_journal, key] { journal->remove(key); });
}

void RecoveryController::recover() {
  auto* watcher = new QFutureWatcher<Found>(this);
  connect(watcher, &QFutureWatcherBase::finished, this, [this, watcher] {
    watcher->deleteLater();
    const Found found = watcher->result();
    if (!found.isOk())
      Q_EMIT failed(QString::fromStdString(found.error().message()));
    else if (found.value().empty())
      Q_EMIT nothingToRecover();
    else
      restore(found.value());
  });
  watcher->setFuture(QtConcurrent::run(&m_pool, [journal = m_journal]() -> Found {
    try {
      return journal->recoverable();
    } catch (...) {
      return currentError();
    }
  }));
}

// The old entries stay until the person has answered; the new documents write entries of their own meanwhile.
void RecoveryController::restore(const std::vector<RecoveredDocument>& found) {
  std::vector<RecoveryDialog::Row> rows;
  std::vector<QPointer<DocumentContext>> contexts;
  QStringList oldKeys;
  for (const RecoveredDocument& document : found) {
    rows.push_back(rowOf(document));
    DocumentContext* context = m_workspace.add(document.state, document.name, document.url);
    context->undoStack().resetClean();
    contexts.emplace_back(context);
    oldKeys << document.key;
    write(context);
  }
  auto* dialog = new RecoveryDialog(rows, &m_window);
  const auto forgetOld = [this, oldKeys] {
    for (const QString& key : oldKeys) forget(key);
  };
  connect(dialog, &RecoveryDialog::showRequested, this,
          [this, contexts](int row) { m_workspace.setCurrent(contexts[row]); });
  connect(dialog, &RecoveryDialog::kept, this, forgetOld);
  connect(dialog, &RecoveryDialog::discarded, this, [this, contexts, forgetOld] {
    forgetOld();
    for (const auto& context : contexts) {
      if (context) m_workspace.close(context);
    }
  });
  dialog->open();
  Q_EMIT recovered(static_cast<int>(found.size()));
}

}  // namespace layersmith
