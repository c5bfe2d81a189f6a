#include "model/training/Catalogue.h"
#include "ui/commands/DocumentContext.h"
#include "ui/theme/Theme.h"
#include "ui/training/TrainingSettings.h"
#include "ui/widgets/TextLabel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <limits>

namespace layersmith {

namespace {

constexpr int kMetricsHeight = 124;
constexpr int kFixedRows = 5;  // loss, metrics, shuffle, seed, and the line before the optimizer's own

QLabel* rowLabel(const QString& text, QWidget* parent) {
  auto* label = new TextLabel(text, Theme::TextRole::Body, "text2", parent);
  label->setMinimumHeight(28);
  return label;
}

}  // namespace

TrainingPopover::TrainingPopover(QWidget* parent)
    : QFrame(parent, Qt::Popup),
      m_form(new QFormLayout(this)),
      m_loss(new QComboBox(this)),
      m_shuffle(new QCheckBox(tr("In a new order each epoch"), this)),
      m_seed(new QSpinBox(this)) {
  setObjectName(QStringLiteral("trainingPopover"));
  setFrameShape(QFrame::StyledPanel);
  setBackgroundToken(this, "raised");
  m_form->setContentsMargins(16, 12, 16, 12);
  m_form->setHorizontalSpacing(16);
  m_form->setVerticalSpacing(8);

  m_loss->setObjectName(QStringLiteral("loss"));
  m_loss->setAccessibleName(tr("Loss"));
  for (const NamedType& type : lossTypes()) {
    m_loss->addItem(QString::fromStdString(type.name));
    m_loss->setItemData(m_loss->count() - 1, QString::fromStdString(type.help), Qt::ToolTipRole);
  }
  m_form->addRow(rowLabel(tr("Loss"), this), m_loss);

  auto* metrics = new QWidget(this);
  auto* column = new QVBoxLayout(metrics);
  column->setContentsMargins(0, 4, 0, 4);
  column->setSpacing(6);
  for (const NamedType& type : metricTypes()) {
    auto* box = new QCheckBox(QString::fromStdString(type.name), metrics);
    box->setObjectName(QStringLiteral("metric.") + box->text());
    column->addWidget(box);
    m_metrics.push_back(box);
    const std::string name = type.name;
    connect(box, &QCheckBox::toggled, this, [this, name](bool isOn) {
      change(tr("metrics"), "metrics", [&](TrainingConfig& config, FitOptions&) {
        std::erase(config.metrics, name);
        if (isOn) config.metrics.push_back(name);
      });
    });
  }
  auto* scroll = new QScrollArea(this);
  scroll->setObjectName(QStringLiteral("metricScroll"));
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setWidgetResizable(true);
  scroll->setWidget(metrics);
  setBackgroundToken(metrics, "raised");
  scroll->setFixedHeight(kMetricsHeight);
  scroll->setMinimumWidth(metrics->sizeHint().width() + 16);
  m_form->addRow(rowLabel(tr("Metrics"), this), scroll);

  m_shuffle->setObjectName(QStringLiteral("shuffle"));
  m_shuffle->setMinimumHeight(28);
  m_form->addRow(rowLabel(tr("Shuffle"), this), m_shuffle);
  m_seed->setObjectName(QStringLiteral("seed"));
  m_seed->setAccessibleName(tr("Seed"));
  m_seed->setRange(0, std::numeric_limits<int>::max());
  m_seed->setKeyboardTracking(false);
  setMonoFont(m_seed);
  m_form->addRow(rowLabel(tr("Seed"), this), m_seed);
  auto* line = new QWidget(this);
  line->setFixedHeight(1);
  setBackgroundToken(line, "line");
  m_form->addRow(line);

  connect(m_loss, &QComboBox::activated, this, [this] {
    const std::string name = m_loss->currentText().toStdString();
    change(tr("loss"), "loss", [&](TrainingConfig& config, FitOptions&) { config.losses = {name}; });
  });
  connect(m_shuffle, &QCheckBox::toggled, this, [this](bool isOn) {
    change(tr("shuffling"), "shuffle", [isOn](TrainingConfig&, FitOptions& fit) { fit.shuffle = isOn; });
  });
  connect(m_seed, &QSpinBox::valueChanged, this, [this](int value) {
    change(tr("seed"), "seed", [value](TrainingConfig&, FitOptions& fit) { fit.seed = std::uint64_t(value); });
  });
}

void TrainingPopover::setContext(DocumentContext* context) {
  m_context = context;
  hide();
}

void TrainingPopover::change(const QString& text, const char* key, const SettingChange& change) {
  changeTraining(m_context, text, key, change);
}

QWidget* TrainingPopover::makeEditor(const std::string& key) {
  const NamedType* type = findNamedType(optimizerTypes(), m_shownOptimizer);
  const FieldSpec spec = *findField(type->fields, key);
  const auto set = [this, spec](const FieldValue& value) {
    change(QString::fromStdString(spec.displayLabel()), spec.key.c_str(),
           [&](TrainingConfig& config, FitOptions&) { config.optimizerConfig.set(spec.key, value); });
  };
  const FieldList fields = type->fields;
  if (spec.kind == FieldKind::Flag) {
    auto* box = new QCheckBox(this);
    box->setMinimumHeight(28);
    m_readers.push_back([box, fields, key](const TrainingConfig& config) {
      const QSignalBlocker blocker(box);
      const FieldValue value = fieldValue(fields, config.optimizerConfig, key);
      box->setChecked(value.isBool() && value.asBool());
    });
    connect(box, &QCheckBox::toggled, this, [set](bool isOn) { set(isOn); });
    return box;
  }
  auto* box = new RateBox(this);
  if (spec.maximum) box->setMaximum(*spec.maximum);
  if (spec.exclusiveMaximum) box->setMaximum(std::nexttoward(*spec.exclusiveMaximum, 0.0L));
  if (spec.minimum) box->setMinimum(*spec.minimum);
  m_readers.push_back([box, fields, key](const TrainingConfig& config) {
    const QSignalBlocker blocker(box);
    const FieldValue value = fieldValue(fields, config.optimizerConfig, key);
    box->setValue(value.isNumber() ? value.asNumber() : 0);
  });
  connect(box, &QDoubleSpinBox::valueChanged, this, [set](double value) { set(value); });
  return box;
}

void TrainingPopover::rebuildOptimizerRows(const std::string& optimizer) {
  if (optimizer == m_shownOptimizer) return;
  m_shownOptimizer = optimizer;
  m_readers.clear();
  while (m_form->rowCount() > kFixedRows) m_form->removeRow(kFixedRows);
  const NamedType* type = findNamedType(optimizerTypes(), optimizer);
  if (!type) return;
  for (const FieldSpec& spec : type->fields) {
    if (spec.key == "learningRate" || (spec.kind != FieldKind::Number && spec.kind != FieldKind::Flag)) continue;
    QWidget* editor = makeEditor(spec.key);
    editor->setObjectName(QString::fromStdString(spec.key));
    editor->setAccessibleName(QString::fromStdString(spec.displayLabel()));
    editor->setToolTip(QString::fromStdString(spec.helpText));
    m_form->addRow(rowLabel(QString::fromStdString(spec.displayLabel()), this), editor);
  }
}

void TrainingPopover::refresh() {
  if (!m_context) return;
  const TrainingConfig& config = m_context->state().training;
  const FitOptions& fit = m_context->state().fit;
  rebuildOptimizerRows(config.optimizer.empty() ? "adam" : config.optimizer);
  const QSignalBlocker blockers[] = {QSignalBlocker(m_loss), QSignalBlocker(m_shuffle), QSignalBlocker(m_seed)};
  const NamedType* loss = config.losses.empty() ? nullptr : findNamedType(lossTypes(), config.losses.front());
  m_loss->setCurrentIndex(loss ? m_loss->findText(QString::fromStdString(loss->name)) : -1);
  m_shuffle->setChecked(fit.shuffle);
  m_seed->setValue(int(std::min<std::uint64_t>(fit.seed, std::numeric_limits<int>::max())));
  for (QCheckBox* box : m_metrics) {
    const QSignalBlocker blocker(box);
    box->setChecked(std::ranges::any_of(config.metrics, [&](const std::string& name) {
      const NamedType* type = findNamedType(metricTypes(), name);
      return (type ? type->name : name) == box->text().toStdString();
    }));
  }
  for (const auto& read : m_readers) read(config);
}

}  // namespace layersmith
