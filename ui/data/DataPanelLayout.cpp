#include "model/data/Generators.h"
#include "ui/data/ChoiceDelegate.h"
#include "ui/data/DataPanel.h"
#include "ui/data/ScatterView.h"
#include "ui/data/SplitPage.h"
#include "ui/data/ThumbnailDelegate.h"
#include "ui/theme/Icons.h"
#include "ui/widgets/BusyStrip.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/Chip.h"
#include "ui/widgets/EmptyState.h"
#include "ui/widgets/MessageStrip.h"
#include "ui/widgets/SegmentedSwitch.h"
#include "ui/widgets/TextLabel.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QListView>
#include <QMenu>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace layersmith {

namespace {

QTableView* makeTable(const QString& name, const QString& spoken, QWidget* parent) {
  auto* table = new QTableView(parent);
  table->setObjectName(name);
  table->setAccessibleName(spoken);
  table->setShowGrid(false);
  table->setFrameShape(QFrame::NoFrame);
  table->verticalHeader()->hide();
  table->verticalHeader()->setDefaultSectionSize(28);
  table->horizontalHeader()->setHighlightSections(false);
  setFontRole(table->horizontalHeader(), Theme::TextRole::Label);
  table->setWordWrap(false);
  return table;
}

}  // namespace

DataPanel::DataPanel(QWidget* parent)
    : QWidget(parent),
      m_openCsv(new QAction(tr("Open CSV..."), this)),
      m_openImages(new QAction(tr("Open Images (IDX)..."), this)) {
  setObjectName(QStringLiteral("dataPanel"));
  setAccessibleName(tr("Data"));
  setBackgroundToken(this, "panel");
  setAcceptDrops(true);
  m_openCsv->setObjectName(QStringLiteral("openCsvAction"));
  m_openCsv->setIcon(icon(QStringLiteral("table")));
  m_openImages->setObjectName(QStringLiteral("openImagesAction"));
  m_openImages->setIcon(icon(QStringLiteral("image")));
  m_samples = makeMenu();
  makeTools();
  m_strip = new MessageStrip(this);
  m_strip->setObjectName(QStringLiteral("dataStrip"));
  m_strip->hide();
  m_busy = new BusyStrip(this);
  makePages();

  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addWidget(m_tools);
  layout->addWidget(m_facts);
  layout->addWidget(m_strip);
  layout->addWidget(m_busy);
  layout->addWidget(m_pages, 1);

  connect(m_openCsv, &QAction::triggered, this, &DataPanel::askCsv);
  connect(m_openImages, &QAction::triggered, this, &DataPanel::askImages);
  connect(m_busy, &BusyStrip::cancelled, &m_loader, &DataLoader::cancel);
  connect(&m_loader, &DataLoader::progressed, m_busy, &BusyStrip::setProgress);
  connect(&m_loader, &DataLoader::loaded, this, &DataPanel::onLoaded);
  connect(&m_loader, &DataLoader::failed, this, &DataPanel::onFailed);
  connect(&m_columns, &ColumnModel::recipeEdited, this, &DataPanel::changeRecipe);
  connect(m_split, &SplitPage::recipeEdited, this, &DataPanel::changeRecipe);
  connect(m_split, &SplitPage::sampleEdited, this,
          [this](const QString& name, int samples, double noise, quint64 seed) {
            useGenerator(name, samples, noise, seed);
          });
  setContext(nullptr);
}

QMenu* DataPanel::makeMenu() {
  auto* menu = new QMenu(tr("Samples"), this);
  menu->setObjectName(QStringLiteral("sampleMenu"));
  menu->setIcon(icon(QStringLiteral("sample")));
  for (const GeneratorType& type : generatorTypes()) {
    const QString name = type.name;
    connect(menu->addAction(type.title), &QAction::triggered, this, [this, name] { useGenerator(name); });
  }
  connect(menu->addAction(tr("Iris")), &QAction::triggered, this, &DataPanel::useIris);
  return menu;
}

