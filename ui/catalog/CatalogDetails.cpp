#include "ui/catalog/CatalogDetails.h"

#include "model/data/Generators.h"
#include "model/document/DocumentIo.h"
#include "model/nn/GraphAnalysis.h"
#include "ui/canvas/LayerText.h"
#include "ui/catalog/CatalogController.h"
#include "ui/catalog/TopologyPicture.h"
#include "ui/dialogs/Parts.h"
#include "ui/theme/Icons.h"
#include "ui/theme/StylePainting.h"
#include "ui/widgets/SizeText.h"

#include <QDir>
#include <QHBoxLayout>
#include <QLocale>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>
#include <chrono>

namespace layersmith {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t kLayersShown = 40;

/// Glyph, words and output shape of one layer, 24 high.
class LayerLine : public QWidget {
 public:
  LayerLine(QString family, QString text, QString shape)
      : m_family(std::move(family)), m_text(std::move(text)), m_shape(std::move(shape)) {
    setMinimumHeight(24);
    setAccessibleName(m_text + QLatin1Char(' ') + m_shape);
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintBox(&painter, QRectF(0, 3, 18, 18), {theme().familyTint(m_family), Qt::transparent, 4, 0.01});
    painter.drawPixmap(
        2, 5, iconPixmap(QStringLiteral("layers/") + m_family, theme().familyInk(m_family), 14, devicePixelRatioF()));
    painter.setFont(theme().mono(Theme::TextRole::Caption));
    painter.setPen(theme().color("text2"));
    const int shapeWidth = painter.fontMetrics().horizontalAdvance(m_shape);
    painter.drawText(rect(), Qt::AlignVCenter | Qt::AlignRight, m_shape);
    painter.setFont(theme().font(Theme::TextRole::Label));
    painter.setPen(theme().color("text"));
    const QRect words = rect().adjusted(28, 0, -shapeWidth - 8, 0);
    painter.drawText(words, Qt::AlignVCenter | Qt::AlignLeft,
                     painter.fontMetrics().elidedText(m_text, Qt::ElideRight, words.width()));
  }

 private:
  QString m_family, m_text, m_shape;
};

}  // namespace

struct CatalogDetails::Contents {
  struct Row {
    QString family;
    QString text;
    QString shape;
  };
  std::vector<Row> layers;
  TopologySketch sketch;
  std::int64_t parameters = 0;
  QString trainedOn;
  QString optimizer;
  std::optional<ModelScore> score;
};

CatalogDetails::CatalogDetails(CatalogController& catalog, QWidget* parent) : QWidget(parent), m_catalog(catalog) {
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(1, 0, 0, 0);
  outer->setSpacing(0);
  auto* head = new Surface("panel", Qt::BottomEdge);
  head->setFixedHeight(36);
  auto* headRow = new QHBoxLayout(head);
  headRow->setContentsMargins(16, 0, 8, 1);
  headRow->addWidget(new TextLabel(tr("Details"), Theme::TextRole::BodyStrong));
  outer->addWidget(head);
  m_nothing = new TextLabel(tr("Choose a model to see what it is made of."), Theme::TextRole::Body, "text2");
  m_nothing->setWordWrap(true);
  m_nothing->setMargin(16);
  outer->addWidget(m_nothing);
  m_body = new QWidget;
  auto* column = new QVBoxLayout(m_body);
  column->setContentsMargins(16, 16, 16, 16);
  column->setSpacing(4);
  makeHead(*column);
  makeFacts(*column);
  auto* scroll = new QScrollArea;
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setWidgetResizable(true);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setWidget(m_body);
  scroll->setObjectName(QStringLiteral("details.scroll"));
  outer->addWidget(scroll, 1);
  m_timer.setSingleShot(true);
  m_timer.setInterval(120ms);
  connect(&m_timer, &QTimer::timeout, this, &CatalogDetails::readLayers);
  connect(&m_catalog, &CatalogController::checked, this, [this](const QString& url, const QString& problem) {
    if (url == m_entry.url) showCheck(problem);
  });
  setEntry(nullptr);
}

