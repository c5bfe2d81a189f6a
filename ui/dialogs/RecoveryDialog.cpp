#include "ui/dialogs/RecoveryDialog.h"

#include "ui/dialogs/Parts.h"
#include "ui/theme/Icons.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace layersmith {

namespace {

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

RecoveryDialog::RecoveryDialog(const std::vector<Row>& rows, QWidget* parent) : QDialog(parent) {
  setObjectName(QStringLiteral("recoveryDialog"));
  setWindowTitle(tr("Recovery"));
  setAttribute(Qt::WA_DeleteOnClose);
  setModal(true);
  setFixedWidth(420);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(20, 20, 20, 20);
  column->setSpacing(0);
  column->addWidget(new TextLabel(tr("Layersmith closed unexpectedly"), Theme::TextRole::Title));
  column->addSpacing(4);
  auto* body = new TextLabel({}, Theme::TextRole::Body, "text2");
  const bool isTraining = std::ranges::any_of(rows, &Row::isTraining);
  setSentence(*body, isTraining ? tr("Your edits are back. The training waits at its last checkpoint: Train goes on "
                                     "from there.")
                                : tr("Everything up to 2 seconds before is back."));
  column->addWidget(body);
  column->addSpacing(12);
  for (std::size_t i = 0; i < rows.size(); ++i) column->addWidget(makeRow(rows[i], static_cast<int>(i)));
  column->addSpacing(16);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(8);
  buttons->addStretch();
  QPushButton* discard = makeButton(QStringLiteral("recoveryDialog.discard"), tr("Discard"));
  QPushButton* keep = makeButton(QStringLiteral("recoveryDialog.keep"), rows.size() > 1 ? tr("Keep all") : tr("Keep"),
                                 ButtonKind::Primary);
  for (QPushButton* button : {discard, keep}) {
    button->setProperty("large", true);
    button->setMinimumWidth(88);
    buttons->addWidget(button);
  }
  keep->setDefault(true);
  column->addLayout(buttons);
  connect(keep, &QPushButton::clicked, this, [this] {
    Q_EMIT kept();
    accept();
  });
  connect(discard, &QPushButton::clicked, this, [this] {
    Q_EMIT discarded();
    accept();
  });
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
  texts->addWidget(new TextLabel(row.name));
  texts->addWidget(new TextLabel(row.note, Theme::TextRole::Caption, "text2"));
  texts->addStretch();
  layout->addLayout(texts, 1);
  QPushButton* show = makeButton(QStringLiteral("recoveryDialog.show%1").arg(index), tr("Show"), ButtonKind::Ghost);
  connect(show, &QPushButton::clicked, this, [this, index] { Q_EMIT showRequested(index); });
  layout->addWidget(show);
  return line;
}

void RecoveryDialog::paintEvent(QPaintEvent*) {
  QPainter(this).fillRect(rect(), theme().color("raised"));
}

}  // namespace layersmith
