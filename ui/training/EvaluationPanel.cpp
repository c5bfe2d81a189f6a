#include "ui/training/EvaluationPanel.h"

#include "ui/commands/ComputeJob.h"
#include "ui/commands/DocumentContext.h"
#include "ui/theme/Theme.h"
#include "ui/training/BoundaryView.h"
#include "ui/training/ConfusionView.h"
#include "ui/training/PredictionView.h"
#include "ui/training/ReadoutRow.h"
#include "ui/widgets/MessageStrip.h"
#include "ui/widgets/SegmentedSwitch.h"
#include "ui/widgets/TextLabel.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLocale>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace layersmith {

EvaluationPanel::EvaluationPanel(QWidget* parent)
    : QWidget(parent),
      m_tools(new QWidget(this)),
      m_readouts(new ReadoutRow(this)),
      m_strip(new MessageStrip(this)),
      m_pages(new QStackedWidget(this)),
      m_boundary(new BoundaryView(this)),
      m_confusion(new ConfusionView(this)),
      m_predictions(new PredictionView(this)) {
  setObjectName(QStringLiteral("evaluationPanel"));
  setAccessibleName(tr("Evaluation"));
  setBackgroundToken(this, "panel");
  makeTools();
  m_strip->hide();
  m_strip->setObjectName(QStringLiteral("evaluationStrip"));
  m_readouts->setObjectName(QStringLiteral("evaluationReadouts"));
  m_readouts->setAccessibleName(tr("Result of the evaluation"));
  m_readouts->setContentsMargins(0, 0, 0, 0);

  auto* scroll = new QScrollArea(this);
  scroll->setObjectName(QStringLiteral("confusionScroll"));
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setWidget(m_confusion);
  m_pages->addWidget(m_boundary);
  m_pages->addWidget(scroll);
  m_pages->addWidget(m_predictions);

  auto* readoutRow = new QHBoxLayout;
  readoutRow->setContentsMargins(16, 4, 12, 0);
  readoutRow->addWidget(m_readouts);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(m_tools);
  layout->addWidget(m_strip);
  layout->addLayout(readoutRow);
  layout->addWidget(m_pages, 1);

  connect(m_confusion, &ConfusionView::cellChosen, this, [this](std::optional<MistakesModel::Cell> cell) {
    m_predictions->setCell(cell);
    if (cell) Q_EMIT rowsChosen(m_predictions->mistakes().rawRows());
  });
  connect(m_predictions, &PredictionView::cellCleared, this, [this] { m_confusion->setCell(std::nullopt); });
  connect(m_predictions, &PredictionView::rowsChosen, this, &EvaluationPanel::rowsChosen);
  updateTools();
}

void EvaluationPanel::makeTools() {
  auto* row = new QHBoxLayout(m_tools);
  row->setContentsMargins(12, 6, 12, 6);
  row->setSpacing(12);
  m_views = new SegmentedSwitch({tr("Boundary"), tr("Confusion"), tr("Predictions")}, m_tools);
  m_views->setObjectName(QStringLiteral("evaluationViews"));
  m_views->setAccessibleName(tr("View of the evaluation"));
  m_counts = new SegmentedSwitch({tr("Counts"), tr("Percent")}, m_tools);
  m_counts->setObjectName(QStringLiteral("confusionUnit"));
  m_counts->setAccessibleName(tr("Unit of the matrix"));
  m_validation = new QCheckBox(tr("Validation points"), m_tools);
  m_validation->setObjectName(QStringLiteral("showValidation"));
  m_validation->setChecked(true);
  m_twoColors = new QCheckBox(tr("Two colours"), m_tools);
  m_twoColors->setObjectName(QStringLiteral("twoColors"));
  m_twoColors->setToolTip(tr("The winning class only, without shades"));
  row->addWidget(m_views);
  row->addStretch(1);
  row->addWidget(m_validation);
  row->addWidget(m_twoColors);
  row->addWidget(m_counts);
  connect(m_views, &SegmentedSwitch::currentChanged, this, [this] { updateTools(); });
  connect(m_counts, &SegmentedSwitch::currentChanged, this, [this](int index) { m_confusion->setPercent(index == 1); });
  connect(m_validation, &QCheckBox::toggled, m_boundary, &BoundaryView::setValidationShown);
  connect(m_twoColors, &QCheckBox::toggled, m_boundary, &BoundaryView::setTwoColors);
}

