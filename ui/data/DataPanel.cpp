#include "ui/data/DataPanel.h"

#include "model/data/Generators.h"
#include "model/data/Samples.h"
#include "model/document/Edits.h"
#include "ui/commands/DocumentContext.h"
#include "ui/data/ScatterView.h"
#include "ui/data/SplitPage.h"
#include "ui/itemmodels/Counted.h"
#include "ui/widgets/BusyStrip.h"
#include "ui/widgets/Chip.h"
#include "ui/widgets/MessageStrip.h"
#include "ui/widgets/SegmentedSwitch.h"
#include "ui/widgets/TextLabel.h"

#include <QAction>
#include <QDir>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QListView>
#include <QLocale>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableView>
#include <QUrl>

#include <algorithm>

namespace layersmith {

namespace {

/// Unlabelled IDX images come with their labels beside them: train-images-idx3-ubyte, train-labels-idx1-ubyte.
QString labelsBeside(const QString& imagesPath) {
  const QFileInfo info(imagesPath);
  QString name = info.fileName();
  name.replace(QLatin1String("images"), QLatin1String("labels")).replace(QLatin1String("idx3"), QLatin1String("idx1"));
  const QString path = info.dir().filePath(name);
  return name != info.fileName() && QFileInfo::exists(path) ? path : QString();
}

bool isTable(const QString& path) {
  static const QStringList endings = {QStringLiteral("csv"), QStringLiteral("tsv"), QStringLiteral("txt")};
  return endings.contains(QFileInfo(path).suffix().toLower());
}

/// Room around every column: cells that touch cannot be told apart.
void fitColumns(QTableView& table) {
  constexpr int kRoom = 14;
  constexpr int kLeast = 72;
  table.resizeColumnsToContents();
  for (int column = 0; column < table.model()->columnCount(); ++column)
    table.setColumnWidth(column, std::max(kLeast, table.columnWidth(column) + kRoom));
}

bool isIdx(const QString& path) {
  return QFileInfo(path).fileName().contains(QLatin1String("ubyte"));
}

}  // namespace

void DataPanel::setContext(DocumentContext* context) {
  if (m_context) disconnect(&m_context->document(), nullptr, this, nullptr);
  m_context = context;
  m_strip->hide();
  if (m_context) {
    connect(&m_context->document(), &ModelDocument::changed, this, [this](const DocumentChange& change) {
      if (change.data) refresh();
    });
  }
  m_openCsv->setEnabled(m_context);
  m_openImages->setEnabled(m_context);
  m_samples->setEnabled(m_context);
  refresh();
}

void DataPanel::showView(View view) {
  m_views->setCurrentIndex(int(view));
  updatePages();
}

void DataPanel::openCsv(const QString& path, const CsvOptions& options) {
  const QString name = QFileInfo(path).fileName();
  m_csvPath = path;
  m_csvOptions = options;
  load(tr("Reading %1").arg(name), tr("open %1").arg(name), true, [path, name, options](const ReadProgress& progress) {
    const auto raw = readCsv(path, options, progress);
    return prepare(raw, guessRecipe(*raw, name));
  });
}

void DataPanel::openIdx(const QString& imagesPath, const QString& labelsPath) {
  const QString name = QFileInfo(imagesPath).fileName();
  m_csvPath.clear();
  load(tr("Reading %1").arg(name), tr("open %1").arg(name), false, [imagesPath, labelsPath, name](const ReadProgress&) {
    const auto raw = readIdx(imagesPath, labelsPath);
    return prepare(raw, guessRecipe(*raw, name));
  });
}

void DataPanel::useGenerator(const QString& name) {
  for (const GeneratorType& type : generatorTypes())
    if (type.name == name) useGenerator(name, type.defaultSamples, type.defaultNoise, 42);
}

void DataPanel::useGenerator(const QString& name, int samples, double noise, std::uint64_t seed) {
  m_csvPath.clear();
  const double fraction =
      m_shown && m_shown->recipe.kind == QLatin1String("generator") ? m_shown->recipe.validationFraction : 0.2;
  load(tr("Making the sample"), tr("sample %1").arg(generatorTitle(name)), false,
       [=](const ReadProgress&) { return generate(name, samples, noise, seed, fraction); });
}

void DataPanel::useIris() {
  m_csvPath.clear();
  load(tr("Reading Iris"), tr("sample %1").arg(QStringLiteral("Iris")), false,
       [](const ReadProgress&) { return loadSample(QStringLiteral("iris")); });
}

void DataPanel::changeRecipe(const DataRecipe& recipe, const QString& text) {
  if (!m_shown || !m_shown->raw) return;
  m_csvPath.clear();
  const auto raw = m_shown->raw;
  const QString name = m_shown->name;
  load(tr("Preparing the data"), text, false, [raw, recipe, name](const ReadProgress&) {
    Dataset dataset = prepare(raw, recipe);
    dataset.name = name;
    return dataset;
  });
}

void DataPanel::load(const QString& busyText, const QString& undoText, bool canCancel, DataLoader::Job job) {
  if (!m_context) return;
  m_strip->hide();
  m_target = m_context;
  m_undoText = undoText;
  m_busy->begin(busyText, canCancel);
  m_loader.start(std::move(job));
}

void DataPanel::onLoaded(const std::shared_ptr<const Dataset>& dataset, bool isPart) {
  m_busy->end();
  if (!m_target) return;
  if (!m_target->apply(m_undoText, edits::setDataset(m_target->state(), dataset))) {
    m_strip->setMessage(Severity::Hint, tr("The model is being trained. Stop the training to change its data."));
    m_strip->show();
    refresh();
    return;
  }
  if (isPart) {
    m_strip->setMessage(Severity::Hint, tr("Reading was stopped. The %1 read so far are kept.")
                                            .arg(counted(int(dataset->raw->rows), tr("1 row"), tr("%1 rows"))));
    m_strip->show();
  }
  Q_EMIT dataApplied();
}

void DataPanel::onFailed(const Error& error) {
  m_busy->end();
  QString text = QString::fromStdString(error.message());
  if (!error.hint().empty()) text += QLatin1Char(' ') + QString::fromStdString(error.hint());
  text += QLatin1Char(' ') + tr("Nothing was changed.");
  m_strip->setMessage(Severity::Error, text);
  if (!m_csvPath.isEmpty()) {
    if (error.code() == "E140" && !m_csvOptions.skipBadRows) {
      m_strip->addAction(
          tr("Skip such rows"),
          [this] {
            CsvOptions options = m_csvOptions;
            options.skipBadRows = true;
            openCsv(m_csvPath, options);
          },
          true);
    }
    m_strip->addAction(tr("Open another..."), [this] { askCsv(); });
  }
  m_strip->show();
  refresh();  // the column and split pages show the document again
  Q_EMIT loadFailed(text);
}

void DataPanel::refresh() {
  m_shown = m_context ? m_context->state().dataset : nullptr;
  m_rows.setDataset(m_shown);
  m_columns.setDataset(m_shown);
  m_split->setDataset(m_shown);
  m_scatter->setDataset(m_shown);
  m_filter->hide();
  m_facts->setVisible(m_shown != nullptr);
  if (m_shown) {
    const QLocale locale;
    const DataRecipe& recipe = m_shown->recipe;
    m_name->setText(recipe.kind == QLatin1String("generator") ? generatorTitle(recipe.source) : m_shown->name);
    m_count->setText(tr("%1 rows").arg(locale.toString(qlonglong(m_shown->raw ? m_shown->raw->rows : 0))));
    m_training->setText(tr("%1 train").arg(locale.toString(qlonglong(m_shown->trainingRows.size()))));
    m_validation->setText(tr("%1 validation").arg(locale.toString(qlonglong(m_shown->validationRows.size()))));
    showRemarks();
  }
  updatePages();
  fitColumns(*m_table);
}

void DataPanel::showRemarks() {
  QStringList remarks = m_shown->remarks;
  if (m_shown->raw)
    for (const QString& remark : m_shown->raw->remarks)
      if (!remarks.contains(remark)) remarks.append(remark);
  if (remarks.isEmpty()) return;
  const qsizetype most = 3;
  QString text = remarks.mid(0, most).join(QLatin1Char(' '));
  if (remarks.size() > most) text += QLatin1Char(' ') + tr("And %1 more.").arg(remarks.size() - most);
  m_strip->setMessage(Severity::Warning, text);
  m_strip->show();
}

void DataPanel::updatePages() {
  const bool hasData = m_shown != nullptr;
  const bool isImages = hasData && m_shown->raw && m_shown->raw->isImages();
  m_views->setSegmentEnabled(Columns, !isImages);
  if (isImages && m_views->currentIndex() == Columns) m_views->setCurrentIndex(Table);
  m_views->setEnabled(hasData);
  m_pages->setCurrentIndex(hasData ? 1 + m_views->currentIndex() : 0);
  m_table->setVisible(!isImages);
  m_thumbnails->setVisible(isImages);
  m_scatter->setVisible(hasData && !isImages && !m_scatter->isEmpty());
}

void DataPanel::showRows(const std::vector<std::int64_t>& rows, const QString& text) {
  if (!m_shown) return;
  m_rows.setRowFilter(rows);
  auto* button = static_cast<QPushButton*>(m_filter);
  button->setText(text.isEmpty() ? counted(qint64(rows.size()), tr("1 row chosen"), tr("%1 rows chosen")) : text);
  button->show();
  showView(Table);
}

void DataPanel::askCsv() {
  auto* dialog = new QFileDialog(this, tr("Open a table"), {}, tr("Tables (*.csv *.tsv *.txt);;All files (*)"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFile);
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) { openCsv(path); });
  dialog->open();
}

