#include "ui/training/TrainingSettings.h"

#include "model/document/Edits.h"
#include "model/training/Catalogue.h"
#include "ui/commands/DocumentContext.h"
#include "ui/theme/Theme.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/TextLabel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLocale>
#include <QRegularExpression>
#include <QSignalBlocker>
#include <QSpinBox>

#include <cmath>

namespace layersmith {

namespace {

constexpr double kSmallestRate = 1e-9;

double rateOf(const TrainingConfig& config) {
  const NamedType* type = findNamedType(optimizerTypes(), config.optimizer);
  if (!type || !findField(type->fields, "learningRate")) return 0.001;
  return fieldValue(type->fields, config.optimizerConfig, "learningRate").asNumber();
}

}  // namespace

RateBox::RateBox(QWidget* parent) : QDoubleSpinBox(parent) {
  setDecimals(9);
  setRange(0, 1e12);
  setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
  setKeyboardTracking(false);
  setMonoFont(this);
}

QString RateBox::textFromValue(double value) const {
  QLocale plain = locale();
  plain.setNumberOptions(QLocale::OmitGroupSeparator);
  if (value != 0 && std::abs(value) < 1e-4)
    return plain.toString(value, 'f', 9).remove(QRegularExpression(QStringLiteral("0+$")));
  return plain.toString(value, 'g', 6);
}

void changeTraining(DocumentContext* context, const QString& text, const char* key, const SettingChange& change) {
  if (!context) return;
  TrainingConfig config = context->state().training;
  FitOptions fit = context->state().fit;
  change(config, fit);
  if (config == context->state().training && fit == context->state().fit) return;
  context->apply(text, edits::setTraining(context->state(), config, fit),
                 QStringLiteral("training.") + QLatin1String(key));
}

TrainingSettings::TrainingSettings(QWidget* parent)
    : QWidget(parent),
      m_epochs(new QSpinBox(this)),
      m_batch(new QSpinBox(this)),
      m_optimizer(new QComboBox(this)),
      m_rate(new RateBox(this)),
      m_more(makeToolButton(QStringLiteral("trainingMore"), QStringLiteral("settings"),
                            tr("Loss, metrics, shuffling and the optimizer's own settings"), {}, this)),
      m_popover(new TrainingPopover(this)) {
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(12, 6, 8, 6);
  layout->setSpacing(8);
  for (QSpinBox* box : {m_epochs, m_batch}) {
    box->setKeyboardTracking(false);
    setMonoFont(box);
    box->setFixedWidth(84);
  }
  m_epochs->setRange(1, 1'000'000);
  m_batch->setRange(1, 1'000'000);
  m_rate->setMinimum(kSmallestRate);
  m_rate->setFixedWidth(92);
  for (const NamedType& type : optimizerTypes()) m_optimizer->addItem(QString::fromStdString(type.name));
  m_optimizer->setMinimumWidth(92);
  addField(tr("Epochs"), m_epochs, QStringLiteral("epochs"));
  addField(tr("Batch"), m_batch, QStringLiteral("batchSize"));
  addField(tr("Optimizer"), m_optimizer, QStringLiteral("optimizer"));
  addField(tr("Rate"), m_rate, QStringLiteral("learningRate"));
  layout->addStretch(1);
  layout->addWidget(m_more);

  connect(m_more, &QToolButton::clicked, this, [this] {
    m_popover->refresh();
    m_popover->adjustSize();
    const QPoint corner = m_more->mapToGlobal(QPoint(m_more->width(), 0));
    m_popover->move(corner - QPoint(m_popover->width(), m_popover->height() + 4));
    m_popover->show();
  });
  connect(m_epochs, &QSpinBox::valueChanged, this, [this](int value) {
    change(tr("epochs"), "epochs", [value](TrainingConfig&, FitOptions& fit) { fit.epochs = value; });
  });
  connect(m_batch, &QSpinBox::valueChanged, this, [this](int value) {
    change(tr("batch size"), "batchSize", [value](TrainingConfig&, FitOptions& fit) { fit.batchSize = value; });
  });
  connect(m_optimizer, &QComboBox::activated, this, [this] {
    const std::string name = m_optimizer->currentText().toStdString();
    change(tr("optimizer"), "optimizer", [name](TrainingConfig& config, FitOptions&) {
      if (config.optimizer == name) return;
      const double rate = rateOf(config);
      config.optimizer = name;
      config.optimizerConfig = {};
      config.optimizerConfig.set("learningRate", rate);
    });
  });
  connect(m_rate, &QDoubleSpinBox::valueChanged, this, [this](double value) {
    change(tr("learning rate"), "learningRate",
           [value](TrainingConfig& config, FitOptions&) { config.optimizerConfig.set("learningRate", value); });
  });
  setContext(nullptr);
}

void TrainingSettings::addField(const QString& label, QWidget* field, const QString& name) {
  auto* text = new TextLabel(label, Theme::TextRole::Body, "text2", this);
  text->setBuddy(field);
  field->setObjectName(name);
  field->setAccessibleName(label);
  auto* row = static_cast<QHBoxLayout*>(layout());
  if (!m_labels.empty()) row->addSpacing(4);
  row->addWidget(text);
  row->addWidget(field);
  m_labels.push_back(text);
}

QSize TrainingSettings::minimumSizeHint() const {
  return {m_optimizer->minimumWidth() + 84 + 84 + 92 + 28 + 90, 40};
}

void TrainingSettings::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  int needed = minimumSizeHint().width();
  for (const QLabel* label : m_labels) needed += label->sizeHint().width() + 8;
  for (QLabel* label : m_labels) label->setVisible(width() >= needed);
}

void TrainingSettings::setContext(DocumentContext* context) {
  if (m_context) disconnect(&m_context->document(), nullptr, this, nullptr);
  m_context = context;
  m_popover->setContext(context);
  setEnabled(context != nullptr);
  if (!context) {
    showValues({}, {});
    return;
  }
  connect(&context->document(), &ModelDocument::changed, this, [this](const DocumentChange& change) {
    if (change.training) refresh();
  });
  refresh();
}

void TrainingSettings::change(const QString& text, const char* key, const SettingChange& change) {
  changeTraining(m_context, text, key, change);
}

void TrainingSettings::refresh() {
  showValues(m_context->state().training, m_context->state().fit);
}

void TrainingSettings::showValues(const TrainingConfig& config, const FitOptions& fit) {
  const QSignalBlocker blockers[] = {QSignalBlocker(m_epochs), QSignalBlocker(m_batch), QSignalBlocker(m_optimizer),
                                     QSignalBlocker(m_rate)};
  m_epochs->setValue(fit.epochs);
  m_batch->setValue(fit.batchSize);
  const std::string optimizer = config.optimizer.empty() ? "adam" : config.optimizer;
  const NamedType* type = findNamedType(optimizerTypes(), optimizer);
  m_optimizer->setCurrentText(QString::fromStdString(type ? type->name : optimizer));
  m_rate->setValue(rateOf(config));
  if (m_popover->isVisible()) m_popover->refresh();
}

}  // namespace layersmith
