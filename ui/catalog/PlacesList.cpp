#include "ui/catalog/PlacesList.h"

#include "ui/catalog/CatalogController.h"
#include "ui/dialogs/Parts.h"
#include "ui/main/Settings.h"
#include "ui/theme/Icons.h"
#include "ui/theme/StylePainting.h"
#include "ui/widgets/QuotaBar.h"

#include <QHBoxLayout>
#include <QListWidget>
#include <QLocale>
#include <QPainter>
#include <QSignalBlocker>
#include <QStyledItemDelegate>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace layersmith {

namespace {

enum Role { PlaceRole = Qt::UserRole, CountRole, HeadingRole, UsedRole, QuotaRole };

class PlaceDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const int line = std::max(28, option.fontMetrics.height() + 8);
    if (index.data(HeadingRole).toBool()) return {120, line + 8};
    return {120, index.data(QuotaRole).isValid() ? line + 30 : line};
  }

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (index.data(HeadingRole).toBool()) {
      painter->setFont(theme().font(Theme::TextRole::BodyStrong));
      painter->setPen(theme().color("text"));
      painter->drawText(option.rect.adjusted(8, 8, -8, 0), Qt::AlignVCenter | Qt::AlignLeft, index.data().toString());
    } else {
      paintPlace(painter, option, index);
    }
    painter->restore();
  }

 private:
  static void paintPlace(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) {
    const bool isSelected = option.state & QStyle::State_Selected;
    const bool isHovered = option.state & QStyle::State_MouseOver;
    if (isSelected || isHovered)
      paintBox(painter, option.rect, {theme().color(isSelected ? "selection" : "hover"), Qt::transparent, 6, 0.01});
    const QRect line(option.rect.left(), option.rect.top(), option.rect.width(),
                     std::max(28, option.fontMetrics.height() + 8));
    index.data(Qt::DecorationRole).value<QIcon>().paint(painter, QRect(line.left() + 8, line.center().y() - 7, 16, 16));
    painter->setFont(theme().mono(Theme::TextRole::Caption));
    painter->setPen(theme().color("text3"));
    const QString count = QLocale().toString(index.data(CountRole).toInt());
    painter->drawText(line.adjusted(0, 0, -8, 0), Qt::AlignVCenter | Qt::AlignRight, count);
    painter->setFont(theme().font(Theme::TextRole::Body));
    painter->setPen(theme().color("text"));
    const QRect words = line.adjusted(32, 0, -44, 0);
    painter->drawText(words, Qt::AlignVCenter | Qt::AlignLeft,
                      painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideMiddle, words.width()));
    if (index.data(QuotaRole).isValid()) paintQuota(painter, option.rect, line.bottom(), index);
    if (option.state & QStyle::State_HasFocus) paintFocusRing(painter, option.rect, 6);
  }

  static void paintQuota(QPainter* painter, const QRect& rect, int top, const QModelIndex& index) {
    const double used = index.data(UsedRole).toDouble();
    const double quota = index.data(QuotaRole).toDouble();
    const QRectF bar(rect.left() + 32, top + 1, rect.width() - 40, 6);
    if (quota > 0) paintQuotaBar(painter, bar, used / quota);
    painter->setFont(theme().font(Theme::TextRole::Caption));
    painter->setPen(theme().color(quota > 0 && used / quota >= 0.95  ? "danger"
                                  : quota > 0 && used / quota >= 0.8 ? "warning"
                                                                     : "text2"));
    const QString text =
        quota > 0 ? PlacesList::tr("%1 of %2").arg(sizeText(std::int64_t(used)), sizeText(std::int64_t(quota)))
                  : sizeText(std::int64_t(used));
    painter->drawText(QRectF(bar.left(), bar.bottom() + 2, bar.width(), 18), Qt::AlignVCenter | Qt::AlignLeft, text);
  }
};

}  // namespace

