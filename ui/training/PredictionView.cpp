#include "ui/training/PredictionView.h"

#include "ui/commands/ComputeJob.h"
#include "ui/commands/DocumentContext.h"
#include "ui/data/ThumbnailDelegate.h"
#include "ui/itemmodels/Counted.h"
#include "ui/itemmodels/RowImages.h"
#include "ui/theme/Theme.h"
#include "ui/training/DigitCanvas.h"
#include "ui/training/OutputBars.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/FormRows.h"
#include "ui/widgets/TextLabel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QListView>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace layersmith {

namespace {

constexpr int kTryWidth = 320;

/// The middle of a column, as a start for trying.
QString typicalValue(const RawData::Column& column) {
  std::vector<double> values;
  for (double value : column.numbers)
    if (!std::isnan(value)) values.push_back(value);
  if (values.empty()) return QStringLiteral("0");
  std::ranges::nth_element(values, values.begin() + std::ptrdiff_t(values.size() / 2));
  return QString::number(values[values.size() / 2], 'g', 5);
}

}  // namespace

PredictionView::PredictionView(QWidget* parent) : QWidget(parent) {
  setObjectName(QStringLiteral("predictionView"));
  setAccessibleName(tr("Predictions"));
  makeTry();
  makeMistakes();
  auto* line = new QWidget(this);
  line->setFixedWidth(1);
  setBackgroundToken(line, "line");
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(m_try);
  layout->addWidget(line);
  layout->addWidget(m_list, 1);
}

void PredictionView::makeTry() {
  m_fields = new FormRows(this);
  auto* fieldPage = new QWidget(this);
  auto* fieldLayout = new QVBoxLayout(fieldPage);
  fieldLayout->setContentsMargins(0, 0, 0, 0);
  fieldLayout->addWidget(m_fields);
  fieldLayout->addStretch(1);

  m_digit = new DigitCanvas(this);
  auto* again = makeButton(QStringLiteral("clearDigit"), tr("Clear"), ButtonKind::Default, {}, this);
  auto* digitPage = new QWidget(this);
  auto* digitLayout = new QHBoxLayout(digitPage);
  digitLayout->setContentsMargins(0, 0, 0, 0);
  digitLayout->setSpacing(12);
  digitLayout->addWidget(m_digit, 0, Qt::AlignTop);
  digitLayout->addWidget(again, 0, Qt::AlignTop);
  digitLayout->addStretch(1);

  m_inputs = new QStackedWidget(this);
  m_inputs->addWidget(fieldPage);
  m_inputs->addWidget(digitPage);
  m_inputs->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
  m_bars = new OutputBars(this);
  m_message = new TextLabel({}, Theme::TextRole::Label, "text2", this);
  m_message->setWordWrap(true);
  m_message->setObjectName(QStringLiteral("predictionMessage"));

  auto* content = new QWidget(this);
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(16, 12, 16, 12);
  column->setSpacing(8);
  column->addWidget(new TextLabel(tr("Try one"), Theme::TextRole::BodyStrong, "text", content));
  column->addWidget(m_inputs);
  column->addWidget(m_message);
  column->addWidget(new TextLabel(tr("Output"), Theme::TextRole::BodyStrong, "text", content));
  column->addWidget(m_bars);
  column->addStretch(1);
  auto* scroll = new QScrollArea(this);
  scroll->setObjectName(QStringLiteral("tryScroll"));
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setWidget(content);
  setBackgroundToken(content, "panel");
  scroll->setFixedWidth(kTryWidth);
  m_try = scroll;

  connect(again, &QPushButton::clicked, this, [this] {
    m_digit->clear();
    m_bars->clear();
  });
  connect(m_digit, &DigitCanvas::drawn, this, &PredictionView::predict);
}

