#include "ui/inspector/FieldEditor.h"

#include "model/core/Error.h"
#include "ui/inspector/NamedTypeEditor.h"
#include "ui/inspector/ValueEditors.h"

#include <QEvent>
#include <QStyle>

namespace layersmith {

FieldEditor::FieldEditor(const FieldSpec& field, QWidget* parent) : QWidget(parent), m_field(field) {
  setObjectName(QStringLiteral("editor_") + QString::fromStdString(field.key));
}

void FieldEditor::adopt(QWidget* control, const QString& suffix) {
  control->setObjectName(QStringLiteral("field_") + QString::fromStdString(m_field.key) + suffix);
  const QString label = QString::fromStdString(m_field.displayLabel());
  control->setAccessibleName(suffix.isEmpty() ? label : label + u' ' + suffix.mid(1));
  control->setAccessibleDescription(QString::fromStdString(m_field.helpText));
  control->setToolTip(QString::fromStdString(m_field.helpText));
  control->installEventFilter(this);
  if (!focusProxy()) setFocusProxy(control);
}

bool FieldEditor::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::FocusIn) Q_EMIT editingBegan();
  // A wheel over a form scrolls the form; it must not change a number on the way.
  if (event->type() == QEvent::Wheel && !static_cast<QWidget*>(watched)->hasFocus()) {
    event->ignore();
    return true;
  }
  return QWidget::eventFilter(watched, event);
}

void FieldEditor::offer(const FieldValue& value, bool isTyping) {
  try {
    m_field.check(value);
  } catch (const Error& error) {
    setProblem(QString::fromStdString(error.message()));
    return;
  }
  setProblem({});
  Q_EMIT edited(value, isTyping);
}

void FieldEditor::setProblem(const QString& text) {
  if (text == m_problem) return;
  m_problem = text;
  if (QWidget* control = focusProxy()) {
    control->setProperty("invalid", !text.isEmpty());
    control->update();
  }
  Q_EMIT problemChanged(text);
}

FieldEditor* makeFieldEditor(const FieldSpec& field, QWidget* parent) {
  switch (field.kind) {
    case FieldKind::Integer: return new IntegerEditor(field, parent);
    case FieldKind::Number: return new NumberEditor(field, parent);
    case FieldKind::Flag: return new FlagEditor(field, parent);
    case FieldKind::Choice: return new ChoiceEditor(field, parent);
    case FieldKind::Text: break;
    case FieldKind::IntTuple: return new IntTupleEditor(field, parent);
    case FieldKind::IntPairs: return new IntPairsEditor(field, parent);
    case FieldKind::Dims: return new DimsEditor(field, parent);
    case FieldKind::Initializer:
    case FieldKind::Regularizer:
    case FieldKind::Constraint: return new NamedTypeEditor(field, parent);
  }
  return new TextEditor(field, parent);
}

}  // namespace layersmith
