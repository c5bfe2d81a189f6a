#include "ui/catalog/CatalogPanel.h"

#include "ui/catalog/CatalogDetails.h"
#include "ui/catalog/CatalogTable.h"
#include "ui/catalog/PlacesList.h"
#include "ui/catalog/TrashView.h"
#include "ui/dialogs/Parts.h"
#include "ui/main/Settings.h"
#include "ui/widgets/EmptyState.h"
#include "ui/widgets/QuotaBar.h"
#include "ui/widgets/SearchField.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace layersmith {

CatalogPanel::CatalogPanel(CatalogController& catalog, StoreWorker& stores, Settings& settings, Size size,
                           QWidget* parent)
    : QWidget(parent),
      m_catalog(catalog),
      m_size(size),
      m_prefix(size == Size::Dock ? QStringLiteral("catalogDock") : QStringLiteral("catalogPage")) {
  setObjectName(m_prefix);
  setBackgroundToken(this, "panel");
  QWidget* models = makeTablePage(size);
  if (size == Size::Page) {
    makeSides(stores, settings, models);
  } else {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(models, 1);
    column->addWidget(makeQuotaRow());
  }
  connect(&m_catalog, &CatalogController::changed, this, &CatalogPanel::refresh);
  refresh();
}

QWidget* CatalogPanel::makeTablePage(Size size) {
  auto* page = new QWidget;
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  m_table = new CatalogTable(m_catalog, m_prefix + QStringLiteral(".table"), size == Size::Dock);
  column->addWidget(makeSearchRow(size));
  if (size == Size::Page) column->addWidget(makeSelectionRow());
  m_empty = new EmptyState(QStringLiteral("model"), tr("No saved models yet"),
                           tr("Keep models in folders, in browser storage or on a server."), tr("Save the model here"),
                           QStringLiteral("save"));
  m_empty->button()->setObjectName(m_prefix + QStringLiteral(".saveHere"));
  m_pages = new QStackedWidget;
  m_pages->addWidget(m_table);
  m_pages->addWidget(m_empty);
  column->addWidget(m_pages, 1);
  connect(m_empty, &EmptyState::activated, this, &CatalogPanel::saveRequested);
  connect(m_table, &CatalogTable::openRequested, this, &CatalogPanel::openRequested);
  connect(m_table, &CatalogTable::selectionChangedTo, this, &CatalogPanel::showSelection);
  connect(m_search, &QLineEdit::textChanged, this, [this](const QString& words) { m_table->filter().setWords(words); });
  return page;
}

QWidget* CatalogPanel::makeSearchRow(Size size) {
  auto* bar = new QWidget;
  bar->setFixedHeight(size == Size::Page ? 48 : 44);
  auto* row = new QHBoxLayout(bar);
  row->setContentsMargins(12, 0, 12, 0);
  m_search = new SearchField(tr("Search models"));
  nameControl(*m_search, m_prefix + QStringLiteral(".search"), tr("Search models"));
  m_search->setTarget(m_table);
  row->addWidget(m_search, 1);
  if (size == Size::Page) {
    m_search->setMaximumWidth(262);
    row->addStretch(1);
  }
  return bar;
}

QWidget* CatalogPanel::makeSelectionRow() {
  m_selectionRow = new Surface("selection");
  m_selectionRow->setFixedHeight(40);
  auto* row = new QHBoxLayout(m_selectionRow);
  row->setContentsMargins(12, 0, 12, 0);
  row->setSpacing(8);
  m_selectionText = new TextLabel({}, Theme::TextRole::BodyStrong);
  m_selectionBytes = new TextLabel({}, Theme::TextRole::Label, "text2");
  row->addWidget(m_selectionText);
  row->addWidget(m_selectionBytes);
  row->addStretch();
  const auto add = [&](const char* name, const char* iconName, const QString& text, auto run) {
    QPushButton* button =
        makeButton(m_prefix + QLatin1Char('.') + QLatin1String(name), text, ButtonKind::Ghost, QLatin1String(iconName));
    connect(button, &QPushButton::clicked, this, run);
    row->addWidget(button);
  };
  add("open", "open", tr("Open"), [this] {
    for (const QString& url : m_table->selectedUrls()) Q_EMIT openRequested(url);
  });
  add("copyTo", "copy", tr("Copy to..."),
      [this] { m_catalog.askAndTransfer(m_table->selectedUrls(), false, *window()); });
  add("moveTo", "replace", tr("Move to..."),
      [this] { m_catalog.askAndTransfer(m_table->selectedUrls(), true, *window()); });
  add("delete", "delete", tr("Delete"), [this] { m_catalog.remove(m_table->selectedUrls()); });
  QToolButton* close =
      makeToolButton(m_prefix + QStringLiteral(".clearSelection"), QStringLiteral("close"), tr("Select nothing"));
  connect(close, &QToolButton::clicked, m_table, &QTableView::clearSelection);
  row->addWidget(close);
  QSizePolicy policy = m_selectionRow->sizePolicy();
  policy.setRetainSizeWhenHidden(true);  // rows must not move under a double click
  m_selectionRow->setSizePolicy(policy);
  m_selectionRow->hide();
  return m_selectionRow;
}

