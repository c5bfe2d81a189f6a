#include "ui/training/TrainingControls.h"

#include "model/document/Edits.h"
#include "model/training/Catalogue.h"
#include "ui/commands/DocumentContext.h"
#include "ui/theme/Icons.h"

#include <QAction>

#include <algorithm>

namespace layersmith {

namespace {

constexpr double kSlower = 0.1;

std::string lossFor(const DataRecipe& recipe) {
  switch (recipe.targetEncoding) {
    case TargetEncoding::OneHot: return "categoricalCrossentropy";
    case TargetEncoding::ClassIndex:
      return recipe.classNames.size() > 2 ? "sparseCategoricalCrossentropy" : "binaryCrossentropy";
    default: return recipe.isClassification() ? "binaryCrossentropy" : "meanSquaredError";
  }
}

TrainingConfig withDefaults(TrainingConfig config, const DataRecipe& recipe) {
  if (config.optimizer.empty()) config.optimizer = "adam";
  if (config.losses.empty()) config.losses = {lossFor(recipe)};
  if (config.metrics.empty() && recipe.isClassification()) config.metrics = {"accuracy"};
  return config;
}

double learningRate(const TrainingConfig& config) {
  const NamedType* type = findNamedType(optimizerTypes(), config.optimizer);
  return type ? fieldValue(type->fields, config.optimizerConfig, "learningRate").asNumber() : 0.01;
}

}  // namespace

TrainingControls::TrainingControls(QObject* parent)
    : QObject(parent),
      m_train(
          makeAction(QStringLiteral("trainAction"), tr("Train"), QStringLiteral("train"), QKeySequence(Qt::Key_F5))),
      m_pause(
          makeAction(QStringLiteral("pauseAction"), tr("Pause"), QStringLiteral("pause"), QKeySequence(Qt::Key_F8))),
      m_step(makeAction(QStringLiteral("stepAction"), tr("Step"), QStringLiteral("step"), QKeySequence(Qt::Key_F7))),
      m_stop(makeAction(QStringLiteral("stopAction"), tr("Stop"), QStringLiteral("stop"),
                        QKeySequence(Qt::SHIFT | Qt::Key_F5))) {
  m_train->setStatusTip(tr("Train the model on its data"));
  m_step->setStatusTip(tr("Train on one batch, then pause"));
  m_stop->setStatusTip(tr("Stop the training and keep what was learned"));
  connect(m_train, &QAction::triggered, this, &TrainingControls::train);
  connect(m_step, &QAction::triggered, this, &TrainingControls::step);
  connect(m_pause, &QAction::triggered, this, [this] {
    if (m_context) m_context->session().pause();
  });
  connect(m_stop, &QAction::triggered, this, [this] {
    if (m_context) m_context->session().stop();
  });
  refresh();
}

QAction* TrainingControls::makeAction(const QString& name, const QString& text, const QString& iconName,
                                      const QKeySequence& keys) {
  auto* action = new QAction(icon(iconName), text, this);
  action->setObjectName(name);
  action->setShortcut(keys);
  action->setToolTip(QStringLiteral("%1 (%2)").arg(text, keys.toString(QKeySequence::NativeText)));
  return action;
}

void TrainingControls::setContext(DocumentContext* context) {
  if (m_context) disconnect(&m_context->session(), nullptr, this, nullptr);
  m_context = context;
  if (m_context) {
    connect(&m_context->session(), &TrainingSession::stateChanged, this, [this](TrainingSession::State state) {
      refresh();
      Q_EMIT stateChanged(state);
    });
  }
  refresh();
}

void TrainingControls::setSpeed(TrainingSession::Speed speed) {
  m_speed = speed;
  if (m_context) m_context->session().setSpeed(speed);
}

void TrainingControls::refresh() {
  using State = TrainingSession::State;
  const State state = m_context ? m_context->session().state() : State::Idle;
  m_train->setEnabled(m_context && (state == State::Idle || state == State::Paused));
  m_train->setText(state == State::Paused ? tr("Resume") : tr("Train"));
  m_pause->setEnabled(state == State::Running);
  m_step->setEnabled(m_context && state != State::Stopping);
  m_stop->setEnabled(state == State::Running || state == State::Paused);
}

bool TrainingControls::isReady() {
  if (!m_context->state().dataset) {
    Q_EMIT dataMissing();
    return false;
  }
  for (const Issue& issue : m_context->document().report().issues) {
    if (issue.severity != Severity::Error) continue;
    if (issue.layer.isValid()) {
      m_context->selection().set({issue.layer});
      Q_EMIT m_context->selection().revealRequested(issue.layer, QString::fromStdString(issue.fieldKey));
    }
    Q_EMIT faultFound(QString::fromStdString(issue.message));
    return false;
  }
  if (!m_context->state().training.isCompiled()) {
    const DocumentState& state = m_context->state();
    m_context->apply(tr("training settings"),
                     edits::setTraining(state, withDefaults(state.training, state.recipe), state.fit));
  }
  return true;
}

void TrainingControls::train() {
  if (!m_context) return;
  switch (m_context->session().state()) {
    case TrainingSession::State::Paused:
      m_context->session().setSpeed(m_speed);
      m_context->session().resume();
      break;
    case TrainingSession::State::Idle:
      if (!isReady()) return;
      Q_EMIT started();
      m_context->session().start(m_context->state(), m_speed);
      break;
    default: break;
  }
}

void TrainingControls::step() {
  if (!m_context) return;
  TrainingSession& session = m_context->session();
  if (session.isActive()) {
    session.pause();
    session.step();
  } else if (isReady()) {
    Q_EMIT started();
    session.startPaused(m_context->state());
  }
}

void TrainingControls::goOnSlower() {
  if (!m_context || m_context->session().isActive()) return;
  const DocumentState& state = m_context->state();
  TrainingConfig config = state.training;
  config.optimizerConfig.set("learningRate", learningRate(config) * kSlower);
  if (m_context->apply(tr("learning rate"), edits::setTraining(state, config, state.fit))) train();
}

}  // namespace layersmith