void DataPanel::makeTools() {
  m_tools = new QWidget(this);
  m_views = new SegmentedSwitch({tr("Table"), tr("Columns"), tr("Split")}, m_tools);
  m_views->setObjectName(QStringLiteral("dataViews"));
  m_views->setAccessibleName(tr("View of the data"));
  QToolButton* open =
      makeToolButton(QStringLiteral("dataMore"), QStringLiteral("open"), tr("Open or make data"), {}, m_tools);
  auto* menu = new QMenu(open);
  menu->addAction(m_openCsv);
  menu->addAction(m_openImages);
  menu->addMenu(m_samples);
  connect(open, &QToolButton::clicked, menu,
          [open, menu] { menu->popup(open->mapToGlobal(QPoint(0, open->height() + 2))); });
  auto* row = new QHBoxLayout(m_tools);
  row->setContentsMargins(12, 6, 8, 6);
  row->setSpacing(4);
  row->addWidget(m_views);
  row->addStretch(1);
  row->addWidget(open);
  connect(m_views, &SegmentedSwitch::currentChanged, this, &DataPanel::updatePages);

  m_facts = new QWidget(this);
  m_name = new ElidedLabel({}, Theme::TextRole::BodyStrong, "text", m_facts);
  m_name->setObjectName(QStringLiteral("dataName"));
  m_count = new TextLabel({}, Theme::TextRole::Body, "text2", m_facts);
  m_training = new Chip({}, Chip::Tone::Neutral, m_facts);
  m_validation = new Chip({}, Chip::Tone::Neutral, m_facts);
  QPushButton* filter =
      makeButton(QStringLiteral("clearRowFilter"), {}, ButtonKind::Ghost, QStringLiteral("close"), m_facts);
  filter->setAccessibleName(tr("Show all rows"));
  filter->setToolTip(tr("Show all rows"));
  m_filter = filter;
  auto* facts = new QHBoxLayout(m_facts);
  facts->setContentsMargins(12, 2, 12, 6);
  facts->setSpacing(8);
  facts->addWidget(m_name);
  facts->addWidget(m_count);
  facts->addStretch(1);
  facts->addWidget(filter);
  facts->addWidget(m_training);
  facts->addWidget(m_validation);
  connect(filter, &QPushButton::clicked, this, [this] {
    m_rows.setRowFilter(std::nullopt);
    m_filter->hide();
  });
}

void DataPanel::makePages() {
  m_pages = new QStackedWidget(this);
  auto* empty = new EmptyState(QStringLiteral("table"), tr("No data yet"),
                               tr("Drop a CSV file here, open one, or take a sample."), tr("Open CSV..."),
                               QStringLiteral("open"), m_pages);
  connect(empty, &EmptyState::activated, m_openCsv, &QAction::trigger);
  m_split = new SplitPage(m_pages);
  m_pages->addWidget(empty);
  m_pages->addWidget(makeTablePage());
  m_pages->addWidget(makeColumnsPage());
  m_pages->addWidget(m_split);
}

QWidget* DataPanel::makeTablePage() {
  auto* page = new QWidget(m_pages);
  m_table = makeTable(QStringLiteral("dataTable"), tr("Rows of the data"), page);
  m_table->setModel(&m_rows);
  m_table->setItemDelegate(new ClassMarkDelegate(m_table));
  setMonoFont(m_table);
  m_table->setAlternatingRowColors(true);
  m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
  m_thumbnails = makeThumbnailView(QStringLiteral("dataThumbnails"), page);
  m_thumbnails->setAccessibleName(tr("Images of the data"));
  m_thumbnails->setModel(&m_rows);
  m_scatter = new ScatterView(page);
  auto* row = new QHBoxLayout(page);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(0);
  row->addWidget(m_table, 3);
  row->addWidget(m_thumbnails, 3);
  row->addWidget(m_scatter, 2);
  return page;
}

QWidget* DataPanel::makeColumnsPage() {
  m_columnTable = makeTable(QStringLiteral("columnTable"), tr("Use of the columns"), m_pages);
  m_columnTable->setModel(&m_columns);
  m_columnTable->setItemDelegate(new ChoiceDelegate(m_columnTable));
  m_columnTable->setEditTriggers(QAbstractItemView::CurrentChanged | QAbstractItemView::SelectedClicked |
                                 QAbstractItemView::EditKeyPressed | QAbstractItemView::DoubleClicked);
  QHeaderView* header = m_columnTable->horizontalHeader();
  header->setSectionResizeMode(QHeaderView::Interactive);
  header->setStretchLastSection(true);
  header->resizeSection(ColumnModel::Name, 120);
  header->resizeSection(ColumnModel::Use, 96);
  header->resizeSection(ColumnModel::Scaling, 160);
  header->resizeSection(ColumnModel::Kind, 96);
  return m_columnTable;
}

}  // namespace layersmith
