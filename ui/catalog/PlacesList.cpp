#include "ui/catalog/PlacesList.h"

#include "ui/catalog/CatalogController.h"
#include "ui/catalog/CatalogQuestions.h"
#include "ui/catalog/PlacesView.h"
#include "ui/dialogs/Parts.h"
#include "ui/theme/Icons.h"
#include "ui/widgets/SizeText.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLocale>
#include <QMenu>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

namespace layersmith {

namespace {

constexpr double kTight = 0.8;
constexpr int kLargest = 3;

const QString kTrash = QStringLiteral("trash");

QString word(const char* key, const QString& text) {
  return QLatin1String(key) + QLatin1Char('\n') + text;
}

double fractionOf(const StoreUsage& usage) {
  return usage.quota > 0 ? static_cast<double>(usage.used) / static_cast<double>(usage.quota) : 0;
}

}  // namespace

PlacesList::PlacesList(CatalogController& catalog, QWidget* parent) : QWidget(parent), m_catalog(catalog) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 1, 0);
  column->setSpacing(0);
  auto* head = new Surface("panel", Qt::BottomEdge);
  head->setFixedHeight(36);
  auto* row = new QHBoxLayout(head);
  row->setContentsMargins(16, 0, 8, 1);
  row->addWidget(new TextLabel(tr("Places"), Theme::TextRole::BodyStrong));
  row->addStretch();
  QToolButton* add = makeToolButton(QStringLiteral("places.add"), QStringLiteral("add"), tr("Add a place"));
  auto* menu = new QMenu(add);
  menu->addAction(icon(QStringLiteral("folder")), tr("Folder..."), this, &PlacesList::addFolder);
  menu->addAction(icon(QStringLiteral("server")), tr("Server..."), this, [this] { addServer(); });
  connect(add, &QToolButton::clicked, this,
          [add, menu] { menu->popup(add->mapToGlobal(QPoint(0, add->height() + 2))); });
  row->addWidget(add);
  column->addWidget(head);
  m_view = new PlacesView;
  nameControl(*m_view, QStringLiteral("places.list"), tr("Places"));
  auto* box = new QVBoxLayout;
  box->setContentsMargins(8, 8, 8, 8);
  box->addWidget(m_view);
  column->addLayout(box, 1);
  connect(m_view, &QListWidget::currentItemChanged, this, [this](QListWidgetItem* item) {
    if (item) Q_EMIT placeChosen(item->data(PlacesView::PlaceRole).toString());
  });
  connect(m_view, &PlacesView::actionRequested, this, &PlacesList::run);
  connect(m_view, &PlacesView::menuRequested, this, &PlacesList::showMenu);
  connect(m_view, &PlacesView::modelsDropped, this, &PlacesList::drop);
  connect(&m_catalog, &CatalogController::changed, this, &PlacesList::refresh);
  refresh();
}

void PlacesList::addHeading(const QString& title) {
  auto* item = new QListWidgetItem(title, m_view);
  item->setData(PlacesView::HeadingRole, true);
  item->setFlags(Qt::NoItemFlags);
}

QListWidgetItem* PlacesList::addRow(const QString& iconName, const QString& title, const QString& place, int count) {
  auto* item = new QListWidgetItem(icon(iconName), title, m_view);
  item->setData(PlacesView::PlaceRole, place);
  item->setData(PlacesView::CountRole, QLocale().toString(count));
  item->setData(Qt::AccessibleTextRole, tr("%1, %Ln model(s)", nullptr, count).arg(title));
  item->setToolTip(place);
  return item;
}

void PlacesList::addPlace(const CatalogPlace& place) {
  const bool isAway = !place.problem.isEmpty();
  QListWidgetItem* item =
      addRow(isAway ? QStringLiteral("offline") : placeIcon(place.key), placeTitle(place.key), place.key, place.count);
  item->setData(PlacesView::WordsRole, wordsFor(place));
  if (isAway) {
    const QString since = QLocale().toString(place.since.time(), QStringLiteral("HH:mm"));
    item->setData(PlacesView::NoteRole, place.refusedToken ? tr("Refused the token")
                                        : place.wantsToken ? tr("Wants a token")
                                                           : tr("Not reachable since %1").arg(since));
    item->setData(PlacesView::CountRole, QString());
    item->setToolTip(place.key + QLatin1Char('\n') + place.problem);
    item->setData(Qt::AccessibleTextRole, tr("%1. %2").arg(item->text(), place.problem));
  } else if (!place.isListed) {
    item->setData(PlacesView::CountRole, QStringLiteral("…"));
  }
  if (place.kind != CatalogPlace::Kind::Browser) return;
  item->setData(PlacesView::UsedRole, static_cast<double>(place.usage.used));
  item->setData(PlacesView::QuotaRole, static_cast<double>(place.usage.quota));
  QStringList lines{tr("Uses most:")};
  for (const QString& url : m_catalog.largestOf(place.key, kLargest)) {
    const ModelEntry& entry = m_catalog.model().entry(m_catalog.model().rowOf(url));
    lines << tr("%1, %2").arg(entry.name, sizeText(entry.info.totalBytes()));
  }
  item->setToolTip(lines.size() > 1 ? lines.join(QLatin1Char('\n')) : place.key);
}

QStringList PlacesList::wordsFor(const CatalogPlace& place) const {
  if (!place.problem.isEmpty() && place.kind == CatalogPlace::Kind::Folder)
    return {word("locate", tr("Locate")), word("forget", tr("Forget"))};
  if (place.wantsToken) return {word("token", tr("Token")), word("forget", tr("Forget"))};
  if (!place.problem.isEmpty() && place.kind == CatalogPlace::Kind::Server)
    return {word("retry", tr("Retry")), word("token", tr("Token")), word("forget", tr("Forget"))};
  if (!place.problem.isEmpty()) return {word("retry", tr("Retry"))};
  if (fractionOf(place.usage) >= kTight) return {word("largest", tr("Free up"))};
  return {};
}