void CatalogDetails::makeHead(QVBoxLayout& column) {
  m_name = new ElidedLabel({}, Theme::TextRole::Title);
  auto* url = new ElidedLabel({}, Theme::TextRole::Label, "text2");
  url->setElideMode(Qt::ElideMiddle);
  m_url = url;
  column.addWidget(m_name);
  column.addWidget(m_url);
  column.addSpacing(8);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(8);
  m_open = makeButton(QStringLiteral("details.open"), tr("Open"), ButtonKind::Primary, QStringLiteral("open"));
  m_open->setIcon(icon(QStringLiteral("open"), "textOnAccent"));
  QPushButton* copy = makeButton(QStringLiteral("details.copy"), tr("Save a copy..."));
  QPushButton* check = makeButton(QStringLiteral("details.check"), tr("Check"));
  check->setToolTip(tr("Read the whole model and say whether anything is wrong"));
  buttons->addWidget(m_open);
  buttons->addWidget(copy);
  buttons->addWidget(check);
  buttons->addStretch();
  column.addLayout(buttons);
  m_problem = new TextLabel({}, Theme::TextRole::Body, "warning");
  m_problem->setWordWrap(true);
  m_problem->setObjectName(QStringLiteral("details.problem"));
  m_problemBox = new QWidget;
  auto* problemColumn = new QVBoxLayout(m_problemBox);
  problemColumn->setContentsMargins(0, 8, 0, 0);
  problemColumn->setSpacing(8);
  problemColumn->addWidget(m_problem);
  column.addWidget(m_problemBox);
  m_export =
      makeButton(QStringLiteral("details.export"), tr("Export raw..."), ButtonKind::Default, QStringLiteral("export"));
  m_export->setToolTip(tr("Copy its files or records as they are"));
  problemColumn->addWidget(m_export, 0, Qt::AlignLeft);
  connect(m_open, &QPushButton::clicked, this, [this] { Q_EMIT openRequested(m_entry.url); });
  connect(copy, &QPushButton::clicked, this, [this] { Q_EMIT copyRequested(m_entry.url); });
  connect(check, &QPushButton::clicked, this, [this] { m_catalog.check(m_entry.url); });
  connect(m_export, &QPushButton::clicked, this, [this] { m_catalog.askAndExportRaw(m_entry.url, *window()); });
}

void CatalogDetails::makeFacts(QVBoxLayout& column) {
  column.addSpacing(12);
  auto* layersHead = new QHBoxLayout;
  layersHead->addWidget(new TextLabel(tr("Layers"), Theme::TextRole::BodyStrong));
  layersHead->addStretch();
  m_layersNote = new TextLabel({}, Theme::TextRole::Label, "text2");
  layersHead->addWidget(m_layersNote);
  column.addLayout(layersHead);
  m_topology = new TopologyPicture;
  column.addWidget(m_topology);
  m_layers = new QVBoxLayout;
  m_layers->setSpacing(0);
  column.addLayout(m_layers);
  column.addSpacing(12);
  addFact(column, tr("Structure"), m_structure);
  addFact(column, tr("Weights"), m_weights);
  addFact(column, tr("Total"), m_total);
  addFact(column, tr("Saved"), m_saved);
  addFact(column, tr("Trained on"), m_trainedOn);
  addFact(column, tr("Best score"), m_score, true);
  addFact(column, tr("Optimizer"), m_optimizer);
  addFact(column, tr("Integrity"), m_integrity);
  m_integrity->setObjectName(QStringLiteral("details.integrity"));
  for (TextLabel* number : {m_structure, m_weights, m_total}) number->setMono(true);
  column.addStretch();
}

void CatalogDetails::addFact(QVBoxLayout& column, const QString& title, TextLabel*& value, bool isLong) {
  auto* row = new QHBoxLayout;
  auto* name = new TextLabel(title, Theme::TextRole::Body, "text2");
  name->setFixedWidth(96);
  name->setMinimumHeight(20);
  value = isLong ? new TextLabel : new ElidedLabel;
  value->setWordWrap(isLong);
  row->addWidget(name, 0, Qt::AlignTop);
  row->addWidget(value, 1);
  column.addLayout(row);
}

// The catalog refreshes often: what did not change is not read again.
void CatalogDetails::setEntry(const ModelEntry* entry) {
  m_body->setVisible(entry != nullptr);
  m_nothing->setVisible(entry == nullptr);
  if (!entry) {
    m_entry = ModelEntry();
    return;
  }
  const bool isSame = entry->url == m_entry.url && entry->info.dateSaved == m_entry.info.dateSaved &&
                      entry->problem == m_entry.problem && entry->name == m_entry.name;
  if (isSame) return;
  m_entry = *entry;
  m_name->setText(entry->name);
  m_url->setText(entry->url.startsWith(QStringLiteral("file:"))
                     ? QDir::toNativeSeparators(QUrl(entry->url).toLocalFile())
                     : entry->url);
  showProblem(entry->problem);
  m_open->setToolTip(tr("Open %1").arg(entry->name));
  m_structure->setText(sizeText(entry->info.modelTopologyBytes + entry->info.weightSpecsBytes));
  m_weights->setText(sizeText(entry->info.weightDataBytes));
  m_total->setText(sizeText(entry->info.totalBytes()));
  m_saved->setText(whenText(entry->info.dateSaved));
  for (TextLabel* fact : {m_trainedOn, m_score, m_optimizer}) fact->setText(QStringLiteral("–"));
  m_integrity->setToken("text2");
  m_integrity->setText(tr("Not checked"));
  m_timer.start();
}

