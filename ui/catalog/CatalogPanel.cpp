#include "ui/catalog/CatalogPanel.h"

#include "ui/catalog/CatalogDetails.h"
#include "ui/catalog/CatalogSelectionBar.h"
#include "ui/catalog/CatalogTable.h"
#include "ui/catalog/PlacesList.h"
#include "ui/catalog/TrashView.h"
#include "ui/dialogs/Parts.h"
#include "ui/theme/Icons.h"
#include "ui/widgets/BusyStrip.h"
#include "ui/widgets/EmptyState.h"
#include "ui/widgets/QuotaBar.h"
#include "ui/widgets/SearchField.h"
#include "ui/widgets/SizeText.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QMenu>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace layersmith {

CatalogPanel::CatalogPanel(CatalogController& catalog, Size size, QWidget* parent)
    : QWidget(parent),
      m_catalog(catalog),
      m_prefix(size == Size::Dock ? QStringLiteral("catalogDock") : QStringLiteral("catalogPage")) {
  setObjectName(m_prefix);
  setBackgroundToken(this, "panel");
  QWidget* models = makeTablePage(size);
  if (size == Size::Page) {
    makeSides(models);
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
  if (size == Size::Page) column->addWidget(makeSelectionBar());
  m_busy = new BusyStrip(nullptr, m_prefix + QStringLiteral(".busy"));
  column->addWidget(m_busy);
  m_empty = new EmptyState(QStringLiteral("model"), tr("No saved models yet"),
                           tr("Keep models in folders, in browser storage or on a server."), tr("Save the model here"),
                           QStringLiteral("save"));
  m_empty->button()->setObjectName(m_prefix + QStringLiteral(".saveHere"));
  m_pages = new QStackedWidget;
  m_pages->addWidget(m_table);
  m_pages->addWidget(m_empty);
  column->addWidget(m_pages, 1);
  connect(m_empty, &EmptyState::activated, this, &CatalogPanel::actOnEmpty);
  connect(m_table, &CatalogTable::openRequested, this, &CatalogPanel::openRequested);
  connect(m_search, &QLineEdit::textChanged, this, [this](const QString& words) {
    m_table->filter().setWords(words);
    refreshEmpty();
  });
  return page;
}

QWidget* CatalogPanel::makeSearchRow(Size size) {
  auto* bar = new QWidget;
  bar->setFixedHeight(size == Size::Page ? 48 : 44);
  auto* row = new QHBoxLayout(bar);
  row->setContentsMargins(12, 0, 12, 0);
  row->setSpacing(8);
  m_search = new SearchField(tr("Search models"));
  nameControl(*m_search, m_prefix + QStringLiteral(".search"), tr("Search models"));
  m_search->setTarget(m_table);
  row->addWidget(m_search, 1);
  if (size == Size::Page) {
    m_search->setMaximumWidth(262);
    row->addStretch(1);
    row->addWidget(makeGrouping());
  } else {
    row->addWidget(makePlaceChoice());
  }
  return bar;
}

QPushButton* CatalogPanel::makeGrouping() {
  QPushButton* grouping =
      makeButton(m_prefix + QStringLiteral(".group"), tr("Group by place"), ButtonKind::Ghost, QStringLiteral("group"));
  grouping->setCheckable(true);
  connect(grouping, &QPushButton::toggled, m_table, &CatalogTable::setGrouped);
  return grouping;
}

/// The dock has no list of places: a menu stands in for it.
QToolButton* CatalogPanel::makePlaceChoice() {
  m_placeChoice = makeToolButton(m_prefix + QStringLiteral(".place"), QStringLiteral("filter"), tr("Show one place"));
  auto* menu = new QMenu(m_placeChoice);
  m_placeChoice->setCheckable(true);  // pressed while one place is shown
  connect(m_placeChoice, &QToolButton::clicked, this, [this, menu] {
    m_placeChoice->setChecked(!m_table->filter().place().isEmpty());
    menu->popup(m_placeChoice->mapToGlobal(QPoint(0, m_placeChoice->height() + 2)));
  });
  connect(menu, &QMenu::aboutToShow, this, [this, menu] {
    menu->clear();
    const auto add = [&](const QString& iconName, const QString& text, const QString& place) {
      QAction* action = menu->addAction(icon(iconName), text, this, [this, place] { choosePlace(place); });
      action->setCheckable(true);
      action->setChecked(m_table->filter().place() == place);
    };
    add(QStringLiteral("model"), tr("All places"), {});
    for (const CatalogPlace& place : m_catalog.places()) add(placeIcon(place.key), placeTitle(place.key), place.key);
  });
  return m_placeChoice;
}

QWidget* CatalogPanel::makeSelectionBar() {
  auto* bar = new CatalogSelectionBar(m_prefix);
  connect(bar, &CatalogSelectionBar::openRequested, m_table, &CatalogTable::openSelected);
  connect(bar, &CatalogSelectionBar::copyRequested, this,
          [this] { m_catalog.askAndTransfer(m_table->selectedUrls(), false, *window()); });
  connect(bar, &CatalogSelectionBar::moveRequested, this,
          [this] { m_catalog.askAndTransfer(m_table->selectedUrls(), true, *window()); });
  connect(bar, &CatalogSelectionBar::deleteRequested, m_table, &CatalogTable::del);
  connect(bar, &CatalogSelectionBar::clearRequested, m_table, &QTableView::clearSelection);
  connect(m_table, &CatalogTable::selectionChangedTo, bar,
          [this, bar](int count) { bar->showSelection(count, m_table->selectedBytes()); });
  bar->hide();
  return bar;
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

void CatalogPanel::makeSides(QWidget* models) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(0);
  auto* left = new Surface("panel", Qt::RightEdge);
  left->setFixedWidth(232);
  auto* leftBox = new QVBoxLayout(left);
  leftBox->setContentsMargins(0, 0, 0, 0);
  m_places = new PlacesList(m_catalog);
  leftBox->addWidget(m_places);
  m_middle = new QStackedWidget;
  m_middle->addWidget(models);
  m_trash = new TrashView(m_catalog);
  m_middle->addWidget(m_trash);
  auto* right = new Surface("panel", Qt::LeftEdge);
  right->setFixedWidth(320);
  auto* rightBox = new QVBoxLayout(right);
  rightBox->setContentsMargins(0, 0, 0, 0);
  m_details = new CatalogDetails(m_catalog);
  rightBox->addWidget(m_details);
  row->addWidget(left);
  row->addWidget(m_middle, 1);
  row->addWidget(right);
  connect(m_places, &PlacesList::placeChosen, this, &CatalogPanel::choosePlace);
  connect(m_places, &PlacesList::largestRequested, this, &CatalogPanel::showLargest);
  connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &CatalogPanel::showDetails);
  connect(m_table, &CatalogTable::selectionChangedTo, this, &CatalogPanel::showDetails);
  connect(m_details, &CatalogDetails::openRequested, this, &CatalogPanel::openRequested);
  connect(m_details, &CatalogDetails::copyRequested, this,
          [this](const QString& url) { m_catalog.askAndTransfer({url}, false, *window()); });
}

