#include "ui/inspector/NamedTypeEditor.h"

#include "ui/widgets/FormRows.h"
#include "ui/widgets/TextLabel.h"

#include <QComboBox>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

namespace layersmith {

namespace {

std::span<const NamedType> typesOf(FieldKind kind) {
  if (kind == FieldKind::Initializer) return initializerTypes();
  return kind == FieldKind::Regularizer ? regularizerTypes() : constraintTypes();
}

bool hasDefaults(const NamedType& type, const FieldMap& config) {
  return std::ranges::all_of(type.fields, [&](const FieldSpec& field) {
    const FieldValue* given = config.find(field.key);
    return !given || *given == field.defaultValue ||
           (given->isNumber() && field.defaultValue.isNumber() && given->asNumber() == field.defaultValue.asNumber());
  });
}

FieldMap configOf(const FieldValue& value) {
  if (!value.isMap()) return {};
  const FieldValue* config = value.asMap().find("config");
  return config && config->isMap() ? config->asMap() : FieldMap();
}

/// Several names share one class: the one whose defaults the value has, else the one that names the class itself.
const NamedType* typeOf(std::span<const NamedType> types, const FieldValue& value) {
  if (value.isString()) return findNamedType(types, value.asString());
  if (!value.isMap()) return nullptr;
  const std::string name = value.asMap().stringAt("className");
  const FieldMap config = configOf(value);
  const NamedType* last = nullptr;
  for (const NamedType& type : types) {
    if (type.className != name && type.name != name) continue;
    if (hasDefaults(type, config)) return &type;
    last = &type;
  }
  if (const auto general = std::ranges::find(types, "l1l2", &NamedType::name);
      last && general != types.end() && last->className == general->className)
    return &*general;
  return last;
}

FieldValue valueOf(const NamedType& type, const FieldMap& config) {
  FieldMap full;
  for (const FieldSpec& field : type.fields) full.set(field.key, fieldValue(type.fields, config, field.key));
  return FieldMap{{"className", type.className}, {"config", full}};
}

}  // namespace

QString namedTypeText(FieldKind kind, const FieldValue& value) {
  const NamedType* type = typeOf(typesOf(kind), value);
  if (type) return QString::fromStdString(type->name);
  return value.isNull() ? FieldEditor::tr("none") : QString::fromStdString(toDisplayString(value));
}

NamedTypeEditor::NamedTypeEditor(const FieldSpec& field, QWidget* parent)
    : FieldEditor(field, parent),
      m_types(typesOf(field.kind)),
      m_combo(new QComboBox(this)),
      m_rows(new FormRows(this)) {
  if (field.isNullable) m_combo->addItem(tr("none"));
  for (const NamedType& type : m_types) {
    m_combo->addItem(QString::fromStdString(type.name), QString::fromStdString(type.name));
    m_combo->setItemData(m_combo->count() - 1, QString::fromStdString(type.help), Qt::ToolTipRole);
  }
  m_combo->setPlaceholderText(tr("several"));
  m_combo->setMinimumContentsLength(6);
  m_combo->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  adopt(m_combo);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 4, 0, 4);
  column->setSpacing(4);
  column->addWidget(m_combo);
  column->addWidget(m_rows);
  m_rows->hide();
  connect(m_combo, &QComboBox::activated, this, [this] {
    const QVariant name = m_combo->currentData();
    const NamedType* type = name.isValid() ? findNamedType(m_types, name.toString().toStdString()) : nullptr;
    choose(type, {});
    offer(type ? valueOf(*type, {}) : FieldValue(), false);
  });
}

void NamedTypeEditor::choose(const NamedType* type, const FieldMap& config) {
  const bool isSame = type == m_type;
  m_type = type;
  m_config = config;
  if (!isSame) {
    m_rows->clear();
    for (const FieldSpec& field : type ? type->fields : FieldList()) {
      if (field.isAdvanced) continue;
      FieldEditor* editor = makeFieldEditor(field, m_rows);
      m_rows->addRow(editor->hasOwnLabel() ? QString() : QString::fromStdString(field.displayLabel()), editor);
      // Two initializers of one layer have fields of the same name: say whose it is.
      QWidget* control = editor->focusProxy();
      control->setObjectName(m_combo->objectName() + u'_' + QString::fromStdString(field.key));
      control->setAccessibleName(m_combo->accessibleName() + u' ' + control->accessibleName());
      connect(editor, &FieldEditor::editingBegan, this, &FieldEditor::editingBegan);
      connect(editor, &FieldEditor::edited, this, [this, key = field.key](const FieldValue& value, bool isTyping) {
        m_config.set(key, value);
        offer(valueOf(*m_type, m_config), isTyping);
      });
    }
  }
  m_rows->setVisible(m_rows->rowCount() > 0);
  for (FieldEditor* editor : m_rows->findChildren<FieldEditor*>(Qt::FindDirectChildrenOnly))
    editor->setValue(fieldValue(type->fields, config, editor->field().key));
}

void NamedTypeEditor::setValue(const std::optional<FieldValue>& value) {
  const QSignalBlocker blocker(m_combo);
  const NamedType* type = value ? typeOf(m_types, *value) : nullptr;
  // While its own fields are edited the name stays, also where the numbers meet another name's defaults.
  if (value && m_type && value->isMap() && value->asMap().stringAt("className") == m_type->className &&
      configOf(*value) == m_config)
    type = m_type;
  if (!value)
    m_combo->setCurrentIndex(-1);
  else
    m_combo->setCurrentIndex(type                 ? m_combo->findData(QString::fromStdString(type->name))
                             : field().isNullable ? 0
                                                  : -1);
  choose(type, value ? configOf(*value) : FieldMap());
}

}  // namespace layersmith
