#include "ui/inspector/SettingsPage.h"

#include "model/document/Edits.h"
#include "model/nn/LayerRegistry.h"
#include "ui/canvas/LayerText.h"
#include "ui/commands/DocumentContext.h"
#include "ui/inspector/LayerFacts.h"
#include "ui/inspector/NamedTypeEditor.h"
#include "ui/widgets/FormRows.h"
#include "ui/widgets/TextLabel.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QMenu>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>
#include <optional>

namespace layersmith {

namespace {

const FieldList& fieldsOf(const LayerSpec& layer) {
  static const FieldList none;
  const LayerType* type = findLayerType(layer.className);
  return type ? type->fields() : none;
}

}  // namespace

SettingsPage::SettingsPage(QWidget* parent) : QWidget(parent) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
}

void SettingsPage::setContext(DocumentContext* context) {
  m_context = context;
  m_layers.clear();
  m_built.clear();
}

SettingsPage::Section SettingsPage::sectionOf(const FieldSpec& field) {
  if (field.kind == FieldKind::Initializer) return Section::InitialValues;
  if (field.kind == FieldKind::Regularizer || field.kind == FieldKind::Constraint) return Section::Regularization;
  return field.isAdvanced ? Section::Advanced : Section::Basic;
}

QString SettingsPage::schemaKey() const {
  QStringList parts;
  for (LayerId layer : m_layers) {
    const LayerSpec* spec = m_context->state().graph.find(layer);
    parts << QString::number(layer.value) + u':' + (spec ? QString::fromStdString(spec->className) : QString());
  }
  return parts.join(u' ');
}

void SettingsPage::show(const std::vector<LayerId>& layers) {
  m_layers = layers;
  if (const QString key = schemaKey(); key != m_built) {
    m_built = key;
    build();
  }
  refresh();
}

FoldSection* SettingsPage::section(Section section) const {
  const auto found = m_folds.find(section);
  return found == m_folds.end() ? nullptr : found->second;
}

void SettingsPage::build() {
  delete m_page;
  m_rows.clear();
  m_folds.clear();
  m_foldRows.clear();
  m_page = new QWidget(this);
  layout()->addWidget(m_page);
  auto* column = new QVBoxLayout(m_page);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  m_basic = new FormRows(m_page);
  column->addWidget(m_basic);
  addNameRow();

  m_facts = new LayerFacts(m_page);
  const std::pair<Section, QString> folds[] = {{Section::InitialValues, tr("Initial values")},
                                               {Section::Regularization, tr("Regularization")},
                                               {Section::Advanced, tr("Advanced")}};
  for (const auto& [which, title] : folds) {
    m_foldRows[which] = new FormRows(m_page);
    m_folds[which] = new FoldSection(title, m_foldRows[which], m_page);
    m_folds[which]->setOpen(m_isOpen[which]);
    connect(m_folds[which], &FoldSection::toggled, this,
            [this, section = which](bool isOpen) { m_isOpen[section] = isOpen; });
  }
  const LayerSpec* first = m_context->state().graph.find(m_layers.front());
  for (const FieldSpec& field : first ? fieldsOf(*first) : FieldList()) {
    const bool isShared = std::ranges::all_of(m_layers, [&](LayerId layer) {
      const LayerSpec* spec = m_context->state().graph.find(layer);
      const FieldSpec* same = spec ? findField(fieldsOf(*spec), field.key) : nullptr;
      return same && same->kind == field.kind && same->arity == field.arity && same->choices == field.choices;
    });
    if (isShared) addRow(field);
  }
  m_trainable = new QCheckBox(tr("Learns during training"), m_page);
  m_trainable->setObjectName(QStringLiteral("field_trainable"));
  m_trainable->setAccessibleName(tr("Trainable"));
  m_trainable->setToolTip(tr("Off: the weights stay as they are; the layer is frozen."));
  m_basic->addRow(tr("Trainable"), m_trainable);
  connect(m_trainable, &QCheckBox::clicked, this, [this](bool isOn) {
    m_trainable->setTristate(false);
    if (m_context)
      m_context->apply(isOn ? tr("unfreeze") : tr("freeze"), edits::setTrainable(m_context->state(), m_layers, isOn));
  });
  column->addSpacing(8);
  column->addWidget(m_facts);
  column->addSpacing(8);
  for (const auto& [which, fold] : m_folds) {
    column->addWidget(fold);
    fold->setVisible(m_foldRows[which]->rowCount() > 0);
  }
  column->addStretch();
  m_page->setEnabled(!m_isLocked);
  m_page->show();
}

