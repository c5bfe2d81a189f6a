#include "ui/dialogs/PlaceDialog.h"

#include "ui/dialogs/TwoLineDelegate.h"
#include "ui/theme/Icons.h"
#include "ui/widgets/SizeText.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QListWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace layersmith {

namespace {

constexpr int kNarrowest = 400, kWidest = 640, kLowest = 360, kHighest = 560;
constexpr int kBesideWords = 40 + 40 + 8 + 28;  // margins of the dialog, of a row with its icon; a scroll bar
constexpr int kAroundList = 180, kRow = 48;

int rankOf(const CatalogPlace& place) {
  if (place.key == QStringLiteral("indexeddb")) return 0;
  return place.key == QStringLiteral("localstorage") ? 1 : 2;
}

/// What one knows a place by; of one that is not reachable, why.
QString noteOf(const CatalogPlace& place) {
  if (!place.problem.isEmpty()) return place.problem;
  if (place.key == QStringLiteral("indexeddb")) return PlaceDialog::tr("Room for large models");
  if (place.key == QStringLiteral("localstorage"))
    return place.usage.quota > 0 ? usageText(place.usage.used, place.usage.quota) : QString();
  return place.kind == CatalogPlace::Kind::Plugin ? place.key + QStringLiteral("://") : place.key;
}

}  // namespace

PlaceDialog::PlaceDialog(const QString& title, const std::vector<CatalogPlace>& places, QWidget* parent)
    : FooterDialog(QStringLiteral("placeDialog"), title, parent) {
  content().addWidget(new TextLabel(title, Theme::TextRole::Title));
  m_list = new QListWidget;
  m_list->setFrameShape(QFrame::NoFrame);
  m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  auto* lines = new TwoLineDelegate(m_list);
  lines->setElideMode(Qt::ElideMiddle);  // places differ at both ends
  m_list->setItemDelegate(lines);
  nameControl(*m_list, QStringLiteral("placeDialog.list"), tr("Places"));
  std::vector<CatalogPlace> ordered = places;
  std::ranges::stable_sort(ordered, {}, rankOf);
  for (const CatalogPlace& place : ordered) addPlace(place);
  m_list->setCurrentRow(0);
  content().addWidget(m_list, 1);
  QPushButton* other = makeButton(QStringLiteral("placeDialog.browse"), tr("Another folder..."), ButtonKind::Ghost,
                                  QStringLiteral("folder"));
  content().addWidget(other, 0, Qt::AlignLeft);
  QPushButton* cancel = addFooterButton(QStringLiteral("placeDialog.cancel"), tr("Cancel"), ButtonKind::Default);
  QPushButton* ok = addFooterButton(QStringLiteral("placeDialog.choose"), tr("Choose"), ButtonKind::Primary);
  connect(other, &QPushButton::clicked, this, &PlaceDialog::browse);
  connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
  connect(ok, &QPushButton::clicked, this, &PlaceDialog::choose);
  connect(m_list, &QListWidget::itemActivated, this, &PlaceDialog::choose);
  resize(widthFor(parent), std::clamp(kAroundList + m_list->count() * kRow, kLowest, kHighest));
}

/// For the longest place, as far as the window gives room.
int PlaceDialog::widthFor(const QWidget* parent) const {
  const QFontMetrics title(theme().font(Theme::TextRole::Body)), note(theme().font(Theme::TextRole::Caption));
  int words = 0;
  for (int row = 0; row < m_list->count(); ++row) {
    const QListWidgetItem* item = m_list->item(row);
    words = std::max({words, title.horizontalAdvance(item->text()),
                      note.horizontalAdvance(item->data(TwoLineDelegate::kNoteRole).toString())});
  }
  const int room = parent ? parent->window()->width() * 3 / 4 : kWidest;
  return std::clamp(words + kBesideWords, kNarrowest, std::max(kNarrowest, std::min(kWidest, room)));
}

void PlaceDialog::addPlace(const CatalogPlace& place) {
  auto* item = new QListWidgetItem(icon(placeIcon(place.key)), placeTitle(place.key), m_list);
  item->setData(TwoLineDelegate::kNoteRole, noteOf(place));
  item->setData(Qt::UserRole, place.key);
  const QString note = noteOf(place);
  const bool isNamed = note.isEmpty() || note.contains(place.key);
  item->setToolTip(isNamed ? (note.isEmpty() ? item->text() : note) : place.key + QLatin1Char('\n') + note);
}

void PlaceDialog::browse() {
  auto* dialog = new QFileDialog(this, windowTitle());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::Directory);
  dialog->setOption(QFileDialog::ShowDirsOnly);
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
    Q_EMIT chosen(path);
    accept();
  });
  dialog->open();
}

void PlaceDialog::choose() {
  const QListWidgetItem* item = m_list->currentItem();
  if (!item) return;
  Q_EMIT chosen(item->data(Qt::UserRole).toString());
  accept();
}

}  // namespace layersmith
