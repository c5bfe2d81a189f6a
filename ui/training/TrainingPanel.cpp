#include "ui/training/TrainingPanel.h"

#include "model/document/Edits.h"
#include "ui/commands/DocumentContext.h"
#include "ui/itemmodels/Counted.h"
#include "ui/theme/Icons.h"
#include "ui/theme/Theme.h"
#include "ui/training/LossChart.h"
#include "ui/training/ReadoutRow.h"
#include "ui/training/TrainingSettings.h"
#include "ui/widgets/MessageStrip.h"
#include "ui/widgets/SegmentedSwitch.h"

#include <QComboBox>
#include <QLocale>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableView>

#include <algorithm>
#include <cmath>

namespace layersmith {

namespace {

QString clockText(double seconds) {
  const auto whole = std::int64_t(std::ceil(std::max(0.0, seconds)));
  const QLatin1Char zero('0');
  if (whole >= 3600)
    return QStringLiteral("%1:%2:%3").arg(whole / 3600).arg(whole / 60 % 60, 2, 10, zero).arg(whole % 60, 2, 10, zero);
  return QStringLiteral("%1:%2").arg(whole / 60).arg(whole % 60, 2, 10, zero);
}

QString figure(double value) {
  return std::isfinite(value) ? QLocale().toString(value, 'f', 3) : TrainingPanel::tr("none");
}

double tickValue(const TrainingTick& tick, const std::string& name) {
  const auto found = std::ranges::find_if(tick.values, [&](const MetricValue& value) { return value.name == name; });
  return found == tick.values.end() ? std::nan("") : found->value;
}

/// The log key of a metric: TensorFlow.js logs accuracy as "acc", others by the name they were given.
std::string logKey(const std::string& metric) {
  return metric == "accuracy" || metric == "binaryAccuracy" || metric == "categoricalAccuracy" ? "acc" : metric;
}

bool isBetterHigh(const std::string& key) {
  return key == "acc" || key.find("ccuracy") != std::string::npos || key == "precision" || key == "recall";
}

}  // namespace

void TrainingPanel::setContext(DocumentContext* context) {
  if (m_context) {
    disconnect(&m_context->document(), nullptr, this, nullptr);
    disconnect(&m_context->session(), nullptr, this, nullptr);
  }
  m_context = context;
  m_controls.setContext(context);
  m_settings->setContext(context);
  m_strip->hide();
  m_tick = {};
  if (m_context) {
    TrainingSession& session = m_context->session();
    connect(&session, &TrainingSession::ticked, this, &TrainingPanel::onTick);
    connect(&session, &TrainingSession::restored, this, &TrainingPanel::readDocument);
    connect(&session, &TrainingSession::epochFinished, this, &TrainingPanel::onEpoch);
    connect(&session, &TrainingSession::finished, this, &TrainingPanel::onFinished);
    connect(&m_context->document(), &ModelDocument::changed, this, [this](const DocumentChange& change) {
      if (change.layers || change.training || change.data) m_strip->hide();  // it spoke of what was before
      if (change.training || change.data) updateHint();
      if (change.training) readMetrics();
      if (change.weights && !m_context->session().isActive()) readDocument();
    });
  }
  readMetrics();
  readDocument();
  updateState();
}

void TrainingPanel::readDocument() {
  std::vector<EpochLog> history;
  if (m_context) {
    const TrainingSession& session = m_context->session();
    if (session.isActive()) {
      history = session.history();
    } else if (m_context->state().lastRun) {
      history = m_context->state().lastRun->history;
    }
  }
  const bool isSame = history.size() == m_history.history().size() && !history.empty() &&
                      history.back().seconds == m_history.history().back().seconds;
  if (isSame) return;  // the run that was watched: its batches stay on the chart
  m_history.setHistory(history);
  for (LossChart* chart : {m_loss, m_metric}) chart->setHistory(history);
  readMetrics();
  updateHint();
}

void TrainingPanel::readMetrics() {
  QStringList keys;
  if (!m_history.history().empty()) {
    for (const MetricValue& value : m_history.history().front().values)
      if (value.name != "loss" && !value.name.starts_with("val_")) keys.append(QString::fromStdString(value.name));
  } else if (m_context) {
    for (const std::string& metric : m_context->state().training.metrics)
      keys.append(QString::fromStdString(logKey(metric)));
  }
  QStringList shown;
  for (int i = 0; i < m_metricChoice->count(); ++i) shown.append(m_metricChoice->itemData(i).toString());
  if (shown == keys) return;
  m_metricChoice->clear();
  for (const QString& key : keys) m_metricChoice->addItem(displayNameOfMetric(key.toStdString()), key);
  chooseMetric();
}

void TrainingPanel::chooseMetric() {
  const std::string key = m_metricChoice->currentData().toString().toStdString();
  m_metric->setMetric(key.empty() ? "acc" : key, isBetterHigh(key.empty() ? "acc" : key));
  m_metric->setHistory(m_history.history());
  showView();
}

LossChart* TrainingPanel::currentChart() const {
  return m_views->currentIndex() == 0 ? m_loss : m_metric;
}

void TrainingPanel::updateHint() {
  const int epochs = m_context ? m_context->state().fit.epochs : 100;
  QString text = tr("Open a model first.");
  if (m_context && m_context->state().dataset) {
    const auto rows = int(m_context->state().dataset->training.samples());
    text = tr("%1 over %2")
               .arg(counted(epochs, tr("1 epoch"), tr("%1 epochs")), counted(rows, tr("1 row"), tr("%1 rows")));
  } else if (m_context) {
    text = tr("There is no data yet: take a sample or open a table.");
  }
  m_loss->setHint(tr("Press Train to see the loss fall"), text);
  m_metric->setHint(tr("Press Train to see the metrics"),
                    m_metricChoice->count() == 0 ? tr("No metric is chosen yet.") : text);
  for (LossChart* chart : {m_loss, m_metric}) chart->setPlannedEpochs(epochs);
}

void TrainingPanel::updateState() {
  using State = TrainingSession::State;
  const State state = m_context ? m_context->session().state() : State::Idle;
  const bool isActive = state != State::Idle;
  m_upper->setCurrentWidget(isActive ? m_running : static_cast<QWidget*>(m_settings));
  m_progress->setVisible(isActive);
  QAction* main = state == State::Paused ? trainAction() : pauseAction();
  m_pause->setText(main->text());
  m_pause->setIcon(icon(state == State::Paused ? QStringLiteral("train") : QStringLiteral("pause"), "textOnAccent"));
  m_pause->setToolTip(main->toolTip());
  m_pause->setEnabled(main->isEnabled());
  for (LossChart* chart : {m_loss, m_metric}) chart->setLive(isActive);
  updateReadouts();
}

void TrainingPanel::onStarted() {
  m_strip->hide();
  m_tick = {};
  m_history.setHistory({});
  for (LossChart* chart : {m_loss, m_metric}) chart->clear();
  updateHint();
}

void TrainingPanel::onTick(const TrainingTick& tick) {
  m_tick = tick;
  m_loss->addBatches(tick.batchLosses);
  updateReadouts();
}

void TrainingPanel::onEpoch(const EpochLog& log) {
  m_history.append(log);
  m_loss->addEpoch(log);
  if (m_history.history().size() == 1) readMetrics();
  if (m_history.history().size() > 1 || m_metric->isEmpty()) m_metric->addEpoch(log);
  updateReadouts();
}

void TrainingPanel::updateReadouts() {
  const std::vector<EpochLog>& history = m_history.history();
  const int epochs = m_context ? m_context->state().fit.epochs : 1;
  const bool isFresh = history.empty();
  const double loss = isFresh ? tickValue(m_tick, "loss") : history.back().valueOf("loss");
  std::vector<Readout> readouts = {
      {tr("Epoch"), QString::number(std::min(epochs, isFresh ? m_tick.epoch + 1 : history.back().epoch + 1)),
       QStringLiteral("/ %1").arg(epochs), false},
      {tr("Loss"), figure(loss), {}, false}};
  if (!isFresh && std::isfinite(history.back().valueOf("val_loss")))
    readouts.push_back({tr("Validation"), figure(history.back().valueOf("val_loss")), {}, false});
  const double accuracy =
      isFresh ? tickValue(m_tick, "acc") : history.back().valueOf("val_acc", history.back().valueOf("acc"));
  if (std::isfinite(accuracy))
    readouts.push_back({tr("Accuracy"), QLocale().toString(accuracy * 100, 'f', 1), tr("%"), false});
  readouts.push_back({tr("Time left"), clockText(m_tick.secondsLeft), {}, false});
  m_readouts->setReadouts(std::move(readouts));
  const double batches = std::max(1, m_tick.batches);
  const double done = (m_tick.epoch + (m_tick.batches > 0 ? (m_tick.batch + 1) / batches : 0)) / std::max(1, epochs);
  m_progress->setProperty("share", std::clamp(done, 0.0, 1.0));
  m_progress->update();
}

void TrainingPanel::onFinished(const TrainingOutcome& outcome) {
  updateState();
  switch (outcome.end) {
    case TrainingOutcome::End::Diverged: sayDiverged(outcome); break;
    case TrainingOutcome::End::Failed:
      say(outcome.error ? QString::fromStdString(outcome.error->message()) : tr("The training failed."), true);
      break;
    default: sayFinished(outcome);
  }
  for (LossChart* chart : {m_loss, m_metric}) chart->redrawNow();
}

void TrainingPanel::say(const QString& text, bool isFault) {
  m_strip->setMessage(isFault ? Severity::Error : Severity::Hint, text);
  m_strip->show();
}

void TrainingPanel::sayFinished(const TrainingOutcome& outcome) {
  if (!outcome.run || outcome.run->history.empty()) return;
  const EpochLog& last = outcome.run->history.back();
  const double accuracy = last.valueOf("val_acc", last.valueOf("acc"));
  const bool isValidation = std::isfinite(last.valueOf("val_loss"));
  const int epochs = last.epoch + 1;
  const QString spoken = counted(epochs, tr("1 epoch"), tr("%1 epochs"));
  QString text = outcome.end == TrainingOutcome::End::Stopped ? tr("Stopped after %1.").arg(spoken)
                                                              : tr("Trained for %1.").arg(spoken);
  text += QLatin1Char(' ');
  const QString percent = QLocale().toString(accuracy * 100, 'f', 1);
  if (std::isfinite(accuracy)) {
    text += isValidation ? tr("%1 % of the validation rows are right.").arg(percent)
                         : tr("%1 % of the rows are right.").arg(percent);
  } else {
    text += tr("The loss is %1.").arg(figure(isValidation ? last.valueOf("val_loss") : last.valueOf("loss")));
  }
  say(text, false);
  m_strip->addAction(tr("Try it"), [this] { Q_EMIT tryRequested(); });
  if (outcome.bestEpoch >= 0 && outcome.bestEpoch < last.epoch && !outcome.bestWeights.empty())
    m_strip->addAction(tr("Back to epoch %1, the best").arg(outcome.bestEpoch + 1),
                       [this, outcome] { backToBest(outcome); });
}

void TrainingPanel::backToBest(const TrainingOutcome& outcome) {
  if (!m_context) return;
  if (!m_context->apply(tr("back to epoch %1").arg(outcome.bestEpoch + 1),
                        edits::setWeights(m_context->state(), outcome.bestWeights, {}, outcome.run)))
    return;
  say(tr("The weights of epoch %1 are back.").arg(outcome.bestEpoch + 1), false);
  m_strip->addAction(tr("Undo"), [this, context = QPointer(m_context), step = m_context->undoStack().index()] {
    if (context && context->undoStack().index() == step) context->undoStack().undo();  // that step, and no other
    m_strip->hide();
  });
}

void TrainingPanel::sayDiverged(const TrainingOutcome& outcome) {
  const bool isKept = outcome.run && !outcome.run->history.empty();
  say(outcome.error ? QString::fromStdString(outcome.error->message()) : tr("The loss is no longer a number."), true);
  if (outcome.run) {  // a gap with its mark where the number was lost
    EpochLog lost;
    lost.epoch = int(outcome.run->history.size());
    lost.values = {{"loss", std::nan("")}};
    m_loss->addEpoch(lost);
  }
  m_strip->addAction(
      tr("Rate / 10 and go on"), [this] { m_controls.goOnSlower(); }, true);
  if (isKept) {
    m_strip->addAction(tr("Undo"), [this] {
      if (m_context) m_context->undoStack().undo();
      m_strip->hide();
    });
  }
}

void TrainingPanel::onDataMissing() {
  m_strip->setMessage(Severity::Warning,
                      tr("There is no data to train on. Take a sample, or open a table of your own."));
  m_strip->addAction(
      tr("Use two moons"),
      [this] {
        m_strip->hide();
        Q_EMIT sampleRequested(QStringLiteral("twoMoons"));
      },
      true);
  m_strip->addAction(tr("Open CSV..."), [this] { Q_EMIT csvRequested(); });
  m_strip->show();
}

}  // namespace layersmith
