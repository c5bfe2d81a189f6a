#include "ui/main/CloseController.h"

#include "ui/dialogs/ClosePrompt.h"
#include "ui/main/SaveController.h"
#include "ui/main/Workspace.h"

#include <QApplication>

#include <algorithm>
#include <memory>
#include <utility>

namespace layersmith {

namespace {

bool isTrained(DocumentContext* context) {
  return context && context->session().isActive();
}

}  // namespace

CloseController::CloseController(Workspace& workspace, SaveController& saver, QWidget& window)
    : QObject(&window), m_workspace(workspace), m_saver(saver), m_window(window) {
  connect(&saver, &SaveController::settled, this, &CloseController::settled);
}

/// Whether something would be lost with it.
bool CloseController::isPending(DocumentContext* context) const {
  return context->isModified() || isTrained(context) || m_saver.postponed(context);
}

void CloseController::closeDocument(DocumentContext& context) {
  if (m_saver.isSaving(&context)) {
    m_closing.emplace_back(&context);
    Q_EMIT waits(tr("%1 closes when it is saved.").arg(context.document().name()));
    return;
  }
  const QPointer target(&context);
  const auto close = [this, target] {
    if (target) m_workspace.close(target);
  };
  if (!isPending(&context)) return close();
  ask({target}, isTrained(target), close, [this, target] {
    if (target) closeDocument(*target);  // it may have been changed while it was saved
  });
}

void CloseController::settled(DocumentContext* context, bool isSaved) {
  const bool isClosing = std::erase_if(m_closing, [context](const auto& one) { return one == context; }) > 0;
  if (!isSaved) m_isWaiting = false;  // a person decides anew
  if (isClosing && isSaved) closeDocument(*context);
  workEnded();
}

bool CloseController::isWorking() const {
  return m_saver.isSaving() || (m_isWorking && m_isWorking());
}

/// A message that says how the work ended is read first.
void CloseController::workEnded() {
  QMetaObject::invokeMethod(
      this,
      [this] {
        if (!m_isWaiting || isWorking()) return;
        m_isWaiting = false;
        if (!QApplication::activeModalWidget() && mayCloseWindow()) confirm();
      },
      Qt::QueuedConnection);
}

void CloseController::confirm() {
  m_isConfirmed = true;
  Q_EMIT closeConfirmed();
}

bool CloseController::mayCloseWindow() {
  if (m_isConfirmed) return true;
  if (isWorking()) {
    m_isWaiting = true;
    Q_EMIT waits(tr("Layersmith closes when what is under way has ended."));
    return false;
  }
  Documents pending;
  for (DocumentContext* context : m_workspace.documents())
    if (isPending(context)) pending.emplace_back(context);
  if (pending.empty()) return true;
  const bool isTraining = std::ranges::any_of(pending, [](const auto& context) { return isTrained(context); });
  ask(
      pending, isTraining, [this] { confirm(); },
      [this] {
        if (mayCloseWindow()) confirm();
      });
  return false;
}

/// `discard`: they may go as they are. `saved`: all of them were, as they were then.
void CloseController::ask(const Documents& contexts, bool isTraining, const std::function<void()>& discard,
                          const std::function<void()>& saved) {
  if (m_isAsking) return;
  m_isAsking = true;
  QStringList names;
  for (const auto& context : contexts) names << context->document().name();
  auto* prompt = new ClosePrompt(names, isTraining, &m_window);
  connect(prompt, &ClosePrompt::answered, this, [this, contexts, discard, saved](ClosePrompt::Answer answer) {
    m_isAsking = false;
    if (answer == ClosePrompt::Answer::Cancel) return;
    if (answer == ClosePrompt::Answer::Discard) {
      discard();
      return;
    }
    stopThen(contexts, [this, contexts, saved] {
      m_saver.saveAll(contexts, [this, saved](bool isSaved) {
        if (isSaved) QMetaObject::invokeMethod(this, saved, Qt::QueuedConnection);  // when it has settled
      });
    });
  });
  prompt->open();
}

// What a training learned becomes part of the document when it has stopped; only then it can be saved.
void CloseController::stopThen(const Documents& contexts, const std::function<void()>& next) {
  auto waiting = std::make_shared<int>(0);
  for (const auto& context : contexts) {
    if (!isTrained(context)) continue;
    ++*waiting;
    auto isDone = std::make_shared<bool>(false);
    const auto step = [waiting, isDone, next] {
      if (!std::exchange(*isDone, true) && --*waiting == 0) next();
    };
    TrainingSession& session = context->session();
    connect(&session, &TrainingSession::finished, this, step, Qt::QueuedConnection);
    connect(&session, &QObject::destroyed, this, step, Qt::QueuedConnection);  // closed meanwhile
    session.stop();
  }
  if (*waiting == 0) next();
}

}  // namespace layersmith