void CatalogDetails::showCheck(const QString& problem) {
  m_integrity->setToken(problem.isEmpty() ? "success" : "danger");
  m_integrity->setText(problem.isEmpty() ? tr("Nothing is missing") : tr("Damaged"));
  showProblem(problem);
}

void CatalogDetails::showProblem(const QString& problem) {
  m_problem->setText(problem);
  m_problemBox->setVisible(!problem.isEmpty());
  m_export->setVisible(!problem.isEmpty() && placeKind(m_entry.url) != CatalogPlace::Kind::Server);
}

void CatalogDetails::clearLayers() {
  while (QLayoutItem* item = m_layers->takeAt(0)) {
    delete item->widget();
    delete item;
  }
}

void CatalogDetails::readLayers() {
  const QString url = m_entry.url;
  const auto work = [url, access = m_catalog.accessFor(url)](ModelLibrary& library) {
    LoadOptions options;
    options.http = access;
    ModelArtifacts artifacts = library.peek(url, options);
    // Its weights are not read here; the list of weights names them.
    const bool keepsOptimizer =
        std::ranges::any_of(artifacts.weightSpecs, [](const WeightSpec& spec) { return spec.group == "optimizer"; });
    const DocumentState state = documentFromArtifacts(std::move(artifacts)).state;
    const GraphReport report = analyse(state.graph);
    Contents contents;
    contents.parameters = report.parameters;
    contents.sketch = TopologySketch::of(state);
    for (const LayerSpec& layer : state.graph.layers) {
      const QString summary = summaryOf(state, layer, true);
      const QString name = typeName(layer.className);
      contents.layers.push_back({familyOf(layer), summary.isEmpty() ? name : name + QStringLiteral(" ") + summary,
                                 shapeText(reportOf(report, layer.id))});
    }
    if (state.hasRecipe) contents.trainedOn = generatorTitle(state.recipe.source);
    contents.score = scoreOf(state.userDefinedMetadata);
    if (!state.training.optimizer.empty()) contents.optimizer = QString::fromStdString(state.training.optimizer);
    if (keepsOptimizer) contents.optimizer = tr("%1, kept").arg(contents.optimizer);
    return contents;
  };
  m_catalog.workerFor({url}).run(this, work, [this, url](const Outcome<Contents>& outcome) {
    if (url != m_entry.url) return;
    if (outcome.isOk()) {
      showContents(outcome.value());
      return;
    }
    showContents({});
    showProblem(QString::fromStdString(outcome.error().message()));
  });
}

void CatalogDetails::showContents(const Contents& contents) {
  clearLayers();
  m_topology->setSketch(contents.sketch);
  m_topology->setVisible(!contents.layers.empty());
  const int count = static_cast<int>(contents.layers.size());
  m_layersNote->setText(tr("%n layer(s), %1 parameters", nullptr, count)
                            .arg(QLocale().toString(static_cast<qlonglong>(contents.parameters))));
  for (std::size_t i = 0; i < contents.layers.size() && i < kLayersShown; ++i) {
    const Contents::Row& row = contents.layers[i];
    m_layers->addWidget(new LayerLine(row.family, row.text, row.shape));
  }
  if (contents.layers.size() > kLayersShown) {
    m_layers->addWidget(new TextLabel(tr("and %n more", nullptr, count - static_cast<int>(kLayersShown)),
                                      Theme::TextRole::Label, "text3"));
  }
  if (!contents.trainedOn.isEmpty()) m_trainedOn->setText(contents.trainedOn);
  if (contents.score)
    m_score->setText(tr("%1 at epoch %2, %3")
                         .arg(scoreText(contents.score), QLocale().toString(contents.score->epoch + 1),
                              contents.score->metric.starts_with("val_") ? tr("rows held back") : tr("training rows")));
  if (!contents.optimizer.isEmpty()) m_optimizer->setText(contents.optimizer);
}

}  // namespace layersmith
