#include "ui/widgets/NameEditor.h"

#include "ui/widgets/TextLabel.h"

#include <QAccessible>

#include <algorithm>

namespace layersmith {

namespace {

constexpr int kWidest = 360, kMargin = 6, kGap = 2;

}  // namespace

NameEditor::NameEditor(const QString& objectName, QWidget* parent) : QLineEdit(parent) {
  setObjectName(objectName);
  setAccessibleName(tr("New name"));
  setFrame(true);
  m_label = new TextLabel({}, Theme::TextRole::Label, "danger", parent);
  m_label->setObjectName(objectName + QStringLiteral("Problem"));
  m_label->setWordWrap(true);
  m_label->setMargin(kMargin);
  m_label->setAttribute(Qt::WA_TransparentForMouseEvents);
  setBackgroundToken(m_label, "dangerTint");
  m_label->hide();
  connect(this, &QLineEdit::textEdited, this, [this](const QString& name) {
    m_isTouched = true;
    tell(name.trimmed().isEmpty() ? QString() : problem());  // one may be about to type another
  });
}

NameEditor::~NameEditor() {
  delete m_label;
}

QString NameEditor::problem() const {
  if (!m_refusal.isEmpty() && text().trimmed() == m_refused) return m_refusal;
  return m_check ? m_check(text()) : QString();
}

void NameEditor::retype(const QString& text, const QString& problem) {
  m_refused = text.trimmed();
  m_refusal = problem;
  m_isTouched = true;
  setText(text);
  selectAll();
  tellProblem();
}

void NameEditor::tellProblem() {
  tell(problem());
}

void NameEditor::tell(const QString& problem) {
  setProperty("invalid", !problem.isEmpty());
  setAccessibleDescription(problem);
  setToolTip(problem);
  update();
  const bool isNews = !problem.isEmpty() && problem != m_label->text();
  m_label->setText(problem);
  m_label->setVisible(!problem.isEmpty());
  placeLabel();
  if (!isNews) return;
  QAccessibleEvent alert(this, QAccessible::Alert);
  QAccessible::updateAccessibility(&alert);
}

void NameEditor::placeLabel() {
  if (!m_label || m_label->isHidden()) return;
  const QWidget* parent = parentWidget();
  const int words = m_label->fontMetrics().horizontalAdvance(m_label->text()) + 2 * kMargin + 2;
  const int width = std::min({std::max(this->width(), words), kWidest, parent->width() - x()});
  const QSize size(width, m_label->heightForWidth(width));
  const bool isBelow = geometry().bottom() + kGap + size.height() <= parent->height();
  m_label->setGeometry({QPoint(x(), isBelow ? geometry().bottom() + kGap : y() - kGap - size.height()), size});
  m_label->raise();
}

void NameEditor::moveEvent(QMoveEvent* event) {
  QLineEdit::moveEvent(event);
  placeLabel();
}

void NameEditor::resizeEvent(QResizeEvent* event) {
  QLineEdit::resizeEvent(event);
  placeLabel();
}

}  // namespace layersmith
