#include "ui/inspector/ValueEditors.h"

#include "ui/widgets/TextLabel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>

#include <algorithm>
#include <cmath>
#include <limits>

namespace layersmith {

namespace {

QHBoxLayout* plainRow(QWidget* widget) {
  auto* row = new QHBoxLayout(widget);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  return row;
}

int asBound(const std::optional<double>& bound, int fallback) {
  return bound ? int(std::clamp(*bound, -2147483000., 2147483000.)) : fallback;
}

QSpinBox* integerBox(const FieldSpec& field, QWidget* parent) {
  auto* box = new QSpinBox(parent);
  box->setRange(asBound(field.minimum, -1'000'000'000), asBound(field.maximum, 1'000'000'000));
  box->setGroupSeparatorShown(false);
  box->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  box->setMinimumWidth(56);
  setMonoFont(box);
  return box;
}

/// Shows nothing, or a word, in a number box without changing what it would say next.
void showBlank(QAbstractSpinBox* box, const QString& word) {
  if (auto* edit = box->findChild<QLineEdit*>()) {
    const QSignalBlocker blocker(edit);
    edit->setPlaceholderText(word);
    edit->clear();
  }
}

int clampedInt(const FieldValue& value) {
  return int(std::clamp<std::int64_t>(value.asInt(), std::numeric_limits<int>::min(), std::numeric_limits<int>::max()));
}

}  // namespace

// --- NumberBox

NumberBox::NumberBox(QWidget* parent) : QDoubleSpinBox(parent) {
  setDecimals(15);
  setLocale(QLocale::c());
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  setMinimumWidth(64);
  setMonoFont(this);
}

QString NumberBox::textFromValue(double value) const {
  return QString::number(value, 'g', QLocale::FloatingPointShortest);
}

double NumberBox::valueFromText(const QString& text) const {
  return text.trimmed().replace(u',', u'.').toDouble();
}

QValidator::State NumberBox::validate(QString& text, int&) const {
  static const QString allowed = QStringLiteral("0123456789.,-+eE");
  if (!std::ranges::all_of(text, [](QChar c) { return allowed.contains(c); })) return QValidator::Invalid;
  bool isNumber = false;
  const double value = text.trimmed().replace(u',', u'.').toDouble(&isNumber);
  return isNumber && value >= minimum() && value <= maximum() ? QValidator::Acceptable : QValidator::Intermediate;
}

void NumberBox::stepBy(int steps) {
  // One unit of the leading digit: 0.03 -> 0.04, 1e-7 -> 2e-7, and down again from 0.01 to 0.009.
  const double now = std::abs(value());
  double step = now > 0 ? std::pow(10, std::floor(std::log10(now) + 1e-9)) : 0.1;
  if (now > 0 && steps < 0 && std::abs(now - step) < step * 1e-6) step /= 10;
  const double digits = 1 / step;
  setValue(std::round((value() + steps * step) * digits) / digits);
}

// --- IntegerEditor

IntegerEditor::IntegerEditor(const FieldSpec& field, QWidget* parent)
    : FieldEditor(field, parent), m_box(integerBox(field, this)) {
  adopt(m_box);
  plainRow(this)->addWidget(m_box);
  connect(m_box, &QSpinBox::textChanged, this, [this](const QString& text) {
    if (text.isEmpty() && this->field().isNullable) return offer(FieldValue(), true);
    offer(FieldValue(m_box->value()), true);
  });
}

void IntegerEditor::setValue(const std::optional<FieldValue>& value) {
  const QSignalBlocker blocker(m_box);
  if (!value || !value->isNumber()) {
    if (!m_box->hasFocus()) showBlank(m_box, value ? tr("none") : tr("several"));
    return;
  }
  if (m_box->value() != clampedInt(*value) || m_box->text().isEmpty()) {
    m_box->setValue(clampedInt(*value) + 1);  // a blank box may hold the same number already
    m_box->setValue(clampedInt(*value));
  }
  setProblem({});
}

// --- NumberEditor

NumberEditor::NumberEditor(const FieldSpec& field, QWidget* parent)
    : FieldEditor(field, parent), m_box(new NumberBox(this)) {
  const double largest = std::numeric_limits<float>::max();
  m_box->setRange(field.minimum.value_or(-largest), field.maximum.value_or(field.exclusiveMaximum.value_or(largest)));
  adopt(m_box);
  plainRow(this)->addWidget(m_box);
  connect(m_box, &QDoubleSpinBox::textChanged, this, [this](const QString& text) {
    if (text.isEmpty() && this->field().isNullable) return offer(FieldValue(), true);
    offer(FieldValue(m_box->value()), true);
  });
}

void NumberEditor::setValue(const std::optional<FieldValue>& value) {
  const QSignalBlocker blocker(m_box);
  if (!value || !value->isNumber()) {
    if (!m_box->hasFocus()) showBlank(m_box, value ? tr("none") : tr("several"));
    return;
  }
  if (m_box->value() != value->asNumber() || m_box->text().isEmpty()) {
    m_box->setValue(value->asNumber() + 1);
    m_box->setValue(value->asNumber());
  }
  setProblem({});
}

// --- FlagEditor

FlagEditor::FlagEditor(const FieldSpec& field, QWidget* parent)
    : FieldEditor(field, parent), m_check(new QCheckBox(QString::fromStdString(field.displayLabel()), this)) {
  adopt(m_check);
  plainRow(this)->addWidget(m_check);
  connect(m_check, &QCheckBox::clicked, this, [this] {
    m_check->setTristate(false);
    offer(FieldValue(m_check->isChecked()), false);
  });
}

void FlagEditor::setValue(const std::optional<FieldValue>& value) {
  const QSignalBlocker blocker(m_check);
  m_check->setTristate(!value);
  m_check->setCheckState(!value                               ? Qt::PartiallyChecked
                         : value->isBool() && value->asBool() ? Qt::Checked
                                                              : Qt::Unchecked);
}

// --- ChoiceEditor

ChoiceEditor::ChoiceEditor(const FieldSpec& field, QWidget* parent)
    : FieldEditor(field, parent), m_combo(new QComboBox(this)) {
  if (field.isNullable) m_combo->addItem(tr("none"));
  for (const std::string& choice : field.choices)
    m_combo->addItem(QString::fromStdString(choice), QString::fromStdString(choice));
  m_combo->setPlaceholderText(tr("several"));
  m_combo->setMinimumContentsLength(6);
  m_combo->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  adopt(m_combo);
  plainRow(this)->addWidget(m_combo);
  connect(m_combo, &QComboBox::activated, this, [this] {
    const QVariant choice = m_combo->currentData();
    offer(choice.isValid() ? FieldValue(choice.toString().toStdString()) : FieldValue(), false);
  });
}

void ChoiceEditor::setValue(const std::optional<FieldValue>& value) {
  const QSignalBlocker blocker(m_combo);
  if (!value) return m_combo->setCurrentIndex(-1);
  if (!value->isString()) return m_combo->setCurrentIndex(field().isNullable ? 0 : -1);
  const QString choice = QString::fromStdString(value->asString());
  int index = m_combo->findData(choice);
  if (index < 0) {  // a word from a file that we do not offer
    m_combo->addItem(choice, choice);
    index = m_combo->count() - 1;
  }
  m_combo->setCurrentIndex(index);
}

// --- TextEditor

TextEditor::TextEditor(const FieldSpec& field, QWidget* parent)
    : FieldEditor(field, parent), m_edit(new QLineEdit(this)) {
  adopt(m_edit);
  plainRow(this)->addWidget(m_edit);
  connect(m_edit, &QLineEdit::textEdited, this, [this](const QString& text) {
    offer(text.isEmpty() && this->field().isNullable ? FieldValue() : FieldValue(text.toStdString()), true);
  });
}

void TextEditor::setValue(const std::optional<FieldValue>& value) {
  m_edit->setPlaceholderText(value ? QString() : tr("several"));
  const QString text = value && value->isString() ? QString::fromStdString(value->asString()) : QString();
  if (text != m_edit->text()) m_edit->setText(text);
}

// --- IntTupleEditor

IntTupleEditor::IntTupleEditor(const FieldSpec& field, QWidget* parent) : FieldEditor(field, parent) {
  QHBoxLayout* row = plainRow(this);
  for (int i = 0; i < field.arity; ++i) {
    if (i > 0) row->addWidget(new QLabel(QStringLiteral("×"), this));
    QSpinBox* box = integerBox(field, this);
    adopt(box, QStringLiteral("_%1").arg(i + 1));
    row->addWidget(box, 1);
    m_boxes.push_back(box);
    connect(box, &QSpinBox::textChanged, this, [this] {
      std::vector<std::int64_t> values;
      for (const QSpinBox* one : m_boxes) values.push_back(one->value());
      offer(FieldValue::ofInts(values), true);
    });
  }
}

void IntTupleEditor::setValue(const std::optional<FieldValue>& value) {
  std::vector<std::int64_t> values;
  if (value && (value->isArray() || value->isInt())) values = value->asInts();
  for (std::size_t i = 0; i < m_boxes.size(); ++i) {
    const QSignalBlocker blocker(m_boxes[i]);
    if (values.empty())
      showBlank(m_boxes[i], value ? tr("none") : tr("several"));
    else
      m_boxes[i]->setValue(int(values[std::min(i, values.size() - 1)]));
  }
}

// --- IntPairsEditor

IntPairsEditor::IntPairsEditor(const FieldSpec& field, QWidget* parent) : FieldEditor(field, parent) {
  auto* grid = new QGridLayout(this);
  grid->setContentsMargins(0, 0, 0, 0);
  for (int i = 0; i < 2 * field.arity; ++i) {
    QSpinBox* box = integerBox(field, this);
    adopt(box, QStringLiteral("_%1").arg(i + 1));
    grid->addWidget(box, i / 2, i % 2 * 2);
    if (i % 2 == 0) grid->addWidget(new QLabel(QStringLiteral("+"), this), i / 2, 1);
    m_boxes.push_back(box);
    connect(box, &QSpinBox::textChanged, this, &IntPairsEditor::offerBoxes);
  }
  grid->setColumnStretch(0, 1);
  grid->setColumnStretch(2, 1);
}

void IntPairsEditor::offerBoxes() {
  FieldArray pairs;
  for (std::size_t i = 0; i < m_boxes.size(); i += 2)
    pairs.push_back(FieldValue::ofInts({m_boxes[i]->value(), m_boxes[i + 1]->value()}));
  offer(pairs, true);
}

void IntPairsEditor::setValue(const std::optional<FieldValue>& value) {
  std::vector<std::int64_t> values;
  const FieldValue all = allPairs(value.value_or(FieldArray()), field().arity);
  for (const FieldValue& pair : all.asArray())
    for (const FieldValue& side : pair.isArray() ? pair.asArray() : FieldArray())
      if (side.isInt()) values.push_back(side.asInt());
  for (std::size_t i = 0; i < m_boxes.size(); ++i) {
    const QSignalBlocker blocker(m_boxes[i]);
    if (values.size() == m_boxes.size())
      m_boxes[i]->setValue(int(values[i]));
    else
      showBlank(m_boxes[i], value ? tr("none") : tr("several"));
  }
}

// --- DimsEditor

DimsEditor::DimsEditor(const FieldSpec& field, QWidget* parent)
    : FieldEditor(field, parent), m_edit(new QLineEdit(this)) {
  setMonoFont(m_edit);
  m_edit->setPlaceholderText(QStringLiteral("28, 28, 1"));
  adopt(m_edit);
  plainRow(this)->addWidget(m_edit);
  connect(m_edit, &QLineEdit::textEdited, this, &DimsEditor::takeText);
}

void DimsEditor::takeText(const QString& text) {
  if (text.trimmed().isEmpty() && field().isNullable) return offer(FieldValue(), true);
  FieldArray dims;
  for (QString part : text.split(u',')) {
    part = part.trimmed();
    bool isNumber = false;
    const qlonglong size = part.toLongLong(&isNumber);
    if (part == u"?" || part == u"-1")
      dims.push_back(FieldValue());
    else if (isNumber)
      dims.push_back(FieldValue(std::int64_t(size)));
    else
      return setProblem(tr("Sizes separated by commas, such as 28, 28, 1; ? where one is open."));
  }
  offer(FieldValue(std::move(dims)), true);
}

void DimsEditor::setValue(const std::optional<FieldValue>& value) {
  if (m_edit->hasFocus() && !problem().isEmpty()) return;  // do not tear away what is being typed
  QStringList parts;
  if (value && value->isArray())
    for (const FieldValue& dim : value->asArray())
      parts << (dim.isNull() || dim.asInt() < 0 ? QStringLiteral("?") : QString::number(dim.asInt()));
  const QString text = parts.join(QStringLiteral(", "));
  if (QString(text).remove(u' ') != m_edit->text().remove(u' ')) m_edit->setText(text);
}

}  // namespace layersmith
