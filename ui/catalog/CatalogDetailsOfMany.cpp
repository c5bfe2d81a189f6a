#include "ui/catalog/CatalogDetailsOfMany.h"

#include "ui/catalog/CatalogController.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/FactRow.h"
#include "ui/widgets/FlowLayout.h"
#include "ui/widgets/SizeText.h"
#include "ui/widgets/TextLabel.h"

#include <QLocale>
#include <QVBoxLayout>

#include <map>

namespace layersmith {

namespace {

constexpr int kPlacesShown = 12;

}  // namespace

CatalogDetailsOfMany::CatalogDetailsOfMany(CatalogController& catalog, QWidget* parent)
    : QWidget(parent), m_catalog(catalog) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(16, 16, 16, 16);
  column->setSpacing(4);
  m_title = new TextLabel({}, Theme::TextRole::Title);
  m_title->setObjectName(QStringLiteral("details.many"));
  column->addWidget(m_title);
  column->addSpacing(8);
  auto* row = new QWidget;
  auto* buttons = new FlowLayout(row);
  const auto add = [&](const char* name, const QString& text, auto run) {
    QPushButton* button = makeButton(QStringLiteral("details.") + QLatin1String(name), text);
    connect(button, &QPushButton::clicked, this, run);
    buttons->addWidget(button);
  };
  add("copyMany", tr("Copy to..."), [this] { m_catalog.askAndTransfer(m_urls, false, *window()); });
  add("moveMany", tr("Move to..."), [this] { m_catalog.askAndTransfer(m_urls, true, *window()); });
  add("deleteMany", tr("Delete"), [this] { m_catalog.remove(m_urls); });
  column->addWidget(row);
  column->addSpacing(12);
  m_total = addFact(*column, tr("Total"));
  m_total->setObjectName(QStringLiteral("details.manyTotal"));
  m_total->setMono(true);
  column->addSpacing(12);
  column->addWidget(new TextLabel(tr("Where"), Theme::TextRole::BodyStrong));
  auto* places = new QWidget;
  places->setObjectName(QStringLiteral("details.manyPlaces"));
  m_places = new QVBoxLayout(places);
  m_places->setContentsMargins(0, 0, 0, 0);
  m_places->setSpacing(4);
  column->addWidget(places);
  column->addStretch();
}

void CatalogDetailsOfMany::setRows(const std::vector<int>& rows) {
  const CatalogModel& model = m_catalog.model();
  m_urls.clear();
  std::int64_t bytes = 0;
  std::map<std::pair<QString, QString>, int> counts;  // by title and place: two folders may share a name
  for (const int row : rows) {
    m_urls << model.entry(row).url;
    bytes += model.entry(row).info.totalBytes();
    ++counts[{model.title(row), model.place(row)}];
  }
  m_title->setText(tr("%Ln model(s)", nullptr, static_cast<int>(rows.size())));
  m_total->setText(sizeText(bytes));
  while (QLayoutItem* item = m_places->takeAt(0)) {
    delete item->widget();
    delete item;
  }
  int shown = 0;
  for (const auto& [place, count] : counts) {
    if (++shown > kPlacesShown) break;
    auto* line = new ElidedLabel(tr("%1: %2").arg(place.first, QLocale().toString(count)));
    line->setElideMode(Qt::ElideMiddle);
    line->setToolTip(place.second);
    m_places->addWidget(line);
  }
  if (const int more = static_cast<int>(counts.size()) - kPlacesShown; more > 0)
    m_places->addWidget(new TextLabel(tr("and %n more", nullptr, more), Theme::TextRole::Label, "text3"));
}

}  // namespace layersmith