void SettingsPage::addNameRow() {
  m_name = nullptr;
  if (m_layers.size() != 1) return;
  m_name = new QLineEdit(m_page);
  m_name->setObjectName(QStringLiteral("field_name"));
  m_name->setAccessibleName(tr("Name"));
  m_name->setToolTip(tr("Unique in the model; weights are saved under it."));
  m_name->setMaxLength(200);
  m_basic->addRow(tr("Name"), m_name);
  connect(m_name, &QLineEdit::textEdited, this, &SettingsPage::rename);
  connect(m_name, &QLineEdit::editingFinished, this, [this] {
    ++m_editing;
    refresh();
  });
}

void SettingsPage::addRow(const FieldSpec& field) {
  const Section where = sectionOf(field);
  FormRows* rows = where == Section::Basic ? m_basic : m_foldRows[where];
  FieldEditor* editor = makeFieldEditor(field, rows);
  const QString label = QString::fromStdString(field.displayLabel());
  TextLabel* name = rows->addRow(editor->hasOwnLabel() ? QString() : label, editor);
  const auto openMenu = [this, editor, key = field.key](const QPoint& position) {
    const auto row = std::ranges::find(m_rows, key, [](const Row& r) { return r.field.key; });
    if (row == m_rows.end() || row->field.isRequired) return;
    QMenu menu(this);
    const QString text =
        tr("Back to the default: %1").arg(QString::fromStdString(toDisplayString(row->field.defaultValue)));
    menu.addAction(text, this, [this, field = row->field] { setField(field, field.defaultValue, false); });
    menu.exec(editor->mapToGlobal(position));
  };
  name->setContextMenuPolicy(Qt::CustomContextMenu);
  connect(name, &QWidget::customContextMenuRequested, this, openMenu);
  name->setToolTip(QString::fromStdString(field.helpText));
  connect(editor, &FieldEditor::editingBegan, this, [this] { ++m_editing; });
  connect(editor, &FieldEditor::edited, this,
          [this, field](const FieldValue& value, bool isTyping) { setField(field, value, isTyping); });
  connect(editor, &FieldEditor::problemChanged, this, [this, key = field.key] {
    const auto row = std::ranges::find(m_rows, key, [](const Row& r) { return r.field.key; });
    if (row != m_rows.end()) refreshRow(*row);
  });
  m_rows.push_back({field, editor, rows, where});
}

FieldValue SettingsPage::valueOf(LayerId layer, const FieldSpec& field) const {
  const LayerSpec* spec = m_context->state().graph.find(layer);
  return spec ? fieldValue(fieldsOf(*spec), spec->config, field.key) : FieldValue();
}

void SettingsPage::refresh() {
  if (!m_context || m_layers.empty() || !m_page) return;
  const Graph& graph = m_context->state().graph;
  const LayerSpec* first = graph.find(m_layers.front());
  if (!first) return;
  if (m_name && (!m_name->hasFocus() || m_name->property("invalid").toBool() == false)) {
    const QString name = QString::fromStdString(first->name);
    if (m_name->text() != name && !m_name->property("invalid").toBool()) m_name->setText(name);
  }
  if (m_name && !m_name->hasFocus() && m_name->property("invalid").toBool()) {
    m_name->setProperty("invalid", false);
    m_name->setText(QString::fromStdString(first->name));
    m_basic->setHelp(m_name, {});
  }
  for (Row& row : m_rows) {
    const FieldValue value = valueOf(m_layers.front(), row.field);
    const bool isShared =
        std::ranges::all_of(m_layers, [&](LayerId layer) { return valueOf(layer, row.field) == value; });
    row.editor->setValue(isShared ? std::optional(value) : std::nullopt);
    refreshRow(row);
  }
  const QSignalBlocker blocker(m_trainable);
  const bool isMixed = std::ranges::any_of(m_layers, [&](LayerId layer) {
    const LayerSpec* spec = graph.find(layer);
    return spec && spec->isTrainable != first->isTrainable;
  });
  m_trainable->setTristate(isMixed);
  m_trainable->setCheckState(isMixed ? Qt::PartiallyChecked : first->isTrainable ? Qt::Checked : Qt::Unchecked);
  m_facts->setVisible(m_layers.size() == 1);
  m_facts->show(*m_context, m_layers.front());
  refreshSummaries();
}