/// What lies in the Trash has no details, nor has a row that nobody chose.
void CatalogPanel::showDetails() {
  if (!m_details) return;
  const bool isTrash = m_middle->currentIndex() == 1;
  m_details->setRows(isTrash ? std::vector<int>() : m_table->selectedRows());
}

/// Who worked in one list goes on in the other: the focus never falls on a button by chance.
void CatalogPanel::showMiddle(bool isTrash) {
  const bool hadFocus = m_middle->isAncestorOf(QApplication::focusWidget());
  m_middle->setCurrentIndex(isTrash ? 1 : 0);
  if (!hadFocus) return;
  if (isTrash)
    m_trash->setFocus();
  else
    m_table->setFocus();
}

void CatalogPanel::choosePlace(const QString& place) {
  const bool isTrash = place == QStringLiteral("trash");
  if (m_middle) showMiddle(isTrash);
  showDetails();
  if (m_placeChoice) {
    m_placeChoice->setChecked(!place.isEmpty());
    m_placeChoice->setToolTip(place.isEmpty() ? tr("Show one place") : tr("Shows %1 only").arg(placeTitle(place)));
  }
  if (isTrash || m_table->filter().place() == place) return;
  m_table->filter().setPlace(place);
  refresh();
}

void CatalogPanel::showLargest(const QString& place) {
  choosePlace(place);
  m_search->clear();
  m_table->sortByColumn(CatalogModel::Size, Qt::DescendingOrder);
  m_table->selectRow(0);
  m_table->setFocus();
}

