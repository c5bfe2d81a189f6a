#include "ui/dialogs/RecoveryDialog.h"

#include "ui/dialogs/Parts.h"
#include "ui/theme/Icons.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>
#include <chrono>

namespace layersmith {

namespace {

using namespace std::chrono_literals;

constexpr auto kBetweenClicks = 600ms;

/// The layer family's glyph on its tile, 24 px.
class FamilyTile : public QWidget {
 public:
  explicit FamilyTile(QString family) : m_family(std::move(family)) { setFixedSize(24, 24); }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme().familyTint(m_family));
    painter.drawRoundedRect(rect(), 5, 5);
    painter.drawPixmap(
        4, 4, iconPixmap(QStringLiteral("layers/") + m_family, theme().familyInk(m_family), 16, devicePixelRatioF()));
  }

 private:
  QString m_family;
};

}  // namespace

RecoveryDialog::RecoveryDialog(std::vector<Row> rows, QWidget* parent) : QDialog(parent), m_rows(std::move(rows)) {
  setObjectName(QStringLiteral("recoveryDialog"));
  setWindowTitle(tr("Recovery"));
  setAttribute(Qt::WA_DeleteOnClose);
  setModal(true);
  setFixedWidth(460);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(20, 20, 20, 20);
  column->setSpacing(0);
  m_title = new TextLabel({}, Theme::TextRole::Title);
  column->addWidget(m_title);
  column->addSpacing(4);
  m_body = new TextLabel({}, Theme::TextRole::Body, "text2");
  column->addWidget(m_body);
  column->addSpacing(12);
  for (std::size_t i = 0; i < m_rows.size(); ++i) column->addWidget(makeRow(m_rows[i], static_cast<int>(i)));
  column->addSpacing(16);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(8);
  buttons->addStretch();
  m_discard = makeButton(QStringLiteral("recoveryDialog.discard"), tr("Discard..."));
  m_keep = makeButton(QStringLiteral("recoveryDialog.keep"), tr("Keep"), ButtonKind::Primary);
  for (QPushButton* button : {m_discard, m_keep}) {
    button->setProperty("large", true);
    button->setMinimumWidth(88);
    buttons->addWidget(button);
  }
  m_keep->setDefault(true);
  column->addLayout(buttons);
  connect(m_keep, &QPushButton::clicked, this, [this] {
    if (m_isAskingAgain) return setAskingAgain(false);
    Q_EMIT kept();
    accept();
  });
  connect(m_discard, &QPushButton::clicked, this, [this] {
    if (!m_isAskingAgain) return setAskingAgain(true);
    Q_EMIT discarded();
    accept();
  });
  setAskingAgain(false);
}

/// What is discarded is gone for good, so one click is not enough.
void RecoveryDialog::setAskingAgain(bool isAskingAgain) {
  m_isAskingAgain = isAskingAgain;
  if (isAskingAgain) {
    m_title->setText(tr("Discard what was recovered?"));
    setSentence(*m_body, tr("It cannot be brought back. Models that are saved stay as they are."));
    m_discard->setText(tr("Discard for good"));
    m_keep->setText(tr("Back"));
    m_keep->setFocus();
    m_discard->setEnabled(false);  // the second half of a double click is no answer
    QTimer::singleShot(kBetweenClicks, m_discard, [this] { m_discard->setEnabled(true); });
    return;
  }
  m_title->setText(tr("Layersmith closed unexpectedly"));
  const bool isTraining = std::ranges::any_of(m_rows, &Row::isTraining);
  setSentence(*m_body, isTraining ? tr("Your edits are back. The training waits at its last checkpoint: Train goes on "
                                       "from there.")
                                  : tr("Everything up to 2 seconds before is back."));
  m_discard->setText(tr("Discard..."));
  m_keep->setText(m_rows.size() > 1 ? tr("Keep all") : tr("Keep"));
}

QWidget* RecoveryDialog::makeRow(const Row& row, int index) {
  auto* line = new Surface("raised", Qt::TopEdge);
  line->setFixedHeight(44);
  auto* layout = new QHBoxLayout(line);
  layout->setContentsMargins(0, 1, 0, 0);
  layout->setSpacing(12);
  layout->addWidget(new FamilyTile(row.family));
  auto* texts = new QVBoxLayout;
  texts->setSpacing(0);
  texts->addStretch();
  texts->addWidget(new ElidedLabel(row.name));
  texts->addWidget(new ElidedLabel(row.note, Theme::TextRole::Caption, "text2"));
  texts->addStretch();
  layout->addLayout(texts, 1);
  if (row.isSaved) {
    QPushButton* compare =
        makeButton(QStringLiteral("recoveryDialog.compare%1").arg(index), tr("Compare"), ButtonKind::Ghost);
    compare->setToolTip(tr("Show what differs from the saved model"));
    connect(compare, &QPushButton::clicked, this, [this, index] { Q_EMIT compareRequested(index); });
    layout->addWidget(compare);
  }
  QPushButton* show = makeButton(QStringLiteral("recoveryDialog.show%1").arg(index), tr("Show"), ButtonKind::Ghost);
  connect(show, &QPushButton::clicked, this, [this, index] { Q_EMIT showRequested(index); });
  layout->addWidget(show);
  return line;
}

void RecoveryDialog::paintEvent(QPaintEvent*) {
  QPainter(this).fillRect(rect(), theme().color("raised"));
}

}  // namespace layersmith
