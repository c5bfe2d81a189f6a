#include "ui/dialogs/ComparisonDialog.h"

#include "model/document/DocumentIo.h"
#include "ui/canvas/LayerText.h"
#include "ui/theme/Icons.h"
#include "ui/widgets/BusyStrip.h"
#include "ui/widgets/MessageStrip.h"

#include <QHeaderView>
#include <QLocale>
#include <QStandardItemModel>
#include <QTimer>
#include <QTreeView>
#include <QVBoxLayout>

namespace layersmith {

namespace {

using Weights = LayerDifference::Weights;

QString none() {
  return QStringLiteral("–");
}

QString valueText(const FieldValue& value) {
  if (value.isNull()) return none();
  if (value.isNumber() && !value.isInt()) return QLocale().toString(value.asNumber(), 'g', 6);
  const QString text = QString::fromStdString(toDisplayString(value));
  return text.isEmpty() ? none() : text;
}

QString changeText(const LayerDifference& layer) {
  switch (layer.weights) {
    case Weights::Same: return {};
    case Weights::OnlyBefore: return ComparisonDialog::tr("no weights: starts at random");
    case Weights::OnlyAfter: return ComparisonDialog::tr("has weights");
    case Weights::Changed: break;
  }
  if (!layer.largestChange) return ComparisonDialog::tr("other weights");
  return ComparisonDialog::tr("weights changed by up to %1").arg(QLocale().toString(*layer.largestChange, 'g', 3));
}

QString scoreText(const std::optional<ModelScore>& score) {
  if (!score) return none();
  const QString value = score->isShare() ? percentText(100 * score->value) : QLocale().toString(score->value, 'g', 4);
  return ComparisonDialog::tr("%1 %2, epoch %3")
      .arg(QString::fromStdString(score->metric), value)
      .arg(score->epoch + 1);
}

QString summaryOf(const ModelComparison& comparison) {
  if (comparison.isSame()) return ComparisonDialog::tr("Nothing differs: both are the same model.");
  using Kind = LayerDifference::Kind;
  QStringList parts;
  const auto add = [&](int count, const char* text) {
    if (count > 0) parts << ComparisonDialog::tr(text, nullptr, count);
  };
  add(comparison.count(Kind::Added), QT_TR_NOOP("%n layer(s) added."));
  add(comparison.count(Kind::Removed), QT_TR_NOOP("%n layer(s) removed."));
  add(int(std::ranges::count_if(comparison.layers, [](const auto& layer) { return !layer.values.empty(); })),
      QT_TR_NOOP("%n layer(s) with other settings."));
  add(comparison.layersWithOtherWeights(), QT_TR_NOOP("%n layer(s) with other weights."));
  if (parts.isEmpty()) parts << ComparisonDialog::tr("The layers and their weights are the same.");
  return parts.join(QLatin1Char(' '));
}

QStandardItem* addRow(QStandardItem* parent, const QString& what, const QString& saved, const QString& recovered) {
  QList<QStandardItem*> cells;
  for (const QString& text : {what, saved, recovered}) {
    cells << new QStandardItem(text);
    cells.back()->setEditable(false);
    cells.back()->setToolTip(text);
  }
  cells.front()->setAccessibleText(ComparisonDialog::tr("%1, saved: %2, recovered: %3").arg(what, saved, recovered));
  parent->appendRow(cells);
  return cells.front();
}

void addValues(QStandardItem* parent, const std::vector<ValueDifference>& values) {
  for (const ValueDifference& value : values) {
    const bool isUntold = value.before.isNull() && value.after.isNull();
    addRow(parent, QString::fromStdString(value.label), valueText(value.before),
           isUntold ? ComparisonDialog::tr("changed") : valueText(value.after));
  }
}

}  // namespace

ComparisonDialog::ComparisonDialog(Recovered recovered, StoreWorker& worker, QWidget* parent)
    : FooterDialog(QStringLiteral("comparisonDialog"), tr("Compare"), parent),
      m_recovered(std::move(recovered)),
      m_progress(std::make_shared<JobProgress>()),
      m_summary(new TextLabel({}, Theme::TextRole::Body, "text2")),
      m_busy(new BusyStrip(nullptr, QStringLiteral("comparisonDialog.busy"))),
      m_message(new MessageStrip),
      m_rows(new QStandardItemModel(0, 3, this)),
      m_tree(new QTreeView) {
  resize(680, 520);
  content().addWidget(new TextLabel(tr("%1: recovered and saved").arg(m_recovered.name), Theme::TextRole::Title));
  setSentence(*m_summary, tr("Reading `%1`").arg(m_recovered.url));
  content().addWidget(m_summary);
  m_message->hide();
  content().addWidget(m_message);
  content().addWidget(m_busy);
  m_rows->setHorizontalHeaderLabels({tr("What differs"), tr("Saved"), tr("Recovered")});
  m_tree->setModel(m_rows);
  m_tree->setFrameShape(QFrame::NoFrame);
  m_tree->setAllColumnsShowFocus(true);
  m_tree->setIndentation(32);  // settings stand under their layer's name, beside its icon
  m_tree->header()->setHighlightSections(false);
  m_tree->header()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  m_tree->setColumnWidth(0, 230);
  m_tree->setColumnWidth(1, 190);
  nameControl(*m_tree, QStringLiteral("comparisonDialog.tree"), tr("What differs"));
  content().addWidget(m_tree, 1);
  QPushButton* close = addFooterButton(QStringLiteral("comparisonDialog.close"), tr("Close"), ButtonKind::Primary);
  connect(close, &QPushButton::clicked, this, &QDialog::accept);
  connect(m_busy, &BusyStrip::cancelled, this, &QDialog::reject);
  read(worker);
}

ComparisonDialog::~ComparisonDialog() {
  m_progress->isCancelled = true;
}

void ComparisonDialog::read(StoreWorker& worker) {
  m_busy->begin(tr("Reading the saved model"), true);
  auto* timer = new QTimer(m_busy);
  connect(timer, &QTimer::timeout, this, [this] { m_busy->setProgress(m_progress->done, m_progress->total); });
  timer->start(100);
  LoadOptions options;
  options.mapWeights = true;
  options.acceptChangedFiles = true;  // nothing is opened, and what is there is to be seen
  options.progress = JobProgress::reporter(m_progress);
  worker.run(
      this,
      [options, url = m_recovered.url, state = m_recovered.state](ModelLibrary& library) {
        return compareModels(documentFromArtifacts(library.load(url, options)).state, state);
      },
      [this, timer](const Outcome<ModelComparison>& outcome) {
        timer->stop();
        m_busy->end();
        if (outcome.isOk())
          showComparison(outcome.value());
        else
          showError(outcome.error());
        Q_EMIT compared();
      });
}

void ComparisonDialog::showError(const Error& error) {
  setSentence(*m_summary, tr("There is nothing to compare with. The recovered model is untouched."));
  m_message->setMessage(Severity::Error, QString::fromStdString(error.message()));
  m_message->show();
  m_tree->hide();
}

void ComparisonDialog::showComparison(const ModelComparison& comparison) {
  setSentence(*m_summary, summaryOf(comparison));
  for (const LayerDifference& layer : comparison.layers) addLayer(layer);
  if (!comparison.model.empty()) addSection(tr("Model"), comparison.model);
  addTraining(comparison);
  if (!comparison.data.empty()) addSection(tr("Data"), comparison.data);
  m_tree->setVisible(m_rows->rowCount() > 0);
  m_tree->expandAll();
  if (m_rows->rowCount() > 0) m_tree->setCurrentIndex(m_rows->index(0, 0));
}

void ComparisonDialog::addLayer(const LayerDifference& layer) {
  using Kind = LayerDifference::Kind;
  const QString name = tr("%1  %2").arg(typeName(layer.className), QString::fromStdString(layer.name));
  QString saved, recovered = changeText(layer);
  if (layer.kind == Kind::Added) {
    saved = none();
    recovered = tr("added");
  } else if (layer.kind == Kind::Removed) {
    saved = tr("is there");
    recovered = tr("removed");
  }
  QStandardItem* row = addRow(m_rows->invisibleRootItem(), name, saved, recovered);
  row->setIcon(icon(QStringLiteral("layers/") + familyOf(layer.className)));
  addValues(row, layer.values);
}

QStandardItem* ComparisonDialog::addSection(const QString& title, const std::vector<ValueDifference>& values) {
  QStandardItem* section = addRow(m_rows->invisibleRootItem(), title, {}, {});
  addValues(section, values);
  return section;
}

void ComparisonDialog::addTraining(const ModelComparison& comparison) {
  const bool hasOtherScore = comparison.scoreBefore != comparison.scoreAfter;
  const bool isUnderWay = !m_recovered.training.isEmpty();
  if (comparison.training.empty() && !comparison.isOptimizerStateOther && !hasOtherScore && !isUnderWay) return;
  QStandardItem* section = addSection(tr("Training"), comparison.training);
  if (comparison.isOptimizerStateOther) addRow(section, tr("Optimizer's memory"), {}, tr("changed"));
  if (hasOtherScore)
    addRow(section, tr("Best score"), scoreText(comparison.scoreBefore), scoreText(comparison.scoreAfter));
  if (isUnderWay) addRow(section, tr("Under way"), none(), tr("%1, waits").arg(m_recovered.training));
}

}  // namespace layersmith
