#include "ui/dialogs/ClosePrompt.h"

#include "ui/dialogs/Parts.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

namespace layersmith {

namespace {

QString headingFor(const QStringList& names, bool isTraining) {
  if (names.isEmpty()) return ClosePrompt::tr("A training is still running.");
  if (names.size() == 1) {
    return isTraining ? ClosePrompt::tr("“%1” has unsaved changes and is being trained.").arg(names.front())
                      : ClosePrompt::tr("“%1” has unsaved changes.").arg(names.front());
  }
  return ClosePrompt::tr("%n models have unsaved changes.", nullptr, static_cast<int>(names.size()));
}

QString bodyFor(const QStringList& names, bool isTraining) {
  QString text;
  if (names.size() > 1) text = names.join(QStringLiteral(", ")) + QStringLiteral(". ");
  if (isTraining)
    text += ClosePrompt::tr("Closing stops the training; what was learned so far is kept when you save.");
  else
    text += ClosePrompt::tr("Without saving, they are gone.");
  return text;
}

}  // namespace

ClosePrompt::ClosePrompt(const QStringList& names, bool isTraining, QWidget* parent) : QDialog(parent) {
  setObjectName(QStringLiteral("closePrompt"));
  setWindowTitle(tr("Close"));
  setAttribute(Qt::WA_DeleteOnClose);
  setModal(true);
  setMinimumWidth(420);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(20, 20, 20, 20);
  column->setSpacing(4);
  auto* heading = new TextLabel(headingFor(names, isTraining), Theme::TextRole::Title);
  heading->setWordWrap(true);
  auto* body = new TextLabel(bodyFor(names, isTraining), Theme::TextRole::Body, "text2");
  body->setWordWrap(true);
  column->addWidget(heading);
  column->addWidget(body);
  column->addSpacing(16);
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  row->addStretch();
  QPushButton* discard = makeButton(QStringLiteral("closePrompt.discard"), tr("&Don't Save"));
  QPushButton* cancel = makeButton(QStringLiteral("closePrompt.cancel"), tr("&Cancel"));
  QPushButton* save = makeButton(QStringLiteral("closePrompt.save"), isTraining ? tr("Stop and &Save") : tr("&Save"),
                                 ButtonKind::Primary);
  for (QPushButton* button : {discard, cancel, save}) {
    button->setProperty("large", true);
    button->setMinimumWidth(88);
    row->addWidget(button);
  }
  save->setDefault(true);
  column->addLayout(row);
  connect(save, &QPushButton::clicked, this, [this] { answer(Answer::Save); });
  connect(discard, &QPushButton::clicked, this, [this] { answer(Answer::Discard); });
  connect(cancel, &QPushButton::clicked, this, [this] { answer(Answer::Cancel); });
  connect(this, &QDialog::rejected, this, [this] { answer(Answer::Cancel); });
}

void ClosePrompt::answer(Answer answer) {
  if (m_isAnswered) return;
  m_isAnswered = true;
  Q_EMIT answered(answer);
  close();
}

void ClosePrompt::paintEvent(QPaintEvent*) {
  QPainter(this).fillRect(rect(), theme().color("raised"));
}

}  // namespace layersmith