void EvaluationPanel::setContext(DocumentContext* context) {
  if (m_context) {
    disconnect(&m_context->document(), nullptr, this, nullptr);
    disconnect(&m_context->session(), nullptr, this, nullptr);
  }
  m_context = context;
  m_boundary->setContext(context);
  m_predictions->setContext(context);
  m_strip->hide();
  showReport(nullptr);
  if (m_context) {
    connect(&m_context->document(), &ModelDocument::changed, this, [this](const DocumentChange& change) {
      if (change.data) showReport(nullptr);
      if (change.data || change.layers || change.weights || change.training) request();
    });
    connect(&m_context->session(), &TrainingSession::stateChanged, this, [this](TrainingSession::State state) {
      if (state == TrainingSession::State::Idle) request();
    });
  }
  request();
}

void EvaluationPanel::showView(View view) {
  m_views->setCurrentIndex(int(view));
  updateTools();
}

void EvaluationPanel::updateTools() {
  const int view = m_views->currentIndex();
  m_pages->setCurrentIndex(view);
  m_counts->setVisible(hasMatrix());
  m_validation->setVisible(view == Boundary);
  m_twoColors->setVisible(view == Boundary);
  m_readouts->setVisible(view == Confusion);
  if (m_isStale) request();
}

void EvaluationPanel::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  if (m_isStale) request();
}

void EvaluationPanel::request() {
  m_isStale = true;
  const bool isNeeded = isVisible() && m_views->currentIndex() != Boundary;
  if (isNeeded && !m_isEvaluating && m_context && !m_context->session().isActive()) evaluate();
}

void EvaluationPanel::evaluate() {
  m_isStale = false;
  m_strip->hide();
  const DocumentState& state = m_context->state();
  if (!state.dataset || !m_context->document().report().canRun || !state.training.isCompiled()) {
    const QString reason =
        !state.dataset ? tr("There is no data to evaluate the model on.")
        : !m_context->document().report().canRun
            ? tr("The model has a fault, so it cannot be evaluated. See Problems.")
            : tr("The model has no loss yet. Train it once, or choose a loss in its training settings.");
    m_strip->setMessage(Severity::Hint, reason);
    m_strip->show();
    showReport(nullptr);
    return;
  }
  m_isEvaluating = true;
  const bool hasValidation = state.dataset->validation.samples() > 0;
  auto job = [state, hasValidation] {
    return std::make_shared<const EvaluationReport>(evaluateModel(state, hasValidation));
  };
  const QPointer<DocumentContext> asked = m_context;
  computeThen(m_context->compute(), this, std::move(job),
              [this, asked](const JobResult<std::shared_ptr<const EvaluationReport>>& result) {
                m_isEvaluating = false;
                if (asked != m_context || m_isStale) {  // of another tab, or of what is past
                  request();
                  return;
                }
                if (result.error) {
                  m_strip->setMessage(Severity::Error, QString::fromStdString(result.error->message()));
                  m_strip->show();
                }
                showReport(result.value.value_or(nullptr));
                Q_EMIT evaluated();
              });
}

void EvaluationPanel::showReport(std::shared_ptr<const EvaluationReport> report) {
  m_report = std::move(report);
  m_confusion->setReport(m_report);
  m_predictions->setReport(m_report);
  updateReadouts();
  m_counts->setVisible(hasMatrix());
}

bool EvaluationPanel::hasMatrix() const {
  return m_views->currentIndex() == Confusion && !(m_report && m_report->classNames.isEmpty());
}

void EvaluationPanel::updateReadouts() {
  std::vector<Readout> readouts;
  const QLocale locale;
  if (m_report) {
    const auto rows = int(m_report->rows.size());
    const auto wrong =
        int(std::ranges::count_if(m_report->rows, [](const auto& row) { return row.trueClass != row.predictedClass; }));
    if (!m_report->classNames.isEmpty() && rows > 0)
      readouts.push_back({tr("Accuracy"), locale.toString(100.0 * (rows - wrong) / rows, 'f', 1), tr("%"), false});
    for (const MetricValue& value : m_report->values)
      if (value.name == "loss")
        readouts.push_back({tr("Loss"), locale.toString(value.value, 'f', 3), {}, !std::isfinite(value.value)});
    const bool isValidation =
        m_context && m_context->state().dataset && m_context->state().dataset->validation.samples() > 0;
    readouts.push_back({isValidation ? tr("Validation rows") : tr("Rows"), locale.toString(rows), {}, false});
    if (!m_report->classNames.isEmpty()) readouts.push_back({tr("Wrong"), locale.toString(wrong), {}, false});
  }
  m_readouts->setReadouts(std::move(readouts));
}

}  // namespace layersmith
