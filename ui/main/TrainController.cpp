#include "ui/main/TrainController.h"

#include "model/document/Edits.h"
#include "ui/main/Actions.h"
#include "ui/main/Workspace.h"
#include "ui/training/TrainingControls.h"

namespace layersmith {

namespace {

constexpr const char* kBestEpoch = "layersmith.bestEpoch";

/// What the newest run of a document found best; kept beside the document until the next run.
struct BestEpoch {
  int epoch = -1;
  WeightSet weights;
};

}  // namespace

TrainController::TrainController(Actions& actions, TrainingControls& controls, Workspace& workspace, QObject* parent)
    : QObject(parent), m_actions(actions), m_controls(controls), m_workspace(workspace) {
  const std::pair<ActionId, QAction*> pairs[] = {{ActionId::Train, controls.trainAction()},
                                                 {ActionId::Pause, controls.pauseAction()},
                                                 {ActionId::Step, controls.stepAction()},
                                                 {ActionId::Stop, controls.stopAction()}};
  for (const auto& [id, theirs] : pairs) {
    theirs->setShortcut({});  // the menu's action has it
    connect(m_actions[id], &QAction::triggered, theirs, &QAction::trigger);
  }
  connect(m_actions[ActionId::WatchSpeed], &QAction::triggered, this,
          [this] { m_controls.setSpeed(TrainingSession::Speed::Watch); });
  connect(m_actions[ActionId::FullSpeed], &QAction::triggered, this,
          [this] { m_controls.setSpeed(TrainingSession::Speed::Full); });
  connect(m_actions[ActionId::BackToBest], &QAction::triggered, this, &TrainController::takeBest);
  connect(&m_workspace, &Workspace::currentChanged, this, &TrainController::watch);
  connect(&m_workspace, &Workspace::added, this, [this](DocumentContext* context) {
    connect(&context->session(), &TrainingSession::finished, this,
            [this, context](const TrainingOutcome& outcome) { keepBest(context, outcome); });
  });
  watch(m_workspace.current());
}

void TrainController::watch(DocumentContext* context) {
  if (m_context) disconnect(&m_context->session(), &TrainingSession::stateChanged, this, nullptr);
  m_context = context;
  if (context) connect(&context->session(), &TrainingSession::stateChanged, this, &TrainController::refresh);
  refresh();
}

void TrainController::keepBest(DocumentContext* context, const TrainingOutcome& outcome) {
  context->setProperty(kBestEpoch, QVariant::fromValue(BestEpoch{outcome.bestEpoch, outcome.bestWeights}));
  refresh();
}

void TrainController::refresh() {
  using State = TrainingSession::State;
  const State state = m_context ? m_context->session().state() : State::Idle;
  const bool canRun = m_context && (state == State::Idle || state == State::Paused);
  m_actions.setEnabled({ActionId::Train, ActionId::Step}, canRun);
  m_actions.setEnabled({ActionId::Pause}, state == State::Running);
  m_actions.setEnabled({ActionId::Stop}, state == State::Running || state == State::Paused);
  const bool hasBest = m_context && m_context->property(kBestEpoch).value<BestEpoch>().epoch >= 0;
  m_actions.setEnabled({ActionId::BackToBest}, hasBest && state == State::Idle);
  m_actions.setEnabled({ActionId::TryModel}, m_context != nullptr);
  m_actions[ActionId::Train]->setText(state == State::Paused ? tr("Go On &Training") : tr("&Train"));
  Q_EMIT runningChanged(state == State::Running);
}

void TrainController::takeBest() {
  const auto best = m_context->property(kBestEpoch).value<BestEpoch>();
  const DocumentState& state = m_context->state();
  const QString text = tr("back to epoch %1").arg(best.epoch + 1);
  if (m_context->apply(text, edits::setWeights(state, best.weights, {}, state.lastRun))) Q_EMIT bestTaken(best.epoch);
}

}  // namespace layersmith
