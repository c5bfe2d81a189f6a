#include "ui/dialogs/ErrorDialog.h"

#include "ui/dialogs/Parts.h"
#include "ui/theme/Icons.h"
#include "ui/widgets/DialogKeys.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QPainter>
#include <QPlainTextEdit>
#include <QToolButton>
#include <QVBoxLayout>

namespace layersmith {

namespace {

QString bodyText(const Error& error) {
  QString text = QString::fromStdString(error.message());
  if (!error.hint().empty()) text += QLatin1Char(' ') + QString::fromStdString(error.hint());
  return text;
}

QWidget* makeShortText(const QString& text) {
  auto* label = new TextLabel(text, Theme::TextRole::Code, "text2");
  label->setMono(true);
  label->setWordWrap(true);
  label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  return label;
}

QWidget* makeLongText(const QString& text) {
  auto* box = new QPlainTextEdit(text);
  box->setReadOnly(true);
  box->setFixedHeight(180);
  setMonoFont(box);
  nameControl(*box, QStringLiteral("errorDialog.text"), ErrorDialog::tr("Details"));
  return box;
}

}  // namespace

QString technicalText(const Error& error) {
  QStringList parts;
  parts << (error.code().empty() ? QString::fromStdString(toString(error.kind()))
                                 : QString::fromStdString(error.code()));
  if (!error.where().empty()) parts << QString::fromStdString(error.where());
  parts << bodyText(error);
  if (!error.details().empty()) parts << QString() << QString::fromStdString(error.details());
  return parts.join(QLatin1Char('\n'));
}

ErrorDialog::ErrorDialog(const QString& title, const Error& error, std::vector<ErrorAction> actions, QWidget* parent)
    : QDialog(parent) {
  setObjectName(QStringLiteral("errorDialog"));
  setWindowTitle(title);
  setAttribute(Qt::WA_DeleteOnClose);
  setModal(true);

  auto* row = new QHBoxLayout;
  row->setSpacing(12);
  auto* mark = new QLabel;
  mark->setPixmap(iconPixmap(QStringLiteral("error"), theme().color("danger"), 24, devicePixelRatioF()));
  row->addWidget(mark, 0, Qt::AlignTop);
  auto* texts = new QVBoxLayout;
  texts->setSpacing(4);
  auto* heading = new TextLabel(title, Theme::TextRole::Title);
  heading->setObjectName(QStringLiteral("errorDialog.title"));
  heading->setWordWrap(true);
  heading->setFixedWidth(344);  // the layout follows its texts
  auto* body = new TextLabel({}, Theme::TextRole::Body, "text2");
  body->setObjectName(QStringLiteral("errorDialog.body"));
  setSentence(*body, bodyText(error));
  body->setTextInteractionFlags(Qt::TextSelectableByMouse);
  texts->addWidget(heading);
  texts->addWidget(body);
  texts->addSpacing(8);
  texts->addWidget(makeDetails(error));
  row->addLayout(texts, 1);

  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(20, 20, 20, 20);
  column->setSpacing(20);
  column->setSizeConstraint(QLayout::SetMinimumSize);
  column->addLayout(row);
  column->addWidget(makeButtons(std::move(actions)));
  setDialogKeys(*this, *m_primary);
}

QWidget* ErrorDialog::makeDetails(const Error& error) {
  auto* box = new QWidget;
  auto* column = new QVBoxLayout(box);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(4);
  auto* head = new QHBoxLayout;
  head->setSpacing(4);
  auto* toggle = new QToolButton;
  toggle->setAutoRaise(true);
  toggle->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  toggle->setIcon(icon(QStringLiteral("chevron-right")));
  toggle->setText(tr("Details"));
  toggle->setCheckable(true);
  nameControl(*toggle, QStringLiteral("errorDialog.details"), tr("Details"), tr("Show the code and the place"));
  auto* code = new TextLabel(QString::fromStdString(error.code()), Theme::TextRole::Code, "text3");
  code->setMono(true);
  QPushButton* copy =
      makeButton(QStringLiteral("errorDialog.copy"), tr("Copy"), ButtonKind::Ghost, QStringLiteral("copy"));
  copy->hide();
  head->addWidget(toggle);
  head->addWidget(code);
  head->addStretch();
  head->addWidget(copy);
  column->addLayout(head);
  const QString text = technicalText(error);
  QWidget* technical = error.details().empty() ? makeShortText(text) : makeLongText(text);
  technical->hide();
  column->addWidget(technical);
  connect(toggle, &QToolButton::toggled, this, [this, toggle, technical, copy](bool isOpen) {
    toggle->setIcon(icon(isOpen ? QStringLiteral("chevron-down") : QStringLiteral("chevron-right")));
    technical->setVisible(isOpen);
    copy->setVisible(isOpen);
    adjustSize();
  });
  connect(copy, &QPushButton::clicked, this, [text] { QApplication::clipboard()->setText(text); });
  return box;
}

QWidget* ErrorDialog::makeButtons(std::vector<ErrorAction> actions) {
  auto* box = new QWidget;
  auto* row = new QHBoxLayout(box);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  row->addStretch();
  const bool hasActions = !actions.empty();
  QPushButton* close = makeButton(QStringLiteral("errorDialog.close"), hasActions ? tr("Cancel") : tr("Close"),
                                  hasActions ? ButtonKind::Default : ButtonKind::Primary);
  close->setProperty("large", true);
  connect(close, &QPushButton::clicked, this, &QDialog::reject);
  row->addWidget(close);
  m_primary = close;
  for (std::size_t i = actions.size(); i-- > 0;) {
    ErrorAction& action = actions[i];
    QPushButton* button = makeButton(QStringLiteral("errorDialog.") + action.name, action.text,
                                     i == 0 ? ButtonKind::Primary : ButtonKind::Default);
    button->setProperty("large", true);
    if (i == 0) m_primary = button;
    connect(button, &QPushButton::clicked, this, [this, run = std::move(action.run)] {
      accept();
      run();
    });
    row->addWidget(button);
  }
  return box;
}

void ErrorDialog::paintEvent(QPaintEvent*) {
  QPainter(this).fillRect(rect(), theme().color("raised"));
}

ErrorDialog* ErrorDialog::show(const QString& title, const Error& error, std::vector<ErrorAction> actions,
                               QWidget* parent) {
  auto* dialog = new ErrorDialog(title, error, std::move(actions), parent);
  dialog->open();
  return dialog;
}

}  // namespace layersmith
