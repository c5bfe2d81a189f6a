#include "ui/main/EditController.h"

#include "model/document/Edits.h"
#include "ui/canvas/LayerActions.h"
#include "ui/main/Actions.h"
#include "ui/main/Workspace.h"

#include <QApplication>
#include <QLineEdit>
#include <QPlainTextEdit>

#include <algorithm>

namespace layersmith {

namespace {

/// Calls the slot of the widget that has the focus and edits by itself. False: no such one has it.
bool toFocused(const char* slot) {
  QWidget* widget = QApplication::focusWidget();
  const bool isText = qobject_cast<QLineEdit*>(widget) || qobject_cast<QPlainTextEdit*>(widget);
  if (!isText && !(widget && widget->property("ownEdits").toBool())) return false;
  return QMetaObject::invokeMethod(widget, slot);
}

/// Whether the field with the focus has typing of its own to take back; one that was entered belongs to the document.
bool hasOwnUndo(bool (QLineEdit::*isAvailable)() const) {
  const auto* field = qobject_cast<QLineEdit*>(QApplication::focusWidget());
  return field && field->isModified() && (field->*isAvailable)();
}

}  // namespace

EditController::EditController(Actions& actions, Workspace& workspace, QObject* parent)
    : QObject(parent), m_actions(actions), m_workspace(workspace) {
  connectEdits();
  connectClipboard();
  connect(&m_workspace, &Workspace::currentChanged, this, &EditController::watch);
  watch(m_workspace.current());
}

void EditController::connectEdits() {
  connect(m_actions[ActionId::Undo], &QAction::triggered, this, [this] {
    if (!(hasOwnUndo(&QLineEdit::isUndoAvailable) && toFocused("undo"))) step(&QUndoStack::undo);
  });
  connect(m_actions[ActionId::Redo], &QAction::triggered, this, [this] {
    if (!(hasOwnUndo(&QLineEdit::isRedoAvailable) && toFocused("redo"))) step(&QUndoStack::redo);
  });
  connect(qApp, &QApplication::focusChanged, this, &EditController::refreshUndo);
  const auto onLayers = [this](ActionId id, auto run) {
    connect(m_actions[id], &QAction::triggered, this, [this, run] {
      if (!areaInFocus()) run();
    });
  };
  onLayers(ActionId::Duplicate, [this] { duplicate(); });
  onLayers(ActionId::MoveUp, [this] { shift(-1); });
  onLayers(ActionId::MoveDown, [this] { shift(+1); });
  onLayers(ActionId::ToggleFrozen, [this] { toggleFrozen(); });
  connect(m_actions[ActionId::ResetWeights], &QAction::triggered, this, &EditController::resetWeights);
  connect(m_actions[ActionId::NextProblem], &QAction::triggered, this, &EditController::goToFirstProblem);
}

void EditController::connectClipboard() {
  const auto route = [this](ActionId id, const char* slot, void (EditController::*own)()) {
    connect(m_actions[id], &QAction::triggered, this, [this, slot, own] {
      if (!toFocused(slot) && m_context && !areaInFocus()) (this->*own)();
    });
  };
  route(ActionId::Cut, "cut", &EditController::cut);
  route(ActionId::Copy, "copy", &EditController::copy);
  route(ActionId::Paste, "paste", &EditController::paste);
  route(ActionId::SelectAll, "selectAll", &EditController::selectAll);
  connect(m_actions[ActionId::Delete], &QAction::triggered, this, [this] {
    QWidget* focused = QApplication::focusWidget();
    if (auto* field = qobject_cast<QLineEdit*>(focused))
      field->del();
    else if (!(focused && focused->property("ownEdits").toBool() && toFocused("del")) && m_context && !areaInFocus())
      removeSelected();
  });
}

void EditController::watch(DocumentContext* context) {
  if (m_context) {
    disconnect(m_context, nullptr, this, nullptr);
    disconnect(&m_context->undoStack(), nullptr, this, nullptr);
    disconnect(&m_context->selection(), nullptr, this, nullptr);
    disconnect(&m_context->document(), nullptr, this, nullptr);
    disconnect(&m_context->session(), nullptr, this, nullptr);
  }
  m_context = context;
  if (context) {
    connect(context, &DocumentContext::editRefused, this, &EditController::refused);
    connect(&context->undoStack(), &QUndoStack::indexChanged, this, &EditController::refreshUndo);
    connect(&context->selection(), &LayerSelection::changed, this, &EditController::refreshEnabled);
    connect(&context->document(), &ModelDocument::changed, this, &EditController::refreshEnabled);
    connect(&context->session(), &TrainingSession::stateChanged, this, &EditController::refreshEnabled);
  }
  refreshEnabled();
}

void EditController::refreshEnabled() {
  const bool canEdit = m_context && !m_context->session().isActive();
  const bool hasSelection = m_context && !m_context->selection().layers().empty();
  m_actions.setEnabled({ActionId::Duplicate, ActionId::MoveUp, ActionId::MoveDown, ActionId::ToggleFrozen},
                       canEdit && hasSelection);
  m_actions.setEnabled({ActionId::ResetWeights}, canEdit && !m_context->state().weights.empty());
  m_actions.setEnabled({ActionId::InsertLayer}, canEdit);
  m_actions.setEnabled({ActionId::NextProblem}, m_context && !m_context->document().report().issues.empty());
  refreshUndo();
}

void EditController::addArea(QWidget& area, QUndoStack& stack, std::function<bool()> isBusy) {
  m_areas.push_back({&area, &stack, std::move(isBusy)});
  connect(&stack, &QUndoStack::indexChanged, this, &EditController::refreshUndo);
}

/// Null: none has it. What is pressed in one is not meant for layers that nobody looks at.
const EditController::Area* EditController::areaInFocus() const {
  const QWidget* focused = QApplication::focusWidget();
  for (const Area& area : m_areas)
    if (focused && area.widget && (area.widget == focused || area.widget->isAncestorOf(focused))) return &area;
  return nullptr;
}

/// Null: there is nothing to undo in, or not now.
QUndoStack* EditController::stackInForce() const {
  if (const Area* area = areaInFocus()) return area->stack;
  return m_context && !m_context->session().isActive() ? &m_context->undoStack() : nullptr;
}

void EditController::step(void (QUndoStack::*run)()) {
  if (const Area* area = areaInFocus(); area && area->isBusy && area->isBusy()) {
    Q_EMIT refused(tr("The last change is still under way."));
    return;
  }
  if (QUndoStack* stack = stackInForce()) (stack->*run)();
}

void EditController::refreshUndo() {
  const QUndoStack* stack = stackInForce();
  m_actions.setEnabled({ActionId::Undo}, stack && stack->canUndo());
  m_actions.setEnabled({ActionId::Redo}, stack && stack->canRedo());
  const auto say = [this](ActionId id, const QString& plain, const QString& what) {
    QAction* action = m_actions[id];
    action->setText(what.isEmpty() ? plain : QStringLiteral("%1 %2").arg(plain, what));
    action->setToolTip(Actions::tip(*action));
  };
  say(ActionId::Undo, tr("&Undo"), stack ? stack->undoText() : QString());
  say(ActionId::Redo, tr("&Redo"), stack ? stack->redoText() : QString());
}

void EditController::cut() {
  LayerActions(*m_context).cut();
}
void EditController::copy() {
  LayerActions(*m_context).copy();
}
void EditController::duplicate() {
  LayerActions(*m_context).duplicate();
}
void EditController::removeSelected() {
  LayerActions(*m_context).remove();
}
void EditController::selectAll() {
  LayerActions(*m_context).selectAll();
}
void EditController::shift(int direction) {
  LayerActions(*m_context).shift(direction);
}

void EditController::paste() {
  LayerActions actions(*m_context);
  if (!actions.canPaste())
    Q_EMIT refused(tr("The clipboard holds no layers."));
  else
    actions.paste();
}

void EditController::toggleFrozen() {
  const std::vector<LayerId>& layers = m_context->selection().layers();
  const bool isAnyTrainable = std::ranges::any_of(layers, [this](LayerId id) {
    const LayerSpec* spec = m_context->state().graph.find(id);
    return spec && spec->isTrainable;
  });
  LayerActions(*m_context).setFrozen(isAnyTrainable);
}

void EditController::resetWeights() {
  m_context->apply(tr("start with random weights"), edits::resetWeights(m_context->state()));
}

void EditController::goToFirstProblem() {
  const std::vector<Issue>& issues = m_context->document().report().issues;
  const auto error = std::ranges::find(issues, Severity::Error, &Issue::severity);
  const auto found = error == issues.end() ? issues.begin() : error;
  if (found == issues.end()) return;
  m_context->selection().set({found->layer});
  Q_EMIT m_context->selection().revealRequested(found->layer, QString::fromStdString(found->fieldKey));
}

}  // namespace layersmith