void PredictionView::makeMistakes() {
  m_list = new QWidget(this);
  m_title = new TextLabel(tr("Most wrong first"), Theme::TextRole::BodyStrong, "text", m_list);
  m_count = new TextLabel({}, Theme::TextRole::Body, "text2", m_list);
  m_clear = makeButton(QStringLiteral("clearCell"), {}, ButtonKind::Ghost, QStringLiteral("close"), m_list);
  m_clear->setAccessibleName(tr("Show all mistakes"));
  m_clear->setToolTip(tr("Show all mistakes"));
  m_clear->hide();
  auto* show =
      makeToolButton(QStringLiteral("showInData"), QStringLiteral("table"), tr("Show these rows in Data"), {}, m_list);
  auto* head = new QHBoxLayout;
  head->setContentsMargins(12, 4, 8, 4);
  head->setSpacing(8);
  head->addWidget(m_title);
  head->addWidget(m_count);
  head->addStretch(1);
  head->addWidget(m_clear);
  head->addWidget(show);

  m_thumbnails = makeThumbnailView(QStringLiteral("mistakeThumbnails"), m_list);
  m_thumbnails->setAccessibleName(tr("Most wrong images"));
  m_thumbnails->setModel(&m_mistakes);
  m_table = new QTableView(m_list);
  m_table->setObjectName(QStringLiteral("mistakeTable"));
  m_table->setAccessibleName(tr("Most wrong rows"));
  m_table->setModel(&m_mistakes);
  m_table->setItemDelegate(new ClassMarkDelegate(m_table));
  m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
  m_table->setSelectionMode(QAbstractItemView::SingleSelection);
  m_table->setShowGrid(false);
  m_table->setFrameShape(QFrame::NoFrame);
  setMonoFont(m_table);
  m_table->verticalHeader()->hide();
  m_table->verticalHeader()->setDefaultSectionSize(28);
  m_table->horizontalHeader()->setHighlightSections(false);
  setFontRole(m_table->horizontalHeader(), Theme::TextRole::Label);
  m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
  m_rows = new QStackedWidget(m_list);
  m_rows->addWidget(m_table);
  m_rows->addWidget(m_thumbnails);

  auto* column = new QVBoxLayout(m_list);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addLayout(head);
  column->addWidget(m_rows, 1);

  for (QAbstractItemView* view :
       {static_cast<QAbstractItemView*>(m_table), static_cast<QAbstractItemView*>(m_thumbnails)})
    connect(view->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& current) { showRow(current.row()); });
  connect(m_clear, &QPushButton::clicked, this, [this] {
    setCell(std::nullopt);
    Q_EMIT cellCleared();
  });
  connect(show, &QToolButton::clicked, this, [this] { Q_EMIT rowsChosen(m_mistakes.rawRows()); });
}

void PredictionView::setContext(DocumentContext* context) {
  if (m_context) disconnect(&m_context->document(), nullptr, this, nullptr);
  m_context = context;
  setReport(nullptr);
  if (m_context) {
    connect(&m_context->document(), &ModelDocument::changed, this, [this](const DocumentChange& change) {
      if (change.data) rebuildFields();
      if (!change.data && !change.weights && !change.layers) return;
      m_bars->clear();
      predict();
    });
  }
  rebuildFields();
  predict();
}

void PredictionView::rebuildFields() {
  m_fields->clear();
  m_values.clear();
  m_setters.clear();
  m_bars->clear();
  m_digit->clear();
  m_message->clear();
  const bool hasRecipe = m_context && (m_context->state().dataset || m_context->state().hasRecipe);
  m_inputs->setVisible(hasRecipe);
  if (!hasRecipe) {
    m_message->setText(tr("Load data first: its columns say what the model takes."));
    return;
  }
  const DocumentState& state = m_context->state();
  const bool isImage = state.recipe.isImage();
  for (int page = 0; page < m_inputs->count(); ++page)  // the hidden page claims no height
    m_inputs->widget(page)->setSizePolicy(QSizePolicy::Preferred,
                                          page == int(isImage) ? QSizePolicy::Preferred : QSizePolicy::Ignored);
  m_inputs->setCurrentIndex(isImage ? 1 : 0);
  m_rows->setCurrentIndex(isImage ? 1 : 0);
  if (isImage) return;
  for (int index : featureColumns(state.recipe)) {
    const ColumnRecipe& column = state.recipe.columns[std::size_t(index)];
    if (column.isCategorical) {
      auto* box = new QComboBox(m_fields);
      box->addItems(column.categories);
      m_values.push_back([box] { return box->currentText(); });
      m_setters.push_back([box](const QString& text) { box->setCurrentText(text); });
      connect(box, &QComboBox::activated, this, &PredictionView::predict);
      box->setObjectName(QStringLiteral("try.") + column.name);
      m_fields->addRow(column.name, box);
      continue;
    }
    auto* edit = new QLineEdit(m_fields);
    setMonoFont(edit);
    if (state.dataset && state.dataset->raw)
      edit->setText(typicalValue(state.dataset->raw->columns[std::size_t(index)]));
    m_values.push_back([edit] { return edit->text(); });
    m_setters.push_back([edit](const QString& text) { edit->setText(text); });
    connect(edit, &QLineEdit::textEdited, this, &PredictionView::predict);
    edit->setObjectName(QStringLiteral("try.") + column.name);
    m_fields->addRow(column.name, edit);
  }
}