PlacesList::PlacesList(CatalogController& catalog, Settings& settings, QWidget* parent)
    : QWidget(parent), m_catalog(catalog), m_settings(settings) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 1, 0);
  column->setSpacing(0);
  auto* head = new Surface("panel", Qt::BottomEdge);
  head->setFixedHeight(36);
  auto* row = new QHBoxLayout(head);
  row->setContentsMargins(16, 0, 8, 1);
  row->addWidget(new TextLabel(tr("Places"), Theme::TextRole::BodyStrong));
  row->addStretch();
  QToolButton* add =
      makeToolButton(QStringLiteral("places.addFolder"), QStringLiteral("add"), tr("Add a folder of models"));
  row->addWidget(add);
  column->addWidget(head);
  m_list = new QListWidget;
  m_list->setFrameShape(QFrame::NoFrame);
  m_list->setItemDelegate(new PlaceDelegate(m_list));
  m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  nameControl(*m_list, QStringLiteral("places.list"), tr("Places"));
  auto* box = new QVBoxLayout;
  box->setContentsMargins(8, 8, 8, 8);
  box->addWidget(m_list);
  column->addLayout(box, 1);
  connect(add, &QToolButton::clicked, this, &PlacesList::addFolderRequested);
  connect(m_list, &QListWidget::currentItemChanged, this, [this](QListWidgetItem* item) {
    if (item) Q_EMIT placeChosen(item->data(PlaceRole).toString());
  });
  connect(&m_catalog, &CatalogController::changed, this, &PlacesList::refresh);
  refresh();
}

void PlacesList::addHeading(const QString& title) {
  auto* item = new QListWidgetItem(title, m_list);
  item->setData(HeadingRole, true);
  item->setFlags(Qt::NoItemFlags);
}

void PlacesList::addRow(const QString& iconName, const QString& title, const QString& place, int count) {
  auto* item = new QListWidgetItem(icon(iconName), title, m_list);
  item->setData(PlaceRole, place);
  item->setData(CountRole, count);
  item->setToolTip(place);
}

void PlacesList::addQuota(const QString& scheme) {
  const StoreUsage usage = m_catalog.usage(scheme);
  QListWidgetItem* item = m_list->item(m_list->count() - 1);
  item->setData(UsedRole, static_cast<double>(usage.used));
  item->setData(QuotaRole, static_cast<double>(usage.quota));
}

void PlacesList::refresh() {
  const QString chosen = m_list->currentItem() ? m_list->currentItem()->data(PlaceRole).toString() : QString();
  const QSignalBlocker blocker(m_list);
  m_list->clear();
  const auto& entries = m_catalog.model().entries();
  const auto countAt = [&](const QString& place) {
    return static_cast<int>(
        std::ranges::count_if(entries, [&](const ModelEntry& entry) { return placeOf(entry.url) == place; }));
  };
  addRow(QStringLiteral("model"), tr("All models"), {}, static_cast<int>(entries.size()));
  if (!m_settings.folders().isEmpty()) addHeading(tr("Folders"));
  for (const QString& folder : m_settings.folders())
    addRow(QStringLiteral("folder"), placeTitle(folder), folder, countAt(folder));
  addHeading(tr("Browser storage"));
  for (const QString& scheme : {QStringLiteral("localstorage"), QStringLiteral("indexeddb")}) {
    addRow(placeIcon(scheme), placeTitle(scheme), scheme, countAt(scheme));
    addQuota(scheme);
  }
  addHeading(QString());
  addRow(QStringLiteral("delete"), tr("Trash"), QStringLiteral("trash"), static_cast<int>(m_catalog.trash().size()));
  for (int i = 0; i < m_list->count(); ++i) {
    const QListWidgetItem* item = m_list->item(i);
    if (!item->data(HeadingRole).toBool() && item->data(PlaceRole).toString() == chosen) m_list->setCurrentRow(i);
  }
}

}  // namespace layersmith
