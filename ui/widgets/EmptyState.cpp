#include "ui/widgets/EmptyState.h"

#include "ui/theme/Icons.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/TextLabel.h"

#include <QVBoxLayout>

#include <algorithm>

namespace layersmith {

namespace {

constexpr int kWidest = 260;

}  // namespace

EmptyState::EmptyState(const QString& iconName, const QString& line, const QString& sentence, const QString& buttonText,
                       const QString& buttonIcon, QWidget* parent)
    : QWidget(parent) {
  auto* glyph = new QToolButton(this);  // paints its icon in the theme of the moment, unlike a label's pixmap
  glyph->setIcon(icon(iconName, "text3"));
  glyph->setIconSize({24, 24});
  glyph->setAutoRaise(true);
  glyph->setFocusPolicy(Qt::NoFocus);
  glyph->setAttribute(Qt::WA_TransparentForMouseEvents);
  m_line = new TextLabel(line, Theme::TextRole::BodyStrong, "text", this);
  m_sentence = new TextLabel(sentence, Theme::TextRole::Body, "text2", this);
  for (QLabel* label : {m_line, m_sentence}) {
    label->setAlignment(Qt::AlignCenter);
    label->setWordWrap(true);
  }
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(16, 16, 16, 16);
  column->setSpacing(4);
  column->addStretch();
  column->addWidget(glyph, 0, Qt::AlignHCenter);
  column->addSpacing(4);
  column->addWidget(m_line, 0, Qt::AlignHCenter);
  column->addWidget(m_sentence, 0, Qt::AlignHCenter);
  if (!buttonText.isEmpty()) {
    m_button = makeButton(QStringLiteral("emptyStateButton"), buttonText, ButtonKind::Default, buttonIcon, this);
    column->addSpacing(8);
    column->addWidget(m_button, 0, Qt::AlignHCenter);
    connect(m_button, &QPushButton::clicked, this, &EmptyState::activated);
  }
  column->addStretch();
  setMinimumWidth(200);
  fitLabels();
  connect(&theme(), &Theme::changed, this, &EmptyState::fitLabels);
}

void EmptyState::resizeEvent(QResizeEvent*) {
  fitLabels();
}

void EmptyState::fitLabels() {
  // A centred label in a layout does not get the height its wrapped text needs: give it.
  const int width = std::clamp(this->width() - 32, 160, int(kWidest * theme().fontScale()));
  for (QLabel* label : {m_line, m_sentence}) label->setFixedSize(width, label->heightForWidth(width));
}

void EmptyState::setTexts(const QString& line, const QString& sentence) {
  m_line->setText(line);
  m_sentence->setText(sentence);
  fitLabels();
}

}  // namespace layersmith
