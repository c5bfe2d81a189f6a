#include "ui/dialogs/NewModelDialog.h"

#include "model/document/Templates.h"
#include "ui/dialogs/TwoLineDelegate.h"
#include "ui/theme/Icons.h"

#include <QListWidget>
#include <QVBoxLayout>

namespace layersmith {

namespace {

QString iconOf(const QString& key) {
  if (key == QStringLiteral("empty")) return QStringLiteral("new");
  if (key == QStringLiteral("digits")) return QStringLiteral("image");
  if (key == QStringLiteral("iris")) return QStringLiteral("table");
  if (key == QStringLiteral("mlp") || key == QStringLiteral("convnet")) return QStringLiteral("model");
  return QStringLiteral("sample");
}

}  // namespace

NewModelDialog::NewModelDialog(QWidget* parent) : FooterDialog(QStringLiteral("newDialog"), tr("New model"), parent) {
  resize(480, 520);
  content().addWidget(new TextLabel(tr("New model"), Theme::TextRole::Title));
  content().addWidget(new TextLabel(tr("Each comes with settings that work; samples bring their data."),
                                    Theme::TextRole::Body, "text2"));
  m_list = new QListWidget;
  m_list->setFrameShape(QFrame::NoFrame);
  m_list->setItemDelegate(new TwoLineDelegate(m_list));
  nameControl(*m_list, QStringLiteral("newDialog.list"), tr("Templates"));
  for (const TemplateType& type : templateTypes()) {
    auto* item = new QListWidgetItem(icon(iconOf(type.key)), type.title, m_list);
    item->setData(Qt::UserRole, type.key);
    item->setData(TwoLineDelegate::kNoteRole, type.description);
  }
  m_list->setCurrentRow(0);
  content().addWidget(m_list, 1);
  QPushButton* cancel = addFooterButton(QStringLiteral("newDialog.cancel"), tr("Cancel"), ButtonKind::Default);
  QPushButton* create = addFooterButton(QStringLiteral("newDialog.create"), tr("Create"), ButtonKind::Primary);
  connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
  connect(create, &QPushButton::clicked, this, &NewModelDialog::choose);
  connect(m_list, &QListWidget::itemActivated, this, &NewModelDialog::choose);
}

void NewModelDialog::choose() {
  const QListWidgetItem* item = m_list->currentItem();
  if (!item) return;
  const QString key = item->data(Qt::UserRole).toString();
  accept();
  Q_EMIT chosen(key);
}

}  // namespace layersmith
