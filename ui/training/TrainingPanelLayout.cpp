#include "ui/theme/Icons.h"
#include "ui/theme/Theme.h"
#include "ui/training/LossChart.h"
#include "ui/training/ReadoutRow.h"
#include "ui/training/TrainingPanel.h"
#include "ui/training/TrainingSettings.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/MessageStrip.h"
#include "ui/widgets/SegmentedSwitch.h"
#include "ui/widgets/TextLabel.h"

#include <QAction>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QSaveFile>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

namespace layersmith {

namespace {

constexpr int kTableView = 2;
constexpr int kSpeedNeeds = 720;

/// A hairline that grows with the property "share".
class ProgressLine : public QWidget {
 public:
  explicit ProgressLine(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("trainingProgress"));
    setFixedHeight(2);
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.fillRect(rect(), theme().color("line"));
    painter.fillRect(QRectF(0, 0, width() * property("share").toDouble(), height()), theme().color("accent"));
  }
};

QPushButton* buttonFor(QAction* action, const QString& iconName, ButtonKind kind, QWidget* parent) {
  QPushButton* button =
      makeButton(action->objectName() + QStringLiteral("Button"), action->text(), kind, iconName, parent);
  button->setToolTip(action->toolTip());
  QObject::connect(button, &QPushButton::clicked, action, &QAction::trigger);
  QObject::connect(action, &QAction::changed, button, [button, action] { button->setEnabled(action->isEnabled()); });
  button->setEnabled(action->isEnabled());
  return button;
}

}  // namespace

TrainingPanel::TrainingPanel(QWidget* parent) : QWidget(parent) {
  setObjectName(QStringLiteral("trainingPanel"));
  setAccessibleName(tr("Training"));
  setBackgroundToken(this, "panel");
  makeTools();
  makeReadouts();
  makeCharts();
  m_strip = new MessageStrip(this);
  m_strip->setObjectName(QStringLiteral("trainingStrip"));
  m_strip->hide();
  m_settings = new TrainingSettings(this);
  m_upper = new QStackedWidget(this);
  m_upper->addWidget(m_settings);
  m_upper->addWidget(m_running);
  m_upper->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  m_progress = new ProgressLine(this);

  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(m_tools);
  layout->addWidget(m_strip);
  layout->addWidget(m_upper);
  layout->addWidget(m_progress);
  layout->addWidget(m_charts, 1);

  connect(&m_controls, &TrainingControls::started, this, &TrainingPanel::onStarted);
  connect(&m_controls, &TrainingControls::stateChanged, this, &TrainingPanel::updateState);
  connect(&m_controls, &TrainingControls::dataMissing, this, &TrainingPanel::onDataMissing);
  connect(&m_controls, &TrainingControls::faultFound, this, [this](const QString& text) { say(text, true); });
  setContext(nullptr);
  showView();
}

void TrainingPanel::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  m_speed->setVisible(width() >= kSpeedNeeds);  // figures first
}

void TrainingPanel::makeTools() {
  m_tools = new QWidget(this);
  auto* row = new QHBoxLayout(m_tools);
  row->setContentsMargins(12, 6, 8, 6);
  row->setSpacing(4);
  m_views = new SegmentedSwitch({tr("Loss"), tr("Metrics"), tr("Table")}, m_tools);
  m_views->setObjectName(QStringLiteral("trainingViews"));
  m_views->setAccessibleName(tr("What the chart shows"));
  m_metricChoice = new QComboBox(m_tools);
  m_metricChoice->setObjectName(QStringLiteral("metricChoice"));
  m_metricChoice->setAccessibleName(tr("Metric shown"));
  m_scale = new SegmentedSwitch({tr("Linear"), tr("Log")}, m_tools);
  m_scale->setObjectName(QStringLiteral("chartScale"));
  m_scale->setAccessibleName(tr("Scale of the chart"));
  m_scale->setCurrentIndex(1);
  m_smoothLabel = new TextLabel(tr("Smooth"), Theme::TextRole::Body, "text2", m_tools);
  m_smoothing = new QDoubleSpinBox(m_tools);
  m_smoothing->setObjectName(QStringLiteral("smoothing"));
  m_smoothing->setAccessibleName(tr("Smoothing"));
  m_smoothing->setRange(0, 0.99);
  m_smoothing->setSingleStep(0.1);
  setMonoFont(m_smoothing);
  m_smoothing->setFixedWidth(72);
  QToolButton* fit =
      makeToolButton(QStringLiteral("chartFit"), QStringLiteral("fit"), tr("Show all (double click)"), {}, m_tools);
  row->addWidget(m_views);
  row->addSpacing(8);
  row->addWidget(m_metricChoice);
  row->addStretch(1);
  row->addWidget(m_scale);
  row->addSpacing(8);
  row->addWidget(m_smoothLabel);
  row->addWidget(m_smoothing);
  row->addSpacing(4);
  row->addWidget(fit);
  row->addWidget(makeExportButton());

  connect(m_views, &SegmentedSwitch::currentChanged, this, &TrainingPanel::showView);
  connect(m_metricChoice, &QComboBox::activated, this, &TrainingPanel::chooseMetric);
  connect(m_scale, &SegmentedSwitch::currentChanged, this,
          [this](int index) { currentChart()->setLogScale(index == 1); });
  connect(m_smoothing, &QDoubleSpinBox::valueChanged, this, [this](double value) {
    for (LossChart* chart : {m_loss, m_metric}) chart->setSmoothing(value);
  });
  connect(fit, &QToolButton::clicked, this, [this] { currentChart()->fit(); });
}