void CatalogPanel::setCurrentName(const QString& name) {
  m_currentName = name;
  m_emptiness = Empty::None;
  refreshEmpty();
}

CatalogPanel::Empty CatalogPanel::emptiness() const {
  if (m_table->filter().rowCount() > 0) return Empty::None;
  const CatalogPlace* place = m_catalog.place(m_table->filter().place());
  if (place && !place->problem.isEmpty()) return Empty::NotReachable;
  if (!m_catalog.isLoaded() || (place && !place->isListed)) return Empty::None;
  if (m_catalog.model().rowCount() == 0) return Empty::NoModels;
  return m_search->text().isEmpty() ? Empty::NoModelsHere : Empty::NoMatch;
}

void CatalogPanel::refreshEmpty() {
  const Empty now = emptiness();
  m_pages->setCurrentIndex(now == Empty::None ? 0 : 1);
  const QString key = m_table->filter().place();
  const CatalogPlace* place = m_catalog.place(key);
  QPushButton* button = m_empty->button();
  button->setEnabled(true);
  switch (now) {
    case Empty::None: break;
    case Empty::NoModels:
    case Empty::NoModelsHere:
      m_empty->setTexts(now == Empty::NoModels ? tr("No saved models yet") : tr("No models in %1").arg(placeTitle(key)),
                        now == Empty::NoModels ? tr("Keep models in folders, in browser storage or on a server.")
                                               : tr("Save a model here, paste one, or drag one onto the place."));
      button->setText(m_currentName.isEmpty() ? tr("Save the model here") : tr("Save %1 here").arg(m_currentName));
      button->setIcon(icon(QStringLiteral("save")));
      button->setEnabled(!m_currentName.isEmpty());
      break;
    case Empty::NoMatch:
      m_empty->setTexts(tr("Nothing matches “%1”").arg(m_search->text()), tr("Names and addresses were searched."));
      button->setText(tr("Clear the search"));
      button->setIcon(icon(QStringLiteral("close")));
      break;
    case Empty::NotReachable:
      m_empty->setTexts((place && place->refusedToken ? tr("%1 refused the token")
                         : place && place->wantsToken ? tr("%1 wants a token")
                                                      : tr("%1 is not reachable"))
                            .arg(placeTitle(key)),
                        place ? place->problem : QString());
      button->setText(place && place->wantsToken ? tr("Give a token...") : tr("Retry"));
      button->setIcon(icon(place && place->wantsToken ? QStringLiteral("key") : QStringLiteral("redo")));
      break;
  }
  button->setAccessibleName(button->text());
  button->setToolTip(button->text());
  m_emptiness = now;
}

void CatalogPanel::actOnEmpty() {
  switch (m_emptiness) {
    case Empty::NoMatch: m_search->clear(); break;
    case Empty::NotReachable: m_catalog.askAgain(m_table->filter().place(), *window()); break;
    default: Q_EMIT saveRequested(m_table->filter().place()); break;
  }
}

void CatalogPanel::refresh() {
  const bool isReading = std::ranges::any_of(m_catalog.places(), [](const CatalogPlace& place) {
    return !place.isListed && place.kind != CatalogPlace::Kind::Server;
  });
  if (isReading && !m_isReading) m_busy->begin(tr("Reading models"), false);
  if (!isReading) m_busy->end();
  m_isReading = isReading;
  const int count = m_catalog.model().rowCount();
  m_search->setPlaceholderText(count == 0 ? tr("Search models") : tr("Search %Ln model(s)", nullptr, count));
  showDetails();
  refreshEmpty();
  if (m_quota) refreshQuota();
}

void CatalogPanel::refreshQuota() {
  const CatalogPlace* place = m_catalog.place(QStringLiteral("localstorage"));
  const StoreUsage usage = place ? place->usage : StoreUsage();
  const double fraction = usage.quota > 0 ? static_cast<double>(usage.used) / static_cast<double>(usage.quota) : 0;
  m_usage->setText(usage.quota > 0 ? usageText(usage.used, usage.quota) : QString());
  m_usage->setToken(quotaToken(fraction));
  m_quota->setFraction(fraction);
}

}  // namespace layersmith
