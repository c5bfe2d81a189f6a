#include "ui/dialogs/PlaceDialog.h"

#include "ui/dialogs/TwoLineDelegate.h"
#include "ui/theme/Icons.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QListWidget>
#include <QUrl>
#include <QVBoxLayout>

namespace layersmith {

PlaceDialog::PlaceDialog(const QString& title, const QStringList& folders, const QStringList& servers, QWidget* parent)
    : FooterDialog(QStringLiteral("placeDialog"), title, parent) {
  resize(400, 360);
  content().addWidget(new TextLabel(title, Theme::TextRole::Title));
  m_list = new QListWidget;
  m_list->setFrameShape(QFrame::NoFrame);
  m_list->setItemDelegate(new TwoLineDelegate(m_list));
  nameControl(*m_list, QStringLiteral("placeDialog.list"), tr("Places"));
  addPlace(QStringLiteral("database"), tr("IndexedDB"), tr("Room for large models"), QStringLiteral("indexeddb"));
  addPlace(QStringLiteral("browser"), tr("Local storage"), tr("5 MB in all"), QStringLiteral("localstorage"));
  for (const QString& folder : folders)
    addPlace(QStringLiteral("folder"), QFileInfo(folder).fileName(), folder, folder);
  for (const QString& server : servers)
    addPlace(QStringLiteral("server"), QUrl(server).authority(QUrl::FullyEncoded), server, server);
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
}

void PlaceDialog::addPlace(const QString& iconName, const QString& title, const QString& note, const QString& place) {
  auto* item = new QListWidgetItem(icon(iconName), title, m_list);
  item->setData(TwoLineDelegate::kNoteRole, note);
  item->setData(Qt::UserRole, place);
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