QWidget* CatalogPanel::makeQuotaRow() {
  auto* box = new Surface("panel", Qt::TopEdge);
  auto* column = new QVBoxLayout(box);
  column->setContentsMargins(12, 8, 12, 10);
  column->setSpacing(6);
  auto* row = new QHBoxLayout;
  row->addWidget(new TextLabel(tr("Local storage"), Theme::TextRole::Label));
  row->addStretch();
  m_usage = new TextLabel({}, Theme::TextRole::Caption, "text2");
  m_usage->setMono(true);
  row->addWidget(m_usage);
  m_quota = new QuotaBar;
  column->addLayout(row);
  column->addWidget(m_quota);
  return box;
}

void CatalogPanel::makeSides(StoreWorker& stores, Settings& settings, QWidget* models) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(0);
  auto* left = new Surface("panel", Qt::RightEdge);
  left->setFixedWidth(232);
  auto* leftBox = new QVBoxLayout(left);
  leftBox->setContentsMargins(0, 0, 0, 0);
  auto* places = new PlacesList(m_catalog, settings);
  leftBox->addWidget(places);
  m_middle = new QStackedWidget;
  m_middle->addWidget(models);
  m_middle->addWidget(new TrashView(m_catalog));
  auto* right = new Surface("panel", Qt::LeftEdge);
  right->setFixedWidth(320);
  auto* rightBox = new QVBoxLayout(right);
  rightBox->setContentsMargins(0, 0, 0, 0);
  m_details = new CatalogDetails(stores);
  rightBox->addWidget(m_details);
  row->addWidget(left);
  row->addWidget(m_middle, 1);
  row->addWidget(right);
  connect(places, &PlacesList::placeChosen, this, &CatalogPanel::choosePlace);
  connect(places, &PlacesList::addFolderRequested, this, [this, &settings] { addFolder(settings); });
  connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
          [this] { m_details->setEntry(m_table->currentEntry()); });
  connect(m_details, &CatalogDetails::openRequested, this, &CatalogPanel::openRequested);
  connect(m_details, &CatalogDetails::copyRequested, this,
          [this](const QString& url) { m_catalog.askAndTransfer({url}, false, *window()); });
}

void CatalogPanel::addFolder(Settings& settings) {
  auto* dialog = new QFileDialog(this, tr("Add a folder of models"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::Directory);
  dialog->setOption(QFileDialog::ShowDirsOnly);
  connect(dialog, &QFileDialog::fileSelected, this, [&settings](const QString& path) {
    QStringList folders = settings.folders();
    if (!folders.contains(path)) folders << path;
    settings.setFolders(folders);
  });
  dialog->open();
}

void CatalogPanel::choosePlace(const QString& place) {
  const bool isTrash = place == QStringLiteral("trash");
  m_middle->setCurrentIndex(isTrash ? 1 : 0);
  if (!isTrash) m_table->filter().setPlace(place);
}

void CatalogPanel::setCurrentName(const QString& name) {
  m_empty->button()->setText(name.isEmpty() ? tr("Save the model here") : tr("Save %1 here").arg(name));
  m_empty->button()->setAccessibleName(m_empty->button()->text());
  m_empty->button()->setEnabled(!name.isEmpty());
}

void CatalogPanel::refresh() {
  const int count = m_catalog.model().rowCount();
  m_pages->setCurrentIndex(count == 0 && m_catalog.isLoaded() ? 1 : 0);
  m_search->setPlaceholderText(count == 0 ? tr("Search models") : tr("Search %n model(s)", nullptr, count));
  if (m_details) m_details->setEntry(m_table->currentEntry());
  if (!m_quota) return;
  const StoreUsage usage = m_catalog.usage(QStringLiteral("localstorage"));
  m_usage->setText(usage.quota > 0 ? tr("%1 of %2").arg(sizeText(usage.used), sizeText(usage.quota)) : QString());
  m_quota->setFraction(usage.quota > 0 ? static_cast<double>(usage.used) / static_cast<double>(usage.quota) : 0);
}

void CatalogPanel::showSelection(int count) {
  if (!m_selectionRow) return;
  m_selectionRow->setVisible(count > 0);
  m_selectionText->setText(tr("%n selected", nullptr, count));
  const QStringList urls = m_table->selectedUrls();
  std::int64_t bytes = 0;
  for (const ModelEntry& entry : m_catalog.model().entries()) {
    if (urls.contains(entry.url)) bytes += entry.info.totalBytes();
  }
  m_selectionBytes->setText(sizeText(bytes));
}

}  // namespace layersmith