void SettingsPage::refreshRow(Row& row) {
  if (!row.editor->problem().isEmpty()) {
    row.rows->setHelp(row.editor, row.editor->problem().toHtmlEscaped(), "danger");
    return;
  }
  const GraphReport& report = m_context->document().report();
  const auto issue = std::ranges::find_if(report.issues, [&](const Issue& i) {
    return i.fieldKey == row.field.key && std::ranges::find(m_layers, i.layer) != m_layers.end();
  });
  if (issue != report.issues.end()) {
    QString text = richText(QString::fromStdString(issue->message));
    if (!issue->repairs.empty())
      text += QStringLiteral(" <a href=\"repair\" style=\"color:%1\">%2</a>")
                  .arg(theme().color("accentText").name(),
                       QString::fromStdString(issue->repairs.front().label).toHtmlEscaped());
    QLabel* help = row.rows->setHelp(row.editor, text, issue->severity == Severity::Error ? "danger" : "text2");
    disconnect(help, &QLabel::linkActivated, this, nullptr);
    connect(help, &QLabel::linkActivated, this, [this, key = row.field.key] { applyRepairOf(key); });
    return;
  }
  row.rows->setHelp(row.editor, m_isHelpShown ? QString::fromStdString(row.field.helpText).toHtmlEscaped() : QString());
}

void SettingsPage::refreshSummaries() {
  std::map<Section, QStringList> words;
  for (const Row& row : m_rows) {
    if (row.section == Section::Basic) continue;
    const FieldValue value = valueOf(m_layers.front(), row.field);
    if (row.section == Section::InitialValues)
      words[row.section] << namedTypeText(row.field.kind, value);
    else if (row.section == Section::Regularization && !value.isNull())
      words[row.section] << namedTypeText(row.field.kind, value);
  }
  for (const auto& [which, fold] : m_folds) {
    QStringList& list = words[which];
    list.removeDuplicates();
    fold->setSummary(which == Section::Regularization && list.isEmpty() ? tr("none") : list.join(QStringLiteral(", ")));
  }
}

void SettingsPage::rename(const QString& text) {
  if (!m_context || m_layers.size() != 1) return;
  const std::string name = text.trimmed().toStdString();
  const LayerSpec* other = m_context->state().graph.findByName(name);
  const bool isTaken = other && other->id != m_layers.front();
  m_name->setProperty("invalid", name.empty() || isTaken);
  m_name->update();
  m_basic->setHelp(m_name,
                   name.empty() ? tr("A layer needs a name.")
                   : isTaken    ? tr("Another layer has this name.")
                                : QString(),
                   "danger");
  if (name.empty() || isTaken) return;
  const QString merge = QStringLiteral("rename/%1/%2").arg(m_layers.front().value).arg(m_editing);
  m_context->apply(tr("rename"), edits::renameLayer(m_context->state(), m_layers.front(), name), merge);
}

void SettingsPage::setField(const FieldSpec& field, const FieldValue& value, bool isTyping) {
  if (!m_context) return;
  DocumentState after = edits::setField(m_context->state(), m_layers, field.key, value);
  if (after.graph == m_context->state().graph) return;
  const QString merge =
      isTyping ? QStringLiteral("field/%1/%2/%3").arg(QString::fromStdString(field.key), m_built).arg(m_editing)
               : QString();
  m_context->apply(tr("change %1").arg(QString::fromStdString(field.displayLabel()).toLower()), std::move(after),
                   merge);
}

void SettingsPage::applyRepairOf(const std::string& fieldKey) {
  const GraphReport& report = m_context->document().report();
  for (const Issue& issue : report.issues)
    if (issue.fieldKey == fieldKey && !issue.repairs.empty() &&
        std::ranges::find(m_layers, issue.layer) != m_layers.end()) {
      const Repair repair = issue.repairs.front();
      m_context->apply(QString::fromStdString(repair.label), edits::applyRepair(m_context->state(), repair));
      return;
    }
}

void SettingsPage::resetToDefaults() {
  if (!m_context) return;
  DocumentState after = m_context->state();
  for (const Row& row : m_rows)
    if (!row.field.isRequired) after = edits::setField(after, m_layers, row.field.key, row.field.defaultValue);
  if (after.graph != m_context->state().graph) m_context->apply(tr("reset to defaults"), std::move(after));
}

void SettingsPage::setHelpShown(bool isShown) {
  m_isHelpShown = isShown;
  refresh();
}

void SettingsPage::setLocked(bool isLocked) {
  m_isLocked = isLocked;
  if (m_page) m_page->setEnabled(!isLocked);
}

bool SettingsPage::focusField(const QString& fieldKey) {
  for (const Row& row : m_rows) {
    if (!fieldKey.isEmpty() && QString::fromStdString(row.field.key) != fieldKey) continue;
    if (fieldKey.isEmpty() && row.section != Section::Basic) continue;
    if (FoldSection* fold = section(row.section)) fold->setOpen(true);
    row.editor->setFocus(Qt::ShortcutFocusReason);
    return true;
  }
  if (m_name) m_name->setFocus(Qt::ShortcutFocusReason);
  return m_name != nullptr;
}

}  // namespace layersmith