void PlacesList::refresh() {
  const QString chosen =
      m_view->currentItem() ? m_view->currentItem()->data(PlacesView::PlaceRole).toString() : QString();
  {
    const QSignalBlocker blocker(m_view);
    m_view->clear();
    addRow(QStringLiteral("model"), tr("All models"), {}, m_catalog.model().rowCount());
    const std::pair<CatalogPlace::Kind, QString> groups[] = {{CatalogPlace::Kind::Folder, tr("Folders")},
                                                             {CatalogPlace::Kind::Browser, tr("Browser storage")},
                                                             {CatalogPlace::Kind::Plugin, tr("Plug-ins")},
                                                             {CatalogPlace::Kind::Server, tr("Servers")}};
    for (const auto& [kind, title] : groups) {
      bool hasHeading = false;
      for (const CatalogPlace& place : m_catalog.places()) {
        if (place.kind != kind) continue;
        if (!hasHeading) addHeading(title);
        hasHeading = true;
        addPlace(place);
      }
    }
    addHeading(QString());
    addRow(QStringLiteral("delete"), tr("Trash"), kTrash, static_cast<int>(m_catalog.trash().size()));
  }
  choose(chosen);
}

/// A place that is gone gives way to all models.
void PlacesList::choose(const QString& place) {
  const QString before =
      m_view->currentItem() ? m_view->currentItem()->data(PlacesView::PlaceRole).toString() : QString();
  for (int row = m_view->count() - 1; row >= 0; --row) {
    const QListWidgetItem* item = m_view->item(row);
    if (item->data(PlacesView::HeadingRole).toBool()) continue;
    if (row > 0 && item->data(PlacesView::PlaceRole).toString() != place) continue;
    const QSignalBlocker blocker(m_view);
    m_view->setCurrentRow(row);
    break;
  }
  const QString now = m_view->currentItem()->data(PlacesView::PlaceRole).toString();
  if (now != place || now != before) Q_EMIT placeChosen(now);
}

void PlacesList::run(const QString& place, const QString& key) {
  if (key == QStringLiteral("retry")) m_catalog.refreshPlace(place);
  if (key == QStringLiteral("forget")) m_catalog.forgetPlace(place);
  if (key == QStringLiteral("locate")) locate(place);
  if (key == QStringLiteral("token")) m_catalog.askForToken(place, *window(), [this, place] { choose(place); });
  if (key == QStringLiteral("quota")) askQuota(place);
  if (key == QStringLiteral("largest")) {
    choose(place);
    Q_EMIT largestRequested(place);
  }
}

void PlacesList::showMenu(const QString& key, const QPoint& position) {
  const CatalogPlace* place = m_catalog.place(key);
  if (!place) return;
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  const auto add = [&](const char* iconName, const QString& text, const char* what) {
    menu->addAction(icon(QLatin1String(iconName)), text, this,
                    [this, key, what = QString::fromLatin1(what)] { run(key, what); });
  };
  menu->addAction(icon(QStringLiteral("paste")), tr("Paste"), this, [this, key] { m_catalog.paste(key); });
  menu->addSeparator();
  add("redo", tr("Read again"), "retry");
  if (place->kind == CatalogPlace::Kind::Browser) {
    add("sort", tr("Show what uses most"), "largest");
    add("settings", tr("Quota..."), "quota");
  }
  if (place->kind == CatalogPlace::Kind::Server) add("key", tr("Token..."), "token");
  if (place->kind == CatalogPlace::Kind::Folder) add("folder", tr("Locate..."), "locate");
  if (place->kind == CatalogPlace::Kind::Folder || place->kind == CatalogPlace::Kind::Server)
    add("remove", tr("Forget"), "forget");
  menu->popup(position);
}

void PlacesList::drop(const QStringList& urls, const QString& place, bool isMove) {
  if (place == kTrash)
    m_catalog.remove(urls);
  else
    m_catalog.transfer(urls, place, isMove);
}

void PlacesList::addFolder() {
  auto* dialog = new QFileDialog(window(), tr("Add a folder of models"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::Directory);
  dialog->setOption(QFileDialog::ShowDirsOnly);
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& folder) {
    m_catalog.addFolder(folder);
    choose(folder);
  });
  dialog->open();
}

void PlacesList::locate(const QString& folder) {
  auto* dialog = new QFileDialog(window(), tr("Where is %1?").arg(placeTitle(folder)));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::Directory);
  dialog->setOption(QFileDialog::ShowDirsOnly);
  connect(dialog, &QFileDialog::fileSelected, &m_catalog,
          [this, folder](const QString& found) { m_catalog.replaceFolder(folder, found); });
  dialog->open();
}

void PlacesList::addServer() {
  auto* dialog = new ServerDialog(window());
  m_catalog.probeKeychain(dialog, [dialog](const QString& problem) { dialog->offerKeychain(problem, false); });
  connect(dialog, &ServerDialog::chosen, this, [this](const QString& root, const QString& token, bool isTokenKept) {
    m_catalog.addServer(root, token, isTokenKept);
    choose(root);
  });
  dialog->open();
}

void PlacesList::askQuota(const QString& key) {
  const CatalogPlace* place = m_catalog.place(key);
  if (!place) return;
  auto* dialog = new QuotaDialog(key, place->usage.quota, window());
  connect(dialog, &QuotaDialog::chosen, &m_catalog, [this, key](qint64 quota) { m_catalog.setQuota(key, quota); });
  dialog->open();
}

}  // namespace layersmith
