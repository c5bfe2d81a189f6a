#include "ui/catalog/CatalogDetails.h"

#include "model/document/ModelCheck.h"
#include "ui/catalog/CatalogController.h"
#include "ui/catalog/CatalogDetailsLayers.h"
#include "ui/catalog/CatalogDetailsOfMany.h"
#include "ui/catalog/ModelContents.h"
#include "ui/dialogs/Parts.h"
#include "ui/theme/Icons.h"
#include "ui/widgets/FactRow.h"
#include "ui/widgets/FlowLayout.h"
#include "ui/widgets/SizeText.h"

#include <QCache>
#include <QDir>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>
#include <chrono>

namespace layersmith {

using namespace std::chrono_literals;

namespace {

constexpr auto kFirstAsk = 5s, kLatestAsk = 60s;
constexpr int kModelsKept = 50;

}  // namespace

/// By address and date.
struct CatalogDetails::Kept {
  static QString keyOf(const ModelEntry& entry) {
    return entry.url + QLatin1Char('\n') + entry.info.dateSaved.toString(Qt::ISODateWithMs);
  }
  QCache<QString, ModelContents> contents{kModelsKept};
};

CatalogDetails::~CatalogDetails() = default;

CatalogDetails::CatalogDetails(CatalogController& catalog, QWidget* parent)
    : QWidget(parent), m_catalog(catalog), m_kept(std::make_unique<Kept>()) {
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
  m_many = new CatalogDetailsOfMany(catalog);
  outer->addWidget(m_many);
  auto* body = new QWidget;
  auto* column = new QVBoxLayout(body);
  column->setContentsMargins(16, 16, 16, 16);
  column->setSpacing(4);
  makeHead(*column);
  makeFacts(*column);
  m_scroll = new QScrollArea;
  m_scroll->setFrameShape(QFrame::NoFrame);
  m_scroll->setWidgetResizable(true);
  m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_scroll->setWidget(body);
  m_scroll->setObjectName(QStringLiteral("details.scroll"));
  outer->addWidget(m_scroll, 1);
  outer->addStretch();
  connectSignals();
  setRows({});
}

void CatalogDetails::connectSignals() {
  m_timer.setSingleShot(true);
  m_timer.setInterval(120ms);
  connect(&m_timer, &QTimer::timeout, this, &CatalogDetails::readLayers);
  m_slowTimer.setSingleShot(true);
  m_slowTimer.setInterval(500ms);
  connect(&m_slowTimer, &QTimer::timeout, this, [this] { m_layers->setReading(true); });
  m_askTimer.setSingleShot(true);
  m_askTimer.setInterval(kFirstAsk);
  connect(&m_askTimer, &QTimer::timeout, this, [this] {
    m_askTimer.setInterval(std::min<std::chrono::milliseconds>(2 * m_askTimer.intervalAsDuration(), kLatestAsk));
    if (m_isAway && isVisible()) m_catalog.refreshPlace(placeKey());
  });
  connect(&m_catalog, &CatalogController::changed, this, &CatalogDetails::followPlace);
  connect(&m_catalog, &CatalogController::checked, this,
          [this](const QString& url, const QString& problem, bool isDamaged) {
            if (url == m_entry.url) showCheck(problem, isDamaged);
          });
}

void CatalogDetails::makeHead(QVBoxLayout& column) {
  m_name = new ElidedLabel({}, Theme::TextRole::Title);
  m_name->setObjectName(QStringLiteral("details.name"));
  auto* url = new ElidedLabel({}, Theme::TextRole::Label, "text2");
  url->setElideMode(Qt::ElideMiddle);
  m_url = url;
  column.addWidget(m_name);
  column.addWidget(m_url);
  column.addSpacing(8);
  makeButtons(column);
  makeUnread(column);
  makeProblem(column);
}

void CatalogDetails::makeButtons(QVBoxLayout& column) {
  auto* row = new QWidget;
  auto* buttons = new FlowLayout(row);
  m_open = makeButton(QStringLiteral("details.open"), tr("Open"), ButtonKind::Primary, QStringLiteral("open"));
  m_open->setIcon(icon(QStringLiteral("open"), "textOnAccent"));
  QPushButton* copy = makeButton(QStringLiteral("details.copy"), tr("Save a copy..."));
  QPushButton* check = makeButton(QStringLiteral("details.check"), tr("Check"));
  check->setToolTip(tr("Read the whole model and say whether anything is wrong"));
  for (QPushButton* button : {m_open, copy, check}) buttons->addWidget(button);
  column.addWidget(row);
  connect(m_open, &QPushButton::clicked, this, [this] { Q_EMIT openRequested(m_entry.url); });
  connect(copy, &QPushButton::clicked, this, [this] { Q_EMIT copyRequested(m_entry.url); });
  connect(check, &QPushButton::clicked, this, [this] { m_catalog.check(m_entry.url); });
}

void CatalogDetails::makeUnread(QVBoxLayout& column) {
  m_unreadBox = new QWidget;
  m_unreadBox->setObjectName(QStringLiteral("details.unread"));
  auto* box = new QVBoxLayout(m_unreadBox);
  box->setContentsMargins(0, 8, 0, 0);
  box->setSpacing(4);
  m_unreadTitle = new TextLabel({}, Theme::TextRole::BodyStrong);
  m_unreadTitle->setObjectName(QStringLiteral("details.unreadTitle"));
  m_unreadReason = new TextLabel({}, Theme::TextRole::Body, "text2");
  m_unreadReason->setObjectName(QStringLiteral("details.unreadReason"));
  for (TextLabel* label : {m_unreadTitle, m_unreadReason}) {
    label->setWordWrap(true);
    box->addWidget(label);
  }
  QPushButton* again =
      makeButton(QStringLiteral("details.retry"), tr("Retry"), ButtonKind::Default, QStringLiteral("redo"));
  box->addSpacing(4);
  box->addWidget(again, 0, Qt::AlignLeft);
  column.addWidget(m_unreadBox);
  connect(again, &QPushButton::clicked, this, &CatalogDetails::retry);
}

void CatalogDetails::makeProblem(QVBoxLayout& column) {
  m_problemBox = new QWidget;
  auto* box = new QVBoxLayout(m_problemBox);
  box->setContentsMargins(0, 8, 0, 0);
  box->setSpacing(8);
  m_problem = new TextLabel({}, Theme::TextRole::Body, "warning");
  m_problem->setWordWrap(true);
  m_problem->setObjectName(QStringLiteral("details.problem"));
  m_export =
      makeButton(QStringLiteral("details.export"), tr("Export raw..."), ButtonKind::Default, QStringLiteral("export"));
  m_export->setToolTip(tr("Copy its files or records as they are"));
  box->addWidget(m_problem);
  box->addWidget(m_export, 0, Qt::AlignLeft);
  column.addWidget(m_problemBox);
  connect(m_export, &QPushButton::clicked, this, [this] { m_catalog.askAndExportRaw(m_entry.url, *window()); });
}

void CatalogDetails::makeFacts(QVBoxLayout& column) {
  column.addSpacing(12);
  m_layers = new CatalogDetailsLayers;
  column.addWidget(m_layers);
  column.addSpacing(12);
  m_structure = addFact(column, tr("Structure"));
  m_weights = addFact(column, tr("Weights"));
  m_total = addFact(column, tr("Total"));
  m_saved = addFact(column, tr("Saved"));
  m_trainedOn = addFact(column, tr("Trained on"));
  m_score = addFact(column, tr("Best score"), {}, true);
  m_optimizer = addFact(column, tr("Optimizer"));
  m_integrity = addFact(column, tr("Integrity"));
  m_integrity->setObjectName(QStringLiteral("details.integrity"));
  for (TextLabel* number : {m_structure, m_weights, m_total}) number->setMono(true);
  column.addStretch();
}

void CatalogDetails::setRows(const std::vector<int>& rows) {
  m_nothing->setVisible(rows.empty());
  m_scroll->setVisible(rows.size() == 1);
  m_many->setVisible(rows.size() > 1);
  if (rows.size() == 1)
    setEntry(m_catalog.model().entry(rows.front()));
  else
    clearEntry();
  if (rows.size() > 1) m_many->setRows(rows);
}

void CatalogDetails::clearEntry() {
  m_entry = ModelEntry();
  m_timer.stop();
  m_slowTimer.stop();
  m_askTimer.stop();
  if (m_reading) m_reading->isCancelled = true;
}

// The catalog refreshes often: what did not change is not read again.
void CatalogDetails::setEntry(const ModelEntry& entry) {
  const bool isSame = entry.url == m_entry.url && entry.info.dateSaved == m_entry.info.dateSaved &&
                      entry.problem == m_entry.problem && entry.name == m_entry.name;
  if (isSame) return;
  const bool isOther = entry.url != m_entry.url;
  clearEntry();
  m_entry = entry;
  m_unread.clear();
  m_readingFinding.clear();
  m_checkFinding.clear();
  if (isOther) {
    m_isRead = false;
    m_layers->clear(entry.layerCount, entry.parameters);
    for (TextLabel* fact : {m_trainedOn, m_score, m_optimizer}) fact->setText(QStringLiteral("–"));
    if (const int row = m_catalog.model().rowOf(entry.url); row >= 0) showFacts(m_catalog.model().facts(row));
    if (const ModelContents* contents = m_kept->contents.object(Kept::keyOf(entry))) showContents(*contents);
  }
  m_name->setText(entry.name);
  m_url->setText(entry.url.startsWith(QStringLiteral("file:")) ? QDir::toNativeSeparators(QUrl(entry.url).toLocalFile())
                                                               : entry.url);
  m_open->setToolTip(tr("Open %1").arg(entry.name));
  m_structure->setText(sizeText(entry.info.modelTopologyBytes + entry.info.weightSpecsBytes));
  m_weights->setText(sizeText(entry.info.weightDataBytes));
  m_total->setText(sizeText(entry.info.totalBytes()));
  m_saved->setText(whenText(entry.info.dateSaved));
  m_integrity->setToken("text2");
  m_integrity->setText(tr("Not checked"));
  m_isAway = !awayReason().isEmpty();
  askLater();
  showProblem();
  showUnread();
  if (!m_isAway) m_timer.start();
}

void CatalogDetails::showCheck(const QString& problem, bool isDamaged) {
  m_integrity->setToken(problem.isEmpty() ? "success" : isDamaged ? "danger" : "warning");
  m_integrity->setText(problem.isEmpty() ? tr("Nothing is missing")
                       : isDamaged       ? tr("Damaged")
                                         : tr("Cannot be opened here"));
  m_checkFinding = problem;
  showProblem();
}

/// The latest word on it counts: of a check, of reading its layers, of the list.
void CatalogDetails::showProblem() {
  const QString problem = !m_checkFinding.isEmpty()     ? m_checkFinding
                          : !m_readingFinding.isEmpty() ? m_readingFinding
                                                        : m_entry.problem;
  m_problem->setText(problem);
  m_problemBox->setVisible(!problem.isEmpty());
  m_export->setVisible(!problem.isEmpty() && placeKind(m_entry.url) != CatalogPlace::Kind::Server);
}

QString CatalogDetails::placeKey() const {
  const int row = m_catalog.model().rowOf(m_entry.url);
  return row < 0 ? placeOf(m_entry.url) : m_catalog.model().place(row);
}

QString CatalogDetails::awayReason() const {
  const CatalogPlace* place = m_catalog.place(placeKey());
  return place ? place->problem : QString();
}

void CatalogDetails::showUnread() {
  const QString away = awayReason();
  const QString reason = away.isEmpty() ? m_unread : away;
  m_unreadBox->setVisible(!reason.isEmpty());
  m_layers->setDimmed(!reason.isEmpty());
  m_unreadTitle->setText(m_isRead ? tr("Shown as it was read before: it cannot be read now.")
                                  : tr("This model cannot be read now."));
  m_unreadReason->setText(reason);
}

void CatalogDetails::followPlace() {
  if (m_entry.url.isEmpty()) return;
  const bool wasAway = m_isAway;
  m_isAway = !awayReason().isEmpty();
  if (wasAway && !m_isAway) {
    m_unread.clear();
    m_timer.start();
  }
  askLater();
  showUnread();
}

/// Folders are watched; a server is asked now and then, ever more seldom, while somebody looks at a model of it.
void CatalogDetails::askLater() {
  const CatalogPlace* place = m_catalog.place(placeKey());
  if (!m_isAway) {
    m_askTimer.stop();
    m_askTimer.setInterval(kFirstAsk);
  } else if (place && place->kind == CatalogPlace::Kind::Server && !place->wantsToken && !m_askTimer.isActive()) {
    m_askTimer.start();
  }
}

/// A place that is away is asked for its list: when it answers the layers follow.
void CatalogDetails::retry() {
  if (m_isAway)
    m_catalog.refreshPlace(placeKey());
  else
    readLayers();
}

void CatalogDetails::readLayers() {
  const QString url = m_entry.url;
  if (m_reading) m_reading->isCancelled = true;
  m_reading = std::make_shared<JobProgress>();
  if (!m_isRead) m_slowTimer.start();
  LoadOptions options;
  options.http = m_catalog.accessFor(url);
  options.progress = JobProgress::reporter(m_reading);
  m_catalog.workerFor({url}).run(
      this, [url, options](ModelLibrary& library) { return ModelContents::of(library.peek(url, options)); },
      [this, url, reading = m_reading](const Outcome<ModelContents>& outcome) {
        if (reading != m_reading || reading->isCancelled) return;  // another one is asked for
        m_slowTimer.stop();
        m_layers->setReading(false);
        m_unread.clear();
        m_readingFinding.clear();
        if (outcome.isOk()) {
          showContents(outcome.value());
          m_kept->contents.insert(Kept::keyOf(m_entry), new ModelContents(outcome.value()));
          m_catalog.model().setFacts({url}, {outcome.value().facts});
        } else if (isFinding(outcome.error())) {
          m_readingFinding = QString::fromStdString(withoutQuestions(outcome.error().message()));
        } else {
          m_unread = QString::fromStdString(outcome.error().message());
          if (placeKind(url) == CatalogPlace::Kind::Server) m_catalog.refreshPlace(placeKey());
        }
        showProblem();
        showUnread();
      });
}

void CatalogDetails::showContents(const ModelContents& contents) {
  m_isRead = true;
  m_layers->setContents(contents);
  showFacts(contents.facts);
  m_optimizer->setText(contents.optimizer.isEmpty() ? QStringLiteral("–") : contents.optimizer);
}

void CatalogDetails::showFacts(const ModelFacts& facts) {
  m_trainedOn->setText(facts.trainedOn.isEmpty() ? QStringLiteral("–") : facts.trainedOn);
  if (!facts.score) return m_score->setText(QStringLiteral("–"));
  m_score->setText(tr("%1 at epoch %2, %3")
                       .arg(scoreText(facts.score), QLocale().toString(facts.score->epoch + 1),
                            facts.score->metric.starts_with("val_") ? tr("rows held back") : tr("training rows")));
}

}  // namespace layersmith
