#include "ui/catalog/CatalogQuestions.h"

#include "ui/catalog/CatalogPlaces.h"
#include "ui/widgets/FormRows.h"
#include "ui/widgets/SizeText.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSpinBox>
#include <QVBoxLayout>

namespace layersmith {

namespace {

constexpr qint64 kMegabyte = 1024 * 1024;  // as the browsers' own limits are told: 5 MB are 5,242,880

TextLabel* sentence(const QString& text) {
  auto* label = new TextLabel(text, Theme::TextRole::Body, "text2");
  label->setWordWrap(true);
  return label;
}

}  // namespace

ConfirmDialog::ConfirmDialog(const QString& name, const QString& title, const QString& body, const QString& verb,
                             QWidget* parent)
    : FooterDialog(name + QStringLiteral("Dialog"), verb, parent) {
  setMinimumWidth(420);
  auto* heading = new TextLabel(title, Theme::TextRole::Title);
  heading->setWordWrap(true);
  content().addWidget(heading);
  content().addWidget(sentence(body));
  content().addStretch();
  QPushButton* cancel = addFooterButton(objectName() + QStringLiteral(".cancel"), tr("Cancel"), ButtonKind::Default);
  QPushButton* go = addFooterButton(objectName() + QStringLiteral(".go"), verb, ButtonKind::Danger);
  cancel->setDefault(true);
  cancel->setFocus();
  connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
  connect(go, &QPushButton::clicked, this, &QDialog::accept);
}

NameTakenDialog::NameTakenDialog(const QString& name, const QString& place, const QString& own, const QString& other,
                                 int left, QWidget* parent)
    : FooterDialog(QStringLiteral("nameTakenDialog"), tr("Name taken"), parent) {
  setMinimumWidth(460);
  auto* heading = new TextLabel(tr("%1 exists already in %2.").arg(name, place), Theme::TextRole::Title);
  heading->setWordWrap(true);
  content().addWidget(heading);
  auto* rows = new FormRows;
  if (!own.isEmpty()) rows->addRow(tr("Yours"), new TextLabel(own));
  if (!other.isEmpty()) rows->addRow(tr("There"), new TextLabel(other));
  content().addWidget(rows);
  content().addWidget(sentence(tr("Replace puts the model that is there to the Trash.")));
  m_forAll = new QCheckBox(tr("The same for all %Ln taken names", nullptr, left));
  nameControl(*m_forAll, QStringLiteral("nameTakenDialog.forAll"), m_forAll->text());
  m_forAll->setVisible(left > 1);
  content().addSpacing(4);
  content().addWidget(m_forAll);
  content().addStretch();
  addAnswer(QStringLiteral("skip"), tr("Skip"), Transfer::IfTaken::Skip, ButtonKind::Default);
  addAnswer(QStringLiteral("replace"), tr("Replace"), Transfer::IfTaken::Replace, ButtonKind::Default);
  addAnswer(QStringLiteral("keepBoth"), tr("Keep both"), Transfer::IfTaken::KeepBoth, ButtonKind::Primary);
}

void NameTakenDialog::addAnswer(const QString& name, const QString& text, Transfer::IfTaken answer, ButtonKind look) {
  QPushButton* button = addFooterButton(QStringLiteral("nameTakenDialog.") + name, text, look);
  if (look == ButtonKind::Primary) button->setFocus();
  connect(button, &QPushButton::clicked, this, [this, answer] {
    Q_EMIT answered(answer, m_forAll->isChecked());
    accept();
  });
}

QString NameTakenDialog::describe(const ModelEntry& entry) {
  return tr("%1, %2").arg(sizeText(entry.info.totalBytes()), whenText(entry.info.dateSaved));
}

ServerDialog::ServerDialog(QWidget* parent, const QString& address)
    : FooterDialog(QStringLiteral("serverDialog"), tr("Server"), parent) {
  setMinimumWidth(480);
  const bool isKnown = !address.isEmpty();
  content().addWidget(new TextLabel(isKnown ? tr("Token for %1").arg(placeTitle(address)) : tr("Add a server"),
                                    Theme::TextRole::Title));
  TextLabel* words = sentence({});
  setSentence(*words, isKnown ? tr("The server shows its models to whoever has one. Ask the person who runs it.")
                              : tr("`layersmith-server` runs one. Its models stand beside your own."));
  content().addWidget(words);
  m_rows = new FormRows;
  m_address = new QLineEdit(address);
  m_address->setPlaceholderText(QStringLiteral("https://lab.example:8080"));
  m_address->setReadOnly(isKnown);
  nameControl(*m_address, QStringLiteral("serverDialog.address"), tr("Address"));
  m_token = new QLineEdit;
  m_token->setEchoMode(QLineEdit::Password);
  nameControl(*m_token, QStringLiteral("serverDialog.token"), tr("Token"));
  m_keep = new QCheckBox(tr("Keep in the system keychain"));
  m_keep->setEnabled(false);
  nameControl(*m_keep, QStringLiteral("serverDialog.keep"), m_keep->text(), tr("Looking for a keychain"));
  m_rows->addRow(tr("Address"), m_address);
  m_rows->addRow(tr("Token"), m_token);
  m_rows->addRow({}, m_keep);
  tellWhereKept();
  connect(m_keep, &QCheckBox::toggled, this, &ServerDialog::tellWhereKept);
  content().addWidget(m_rows);
  m_problem = new TextLabel({}, Theme::TextRole::Body, "danger");
  m_problem->setWordWrap(true);
  m_problem->hide();
  content().addWidget(m_problem);
  content().addStretch();
  QPushButton* cancel = addFooterButton(QStringLiteral("serverDialog.cancel"), tr("Cancel"), ButtonKind::Default);
  QPushButton* add =
      addFooterButton(QStringLiteral("serverDialog.add"), isKnown ? tr("Connect") : tr("Add"), ButtonKind::Primary);
  connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
  connect(add, &QPushButton::clicked, this, &ServerDialog::choose);
  (isKnown ? m_token : m_address)->setFocus();
}

void ServerDialog::offerKeychain(const QString& problem, bool isKept) {
  m_keep->setEnabled(problem.isEmpty());
  m_keep->setChecked(problem.isEmpty() && isKept);
  m_keep->setToolTip(problem.isEmpty() ? tr("The token is there again at the next start") : problem);
  m_rows->setHelp(m_keep, problem);
}

void ServerDialog::setForSession() {
  m_keep->hide();
}

void ServerDialog::tellWhereKept() {
  m_rows->setHelp(m_token, m_keep->isChecked() ? tr("Kept until the server is removed from the catalog.")
                                               : tr("Kept until Layersmith closes, and written nowhere."));
}

void ServerDialog::choose() {
  const QString root = serverRoot(m_address->text());
  if (root.isEmpty()) {
    m_problem->setText(tr("This is no address of a server. Type one as https://lab.example:8080."));
    m_problem->show();
    return;
  }
  Q_EMIT chosen(root, m_token->text(), m_keep->isChecked());
  accept();
}

QuotaDialog::QuotaDialog(const QString& place, std::int64_t quota, QWidget* parent)
    : FooterDialog(QStringLiteral("quotaDialog"), tr("Quota"), parent) {
  setMinimumWidth(420);
  content().addWidget(new TextLabel(tr("Room in %1").arg(placeTitle(place)), Theme::TextRole::Title));
  content().addWidget(
      sentence(place == QStringLiteral("localstorage")
                   ? tr("Browsers give local storage 5 MB. With more, models are kept here that no browser would take.")
                   : tr("Browsers give IndexedDB a share of the free disk space.")));
  m_amount = new QSpinBox;
  m_amount->setRange(1, 1'000'000);
  m_amount->setSuffix(tr(" MB"));
  m_amount->setValue(int(quota / kMegabyte));
  nameControl(*m_amount, QStringLiteral("quotaDialog.amount"), tr("Room in megabytes"));
  auto* rows = new FormRows;
  rows->addRow(tr("Room"), m_amount);
  content().addWidget(rows);
  content().addStretch();
  QPushButton* cancel = addFooterButton(QStringLiteral("quotaDialog.cancel"), tr("Cancel"), ButtonKind::Default);
  QPushButton* set = addFooterButton(QStringLiteral("quotaDialog.set"), tr("Set"), ButtonKind::Primary);
  connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
  connect(set, &QPushButton::clicked, this, [this] {
    Q_EMIT chosen(m_amount->value() * kMegabyte);
    accept();
  });
}

}  // namespace layersmith