// Nothing is computed for a page that nobody looks at.
void PredictionView::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  predict();
}

void PredictionView::predict() {
  if (!m_context || !isVisible() || !m_inputs->isVisibleTo(this)) return;
  const DataRecipe recipe = m_context->state().recipe;
  if (recipe.isImage()) {
    if (m_digit->isEmpty()) return;
    const Tensor sample = m_digit->sample(recipe.inputShape, recipe.pixelScale);
    run([sample] { return sample; }, -1);
    return;
  }
  QStringList values;
  for (const auto& value : m_values) values.append(value());
  run([recipe, values] { return encodeRow(recipe, values); }, -1);
}

void PredictionView::run(std::function<Tensor()> encode, int trueClass) {
  if (!m_context->document().report().canRun) {
    m_message->setText(tr("The model has a fault. See Problems."));
    return;
  }
  const int asked = ++m_asked;
  DocumentState state = m_context->state();
  if (m_context->session().isActive()) {
    const WeightSet latest = m_context->session().latestWeights();
    if (!latest.empty()) state.weights = latest;
  }
  const QStringList names = state.recipe.classNames;
  const int target = targetColumn(state.recipe);
  const QString valueName = target < 0 ? QString() : state.recipe.columns[std::size_t(target)].name;
  auto job = [state, encode = std::move(encode)] { return predictOne(state, encode()); };
  computeThen(m_context->compute(), this, std::move(job),
              [this, asked, names, trueClass, valueName](const JobResult<std::vector<float>>& result) {
                if (asked != m_asked) return;
                m_message->setText(result.error ? QString::fromStdString(result.error->message()) : QString());
                if (result.value) {
                  m_bars->setOutputs(*result.value, names, trueClass, valueName);
                } else {
                  m_bars->clear();
                }
                Q_EMIT predicted();
              });
}

void PredictionView::showRow(int row) {
  if (row < 0 || row >= m_mistakes.rowCount() || !m_context || !m_context->state().dataset) return;
  const EvaluationReport::Row chosen = m_mistakes.reportRow(row);
  const Dataset& dataset = *m_context->state().dataset;
  if (!dataset.raw) return;
  const bool isValidation = std::ranges::find(dataset.validationRows, chosen.row) != dataset.validationRows.end();
  const std::vector<std::int64_t>& rows = isValidation ? dataset.validationRows : dataset.trainingRows;
  const auto place = std::ranges::find(rows, chosen.row);
  if (place == rows.end()) return;
  const TrainingData& part = isValidation ? dataset.validation : dataset.training;
  const std::int64_t at = place - rows.begin();
  Shape shape = part.xs.front().shape;
  shape.front() = 1;
  const auto values = part.xs.front().sample(at);
  const Tensor sample(shape, {values.begin(), values.end()});
  if (dataset.recipe.isImage()) {
    m_digit->setDrawing(imageOfRow(*dataset.raw, chosen.row));
  } else {
    const std::vector<int> features = featureColumns(dataset.recipe);
    for (std::size_t i = 0; i < features.size() && i < m_setters.size(); ++i)
      m_setters[i](cellText(dataset.raw->columns[std::size_t(features[i])], chosen.row));
  }
  run([sample] { return sample; }, chosen.trueClass);
}

void PredictionView::setReport(std::shared_ptr<const EvaluationReport> report) {
  m_report = std::move(report);
  m_cell.reset();
  m_mistakes.setCell(std::nullopt);
  m_mistakes.setReport(m_report, m_context ? m_context->state().dataset : nullptr);
  updateTitle();
}

void PredictionView::setCell(std::optional<MistakesModel::Cell> cell) {
  m_cell = cell;
  m_mistakes.setCell(cell);
  updateTitle();
}

void PredictionView::updateTitle() {
  const int rows = m_mistakes.rowCount();
  const bool isClasses = m_report && !m_report->classNames.isEmpty();
  m_count->setText(!m_report                ? tr("not evaluated yet")
                   : isClasses && rows == 0 ? tr("every row is right")
                                            : counted(rows, tr("1 row"), tr("%1 rows")));
  m_clear->setVisible(m_cell.has_value() && isClasses);
  if (m_cell && isClasses) {
    const QString text =
        tr("%1 read as %2")
            .arg(m_report->classNames.value(m_cell->trueClass), m_report->classNames.value(m_cell->predictedClass));
    m_clear->setText(text);
    m_clear->setToolTip(tr("Show all mistakes"));
  }
}

}  // namespace layersmith
