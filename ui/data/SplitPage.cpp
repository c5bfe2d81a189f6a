#include "ui/data/SplitPage.h"

#include "ui/itemmodels/Counted.h"
#include "ui/widgets/FormRows.h"
#include "ui/widgets/TextLabel.h"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

#include <cmath>
#include <limits>

namespace layersmith {

namespace {

QSpinBox* spinBox(const QString& name, int low, int high, QWidget* parent) {
  auto* box = new QSpinBox(parent);
  box->setObjectName(name);
  box->setRange(low, high);
  box->setKeyboardTracking(false);
  setMonoFont(box);
  return box;
}

}  // namespace

SplitPage::SplitPage(QWidget* parent) : QWidget(parent) {
  setObjectName(QStringLiteral("splitPage"));
  auto* split = new FormRows(this);
  m_percent = spinBox(QStringLiteral("validationPercent"), 0, 90, this);
  m_percent->setSuffix(QStringLiteral(" %"));
  m_seed = spinBox(QStringLiteral("splitSeed"), 0, std::numeric_limits<int>::max(), this);
  m_stratified = new QCheckBox(tr("Same share of every class"), this);
  m_stratified->setObjectName(QStringLiteral("stratified"));
  m_stratified->setMinimumHeight(28);
  split->addRow(tr("Validation"), m_percent);
  split->addRow(tr("Seed"), m_seed);
  split->addRow(tr("Stratified"), m_stratified);
  m_summary = new TextLabel({}, Theme::TextRole::Label, "text2", this);
  m_summary->setWordWrap(true);

  m_sample = new FormRows(this);
  m_samples = spinBox(QStringLiteral("sampleCount"), 10, 100'000, this);
  m_samples->setSingleStep(100);
  m_noise = new QDoubleSpinBox(this);
  m_noise->setObjectName(QStringLiteral("sampleNoise"));
  m_noise->setRange(0, 2);
  m_noise->setSingleStep(0.05);
  m_noise->setKeyboardTracking(false);
  setMonoFont(m_noise);
  m_sampleSeed = spinBox(QStringLiteral("sampleSeed"), 0, std::numeric_limits<int>::max(), this);
  m_sample->addWide(new TextLabel(tr("Sample"), Theme::TextRole::BodyStrong, "text", this));
  m_sample->addRow(tr("Rows"), m_samples);
  m_sample->addRow(tr("Noise"), m_noise);
  m_sample->addRow(tr("Seed"), m_sampleSeed);

  auto* left = new QVBoxLayout;
  left->setSpacing(8);
  left->addWidget(split);
  left->addWidget(m_summary);
  left->addStretch(1);
  auto* right = new QVBoxLayout;
  right->addWidget(m_sample);
  right->addStretch(1);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(16, 8, 16, 8);
  row->setSpacing(24);
  row->addLayout(left, 1);
  row->addLayout(right, 1);

  connect(m_percent, &QSpinBox::valueChanged, this, [this] { emitSplit(tr("validation part")); });
  connect(m_seed, &QSpinBox::valueChanged, this, [this] { emitSplit(tr("seed of the split")); });
  connect(m_stratified, &QCheckBox::toggled, this, [this] { emitSplit(tr("stratified split")); });
  connect(m_samples, &QSpinBox::valueChanged, this, &SplitPage::emitSample);
  connect(m_noise, &QDoubleSpinBox::valueChanged, this, &SplitPage::emitSample);
  connect(m_sampleSeed, &QSpinBox::valueChanged, this, &SplitPage::emitSample);
}

void SplitPage::setDataset(std::shared_ptr<const Dataset> dataset) {
  m_dataset = std::move(dataset);
  if (!m_dataset) return;
  const QSignalBlocker blockers[] = {QSignalBlocker(m_percent), QSignalBlocker(m_seed),  QSignalBlocker(m_stratified),
                                     QSignalBlocker(m_samples), QSignalBlocker(m_noise), QSignalBlocker(m_sampleSeed)};
  const DataRecipe& recipe = m_dataset->recipe;
  m_percent->setValue(int(std::lround(recipe.validationFraction * 100)));
  m_seed->setValue(int(std::min<std::uint64_t>(recipe.seed, std::numeric_limits<int>::max())));
  m_stratified->setChecked(recipe.isStratified);
  m_stratified->setEnabled(recipe.isClassification());
  m_summary->setText(tr("%1 to learn from, %2 held back to check.")
                         .arg(counted(int(m_dataset->trainingRows.size()), tr("1 row"), tr("%1 rows")),
                              counted(int(m_dataset->validationRows.size()), tr("1 row"), tr("%1 rows"))));
  m_sample->setVisible(recipe.kind == QLatin1String("generator"));
  m_samples->setValue(int(recipe.generator.intAt("samples", m_dataset->raw ? m_dataset->raw->rows : 400)));
  m_noise->setValue(recipe.generator.numberAt("noise", 0));
  m_sampleSeed->setValue(int(recipe.generator.intAt("seed", 42)));
}

void SplitPage::emitSplit(const QString& text) {
  if (!m_dataset) return;
  DataRecipe recipe = m_dataset->recipe;
  recipe.validationFraction = m_percent->value() / 100.0;
  recipe.seed = std::uint64_t(m_seed->value());
  recipe.isStratified = m_stratified->isChecked();
  Q_EMIT recipeEdited(recipe, text);
}

void SplitPage::emitSample() {
  if (!m_dataset) return;
  const QString name =
      QString::fromStdString(m_dataset->recipe.generator.stringAt("name", m_dataset->recipe.source.toStdString()));
  Q_EMIT sampleEdited(name, m_samples->value(), m_noise->value(), quint64(m_sampleSeed->value()));
}

}  // namespace layersmith
