#include "ui/main/CloseController.h"

#include "ui/dialogs/ClosePrompt.h"
#include "ui/main/SaveController.h"
#include "ui/main/Workspace.h"

#include <QPointer>

#include <algorithm>
#include <memory>

namespace layersmith {

namespace {

bool isTrained(DocumentContext* context) {
  return context->session().isActive();
}

}  // namespace

CloseController::CloseController(Workspace& workspace, SaveController& saver, QWidget& window)
    : QObject(&window), m_workspace(workspace), m_saver(saver), m_window(window) {}

void CloseController::closeDocument(DocumentContext& context) {
  if (!context.isModified() && !isTrained(&context)) {
    m_workspace.close(&context);
    return;
  }
  ask({&context}, isTrained(&context), [this, target = QPointer(&context)] {
    if (target) m_workspace.close(target);
  });
}

bool CloseController::mayCloseWindow() {
  if (m_isConfirmed) return true;
  std::vector<DocumentContext*> pending;
  std::ranges::copy_if(m_workspace.documents(), std::back_inserter(pending),
                       [](DocumentContext* c) { return c->isModified() || isTrained(c); });
  if (pending.empty()) return true;
  ask(pending, std::ranges::any_of(pending, isTrained), [this] {
    m_isConfirmed = true;
    Q_EMIT closeConfirmed();
  });
  return false;
}

void CloseController::ask(const std::vector<DocumentContext*>& contexts, bool isTraining,
                          const std::function<void()>& proceed) {
  if (m_isAsking) return;
  m_isAsking = true;
  QStringList names;
  for (DocumentContext* context : contexts) names << context->document().name();
  auto* prompt = new ClosePrompt(names, isTraining, &m_window);
  connect(prompt, &ClosePrompt::answered, this, [this, contexts, proceed](ClosePrompt::Answer answer) {
    m_isAsking = false;
    if (answer == ClosePrompt::Answer::Cancel) return;
    if (answer == ClosePrompt::Answer::Discard) {
      proceed();
      return;
    }
    stopThen(contexts, [this, contexts, proceed] {
      m_saver.saveAll(contexts, [proceed](bool isSaved) {
        if (isSaved) proceed();
      });
    });
  });
  prompt->open();
}

// What a training learned becomes part of the document when it has stopped; only then it can be saved.
void CloseController::stopThen(std::vector<DocumentContext*> contexts, const std::function<void()>& next) {
  auto waiting = std::make_shared<int>(0);
  for (DocumentContext* context : contexts) {
    if (!isTrained(context)) continue;
    ++*waiting;
    connect(
        &context->session(), &TrainingSession::finished, this,
        [waiting, next] {
          if (--*waiting == 0) next();
        },
        static_cast<Qt::ConnectionType>(Qt::QueuedConnection | Qt::SingleShotConnection));
    context->session().stop();
  }
  if (*waiting == 0) next();
}

}  // namespace layersmith