void DataPanel::askImages() {
  auto* dialog = new QFileDialog(this, tr("Open images: the IDX file of the images"), {},
                                 tr("IDX images (*idx3-ubyte* *images*);;All files (*)"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFile);
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& images) {
    const QString labels = labelsBeside(images);
    if (!labels.isEmpty()) {
      openIdx(images, labels);
      return;
    }
    auto* second = new QFileDialog(this, tr("Now the IDX file of their labels"), QFileInfo(images).path());
    second->setAttribute(Qt::WA_DeleteOnClose);
    second->setFileMode(QFileDialog::ExistingFile);
    connect(second, &QFileDialog::fileSelected, this, [this, images](const QString& path) { openIdx(images, path); });
    second->open();
  });
  dialog->open();
}

void DataPanel::dragEnterEvent(QDragEnterEvent* event) {
  const QList<QUrl> urls = event->mimeData()->urls();
  const bool isOurs = std::ranges::any_of(urls, [](const QUrl& url) {
    return url.isLocalFile() && (isTable(url.toLocalFile()) || isIdx(url.toLocalFile()));
  });
  if (isOurs && m_context) event->acceptProposedAction();
}

void DataPanel::dropEvent(QDropEvent* event) {
  QString images;
  QString labels;
  for (const QUrl& url : event->mimeData()->urls()) {
    const QString path = url.toLocalFile();
    if (isTable(path)) {
      event->acceptProposedAction();
      openCsv(path);
      return;
    }
    if (isIdx(path)) (path.contains(QLatin1String("labels")) ? labels : images) = path;
  }
  if (images.isEmpty()) return;
  if (labels.isEmpty()) labels = labelsBeside(images);
  event->acceptProposedAction();
  openIdx(images, labels);
}

}  // namespace layersmith
