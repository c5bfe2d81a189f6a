#include "ui/main/PostponedStrips.h"

#include "ui/dialogs/Parts.h"
#include "ui/main/SaveController.h"
#include "ui/main/Workspace.h"
#include "ui/theme/Icons.h"
#include "ui/theme/Theme.h"

#include <QHBoxLayout>
#include <QPointer>
#include <QVBoxLayout>

namespace layersmith {

PostponedStrips::PostponedStrips(SaveController& saver, QWidget* parent) : QWidget(parent), m_saver(saver) {
  setObjectName(QStringLiteral("postponed"));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  connect(&saver, &SaveController::postponedChanged, this, &PostponedStrips::refresh);
  connect(&theme(), &Theme::changed, this, &PostponedStrips::refresh);  // their icons are pictures
}

void PostponedStrips::refresh() {
  while (QLayoutItem* item = layout()->takeAt(0)) {
    item->widget()->hide();
    item->widget()->deleteLater();  // one of its buttons may be what is being pressed
    delete item;
  }
  for (DocumentContext* context : m_saver.workspace().documents())
    if (m_saver.postponed(context)) layout()->addWidget(makeStrip(*context));
}

QWidget* PostponedStrips::makeStrip(DocumentContext& context) {
  static int serial = 0;
  const QString name = QStringLiteral("postponed%1").arg(++serial);
  const PostponedSave& save = *m_saver.postponed(&context);
  const QString server = placeForPeople(save.request.url);
  auto* strip = new Surface("panel", Qt::TopEdge);
  strip->setObjectName(name);
  auto* row = new QHBoxLayout(strip);
  row->setContentsMargins(12, 6, 12, 6);
  row->setSpacing(12);
  auto* mark = new QLabel;
  mark->setPixmap(iconPixmap(QStringLiteral("offline"), theme().color("text2"), 16, devicePixelRatioF()));
  auto* text = new ElidedLabel(
      (save.problem.isEmpty() ? tr("%1 waits for %2.") : tr("%1 was not taken by %2.")).arg(save.request.name, server),
      Theme::TextRole::Body);
  text->setObjectName(name + QStringLiteral(".text"));
  strip->setAccessibleName(text->text());
  text->setToolTip(save.problem.isEmpty() ? tr("It is sent when the server answers again.") : save.problem);
  QPushButton* send = makeButton(name + QStringLiteral(".send"), tr("Send now"));
  QPushButton* forget = makeButton(name + QStringLiteral(".forget"), tr("Forget"), ButtonKind::Ghost);
  send->setAccessibleName(tr("Send %1 now").arg(save.request.name));
  forget->setAccessibleName(tr("Forget to send %1").arg(save.request.name));
  row->addWidget(mark);
  row->addWidget(text, 1);
  row->addWidget(send);
  row->addWidget(forget);
  connect(send, &QPushButton::clicked, &m_saver, [this, target = QPointer(&context)] {
    if (target) m_saver.sendPostponed(*target);
  });
  connect(forget, &QPushButton::clicked, &m_saver, [this, target = &context] { m_saver.forgetPostponed(target); });
  return strip;
}

}  // namespace layersmith
