#include "ui/dialogs/AboutDialog.h"

#include "ui/theme/Icons.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QVBoxLayout>

namespace layersmith {

AboutDialog::AboutDialog(QWidget* parent)
    : FooterDialog(QStringLiteral("aboutDialog"), tr("About Layersmith"), parent) {
  setMinimumWidth(460);
  auto* row = new QHBoxLayout;
  row->setSpacing(16);
  auto* mark = new QLabel;
  mark->setPixmap(applicationIcon().pixmap(QSize(64, 64), devicePixelRatioF()));
  mark->setAccessibleName(tr("Layersmith"));
  row->addWidget(mark, 0, Qt::AlignTop);
  auto* words = new QVBoxLayout;
  words->setSpacing(4);
  words->addWidget(new TextLabel(tr("Layersmith"), Theme::TextRole::Display));
  words->addWidget(
      new TextLabel(tr("Version %1").arg(QCoreApplication::applicationVersion()), Theme::TextRole::Body, "text2"));
  words->addSpacing(8);
  auto* text = new TextLabel(
      tr("A desktop studio for TensorFlow.js Layers models. Models saved here load unchanged in TensorFlow.js "
         "and give the same numbers."));
  text->setWordWrap(true);
  words->addWidget(text);
  words->addSpacing(8);
  auto* parts = new TextLabel(
      tr("Free software under the GNU General Public License, version 3 or later. Built on Qt %1, Armadillo, "
         "oneDNN, SQLite and QtKeychain.")
          .arg(QString::fromLatin1(qVersion())),
      Theme::TextRole::Label, "text2");
  parts->setWordWrap(true);
  words->addWidget(parts);
  row->addLayout(words, 1);
  content().addLayout(row);
  QPushButton* close = addFooterButton(QStringLiteral("aboutDialog.close"), tr("Close"), ButtonKind::Primary);
  connect(close, &QPushButton::clicked, this, &QDialog::accept);
}

}  // namespace layersmith