void TrainingPanel::makeReadouts() {
  m_running = new QWidget(this);
  m_readouts = new ReadoutRow(m_running);
  m_readouts->setObjectName(QStringLiteral("trainingReadouts"));
  m_readouts->setAccessibleName(tr("Progress of the training"));
  m_speed = new SegmentedSwitch({tr("Watch"), tr("Full speed")}, m_running);
  m_speed->setObjectName(QStringLiteral("trainingSpeed"));
  m_speed->setAccessibleName(tr("Speed"));
  m_speed->setSegmentToolTip(0, tr("At most 20 epochs a second, so that eyes can follow"));
  m_pause =
      makeButton(QStringLiteral("pauseOrResume"), tr("Pause"), ButtonKind::Primary, QStringLiteral("pause"), m_running);
  auto* row = new QHBoxLayout(m_running);
  row->setContentsMargins(16, 4, 12, 4);
  row->setSpacing(6);
  row->addWidget(m_readouts, 1);
  row->addWidget(m_speed);
  row->addSpacing(8);
  row->addWidget(m_pause);
  row->addWidget(buttonFor(stepAction(), QStringLiteral("step"), ButtonKind::Default, m_running));
  row->addWidget(buttonFor(stopAction(), QStringLiteral("stop"), ButtonKind::Default, m_running));
  connect(m_speed, &SegmentedSwitch::currentChanged, this, [this](int index) {
    m_controls.setSpeed(index == 0 ? TrainingSession::Speed::Watch : TrainingSession::Speed::Full);
  });
  connect(m_pause, &QPushButton::clicked, this,
          [this] { (pauseAction()->isEnabled() ? pauseAction() : trainAction())->trigger(); });
}

void TrainingPanel::makeCharts() {
  m_charts = new QStackedWidget(this);
  m_loss = new LossChart(m_charts);
  m_loss->setLogScale(true);
  m_metric = new LossChart(m_charts);
  m_metric->setObjectName(QStringLiteral("metricChart"));
  m_metric->setAccessibleName(tr("Metric over the epochs"));
  m_table = new QTableView(m_charts);
  m_table->setObjectName(QStringLiteral("historyTable"));
  m_table->setAccessibleName(tr("Epochs as a table"));
  m_table->setModel(&m_history);
  m_table->setShowGrid(false);
  setMonoFont(m_table);
  m_table->setFrameShape(QFrame::NoFrame);
  m_table->verticalHeader()->hide();
  m_table->verticalHeader()->setDefaultSectionSize(28);
  m_table->horizontalHeader()->setHighlightSections(false);
  setFontRole(m_table->horizontalHeader(), Theme::TextRole::Label);
  m_table->horizontalHeader()->setDefaultSectionSize(156);
  m_charts->addWidget(m_loss);
  m_charts->addWidget(m_metric);
  m_charts->addWidget(m_table);
}

QWidget* TrainingPanel::makeExportButton() {
  QToolButton* button =
      makeToolButton(QStringLiteral("chartExport"), QStringLiteral("export"), tr("Export"), {}, m_tools);
  auto* menu = new QMenu(button);
  connect(menu->addAction(tr("Picture (PNG)...")), &QAction::triggered, this, [this] { askExport(true); });
  connect(menu->addAction(tr("Table (CSV)...")), &QAction::triggered, this, [this] { askExport(false); });
  connect(button, &QToolButton::clicked, menu,
          [button, menu] { menu->popup(button->mapToGlobal(QPoint(0, button->height() + 2))); });
  return button;
}

void TrainingPanel::askExport(bool isPicture) {
  const QString suffix = isPicture ? QStringLiteral("png") : QStringLiteral("csv");
  auto* dialog = new QFileDialog(this, isPicture ? tr("Export the chart") : tr("Export the epochs"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix(suffix);
  dialog->selectFile(QStringLiteral("training.") + suffix);
  connect(dialog, &QFileDialog::fileSelected, this, [this, isPicture](const QString& path) {
    if (!(isPicture ? exportPicture(path) : exportCsv(path)))
      say(tr("`%1` was not written. Choose a folder that can be written to.").arg(path), true);
  });
  dialog->open();
}

bool TrainingPanel::exportPicture(const QString& path, double scale) {
  return currentChart()->rendered(scale).save(path);
}

bool TrainingPanel::exportCsv(const QString& path) {
  QSaveFile file(path);
  return file.open(QIODevice::WriteOnly) && file.write(m_history.csv().toUtf8()) >= 0 && file.flush() && file.commit();
}

void TrainingPanel::showView() {
  const int view = m_views->currentIndex();
  m_charts->setCurrentIndex(view);
  const bool isChart = view != kTableView;
  m_metricChoice->setVisible(view == 1 && m_metricChoice->count() > 1);
  for (QWidget* widget : {static_cast<QWidget*>(m_scale), m_smoothLabel, static_cast<QWidget*>(m_smoothing)})
    widget->setVisible(isChart);
  if (isChart) m_scale->setCurrentIndex(currentChart()->isLogScale() ? 1 : 0);
  updateHint();
}

}  // namespace layersmith
