#include "ui/widgets/FormRows.h"

#include "ui/theme/StylePainting.h"
#include "ui/widgets/TextLabel.h"

#include <QAbstractButton>
#include <QGridLayout>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace layersmith {

namespace {

constexpr int kLabelWidth = 104;
constexpr int kWidestLabel = 160;
constexpr int kGap = 8;

/// From one row to the next: a field and the gap, more where the text is large.
int pitch() {
  return std::max(36, QFontMetrics(theme().font(Theme::TextRole::Body)).height() + 16);
}

}  // namespace

FormRows::FormRows(QWidget* parent) : QWidget(parent), m_grid(new QGridLayout(this)) {
  m_grid->setContentsMargins(0, 0, 0, 0);
  m_grid->setHorizontalSpacing(kGap);
  m_grid->setVerticalSpacing(0);
  m_grid->setColumnMinimumWidth(0, kLabelWidth);
  m_grid->setColumnStretch(1, 1);
  m_grid->setAlignment(Qt::AlignTop);
  connect(&theme(), &Theme::changed, this, &FormRows::spaceRows);
}

void FormRows::spaceRows() {
  for (int row = 0; row < m_rows; ++row) m_grid->setRowMinimumHeight(row * 2, pitch());
}

TextLabel* FormRows::addRow(const QString& label, QWidget* field, const QString& helpText) {
  auto* name = new TextLabel(label, Theme::TextRole::Body, "text2", this);
  name->setWordWrap(true);
  name->setMaximumWidth(kWidestLabel);
  name->setBuddy(field);
  if (field->accessibleName().isEmpty()) field->setAccessibleName(label);
  if (field->toolTip().isEmpty()) field->setToolTip(helpText.isEmpty() ? label : helpText);
  field->setMinimumHeight(std::max(field->minimumHeight(), 28));
  // Rows come in pairs: the field, then its help, which may stay empty.
  m_grid->setRowMinimumHeight(m_rows * 2, pitch());
  m_grid->addWidget(name, m_rows * 2, 0, Qt::AlignVCenter);
  m_grid->addWidget(field, m_rows * 2, 1, Qt::AlignVCenter);
  ++m_rows;
  if (!helpText.isEmpty()) setHelp(field, helpText);
  return name;
}

void FormRows::addWide(QWidget* widget) {
  m_grid->setRowMinimumHeight(m_rows * 2, pitch());
  m_grid->addWidget(widget, m_rows * 2, 0, 1, 2);
  ++m_rows;
}

int FormRows::rowOf(const QWidget* field) const {
  for (int row = 0; row < m_rows; ++row) {
    const QLayoutItem* item = m_grid->itemAtPosition(row * 2, 1);
    if (item && item->widget() == field) return row;
  }
  return -1;
}

QLabel* FormRows::setHelp(QWidget* field, const QString& text, const char* token) {
  const int row = rowOf(field);
  Q_ASSERT(row >= 0);
  QLayoutItem* item = m_grid->itemAtPosition(row * 2 + 1, 1);
  auto* help = item ? qobject_cast<TextLabel*>(item->widget()) : nullptr;
  if (!help) {
    if (text.isEmpty()) return nullptr;
    help = new TextLabel({}, Theme::TextRole::Label, token, this);
    help->setWordWrap(true);
    help->setTextInteractionFlags(Qt::TextBrowserInteraction);
    help->setFocusPolicy(Qt::NoFocus);
    help->setContentsMargins(0, 0, 0, 6);
    m_grid->addWidget(help, row * 2 + 1, 1);
  }
  help->setToken(token);
  help->setText(text);
  help->setVisible(!text.isEmpty());
  return help;
}

void FormRows::clear() {
  while (QLayoutItem* item = m_grid->takeAt(0)) {
    delete item->widget();
    delete item;
  }
  for (int row = 0; row < m_rows * 2; ++row) m_grid->setRowMinimumHeight(row, 0);
  m_rows = 0;
}

class FoldSection::Heading final : public QAbstractButton {
 public:
  explicit Heading(const QString& title, QWidget* parent) : QAbstractButton(parent) {
    setText(title);
    setAccessibleName(title);
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  }
  void setSummary(const QString& summary) {
    m_summary = summary;
    update();
  }
  QSize sizeHint() const override { return {160, std::max(32, QFontMetrics(font()).height() + 12)}; }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.fillRect(0, 0, width(), 1, theme().color("line"));
    const bool isMirrored = isRightToLeft();
    const Chevron closed = isMirrored ? Chevron::Left : Chevron::Right;
    paintChevron(&painter, {isMirrored ? width() - 6.5 : 6.5, height() / 2.}, isChecked() ? Chevron::Down : closed,
                 theme().color(underMouse() ? "text" : "text2"), 4);
    const QFont strong = theme().font(Theme::TextRole::BodyStrong);
    painter.setFont(strong);
    painter.setPen(theme().color("text"));
    const QRect room = isMirrored ? rect().adjusted(0, 0, -20, 0) : rect().adjusted(20, 0, 0, 0);
    painter.drawText(room, Qt::AlignVCenter | (isMirrored ? Qt::AlignRight : Qt::AlignLeft), text());
    const int left = QFontMetrics(strong).horizontalAdvance(text()) + 12;
    painter.setFont(theme().font(Theme::TextRole::Body));
    painter.setPen(theme().color("text2"));
    const QString shown = painter.fontMetrics().elidedText(m_summary, Qt::ElideRight, room.width() - left);
    painter.drawText(room, Qt::AlignVCenter | (isMirrored ? Qt::AlignLeft : Qt::AlignRight), shown);
    if (hasFocus()) paintFocusRing(&painter, rect().adjusted(-2, 2, 0, -2), 4);
  }

 private:
  QString m_summary;
};

FoldSection::FoldSection(const QString& title, QWidget* content, QWidget* parent)
    : QWidget(parent), m_heading(new Heading(title, this)), m_content(content) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(m_heading);
  column->addWidget(content);
  content->hide();
  m_heading->setObjectName(QStringLiteral("fold_") + title.toLower().replace(u' ', u'_'));
  m_heading->setToolTip(tr("Show or hide: %1").arg(title));
  connect(m_heading, &QAbstractButton::toggled, this, [this](bool isOpen) {
    m_content->setVisible(isOpen);
    Q_EMIT toggled(isOpen);
  });
}

bool FoldSection::isOpen() const {
  return m_heading->isChecked();
}

void FoldSection::setOpen(bool isOpen) {
  m_heading->setChecked(isOpen);
}

void FoldSection::setSummary(const QString& text) {
  m_heading->setSummary(text);
}

}  // namespace layersmith
