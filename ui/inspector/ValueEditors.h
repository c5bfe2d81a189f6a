#pragma once

#include "ui/inspector/FieldEditor.h"

#include <QDoubleSpinBox>
#include <QSpinBox>

#include <vector>

class QCheckBox;
class QComboBox;
class QLineEdit;

namespace layersmith {

/// A number box that writes numbers as short as they are (0.03, 1e-7) and steps by their own magnitude.
class NumberBox : public QDoubleSpinBox {
  Q_OBJECT

 public:
  explicit NumberBox(QWidget* parent = nullptr);

  QString textFromValue(double value) const override;
  double valueFromText(const QString& text) const override;
  QValidator::State validate(QString& text, int& position) const override;
  void stepBy(int steps) override;
};

class IntegerEditor final : public FieldEditor {
  Q_OBJECT

 public:
  IntegerEditor(const FieldSpec& field, QWidget* parent);
  void setValue(const std::optional<FieldValue>& value) override;

 private:
  QSpinBox* m_box;
};

class NumberEditor final : public FieldEditor {
  Q_OBJECT

 public:
  NumberEditor(const FieldSpec& field, QWidget* parent);
  void setValue(const std::optional<FieldValue>& value) override;

 private:
  NumberBox* m_box;
};

class FlagEditor final : public FieldEditor {
  Q_OBJECT

 public:
  FlagEditor(const FieldSpec& field, QWidget* parent);
  void setValue(const std::optional<FieldValue>& value) override;
  bool hasOwnLabel() const override { return true; }

 private:
  QCheckBox* m_check;
};

class ChoiceEditor final : public FieldEditor {
  Q_OBJECT

 public:
  ChoiceEditor(const FieldSpec& field, QWidget* parent);
  void setValue(const std::optional<FieldValue>& value) override;

 private:
  QComboBox* m_combo;
};

class TextEditor final : public FieldEditor {
  Q_OBJECT

 public:
  TextEditor(const FieldSpec& field, QWidget* parent);
  void setValue(const std::optional<FieldValue>& value) override;

 private:
  QLineEdit* m_edit;
};

/// `arity` number boxes in one row, 3 × 3.
class IntTupleEditor final : public FieldEditor {
  Q_OBJECT

 public:
  IntTupleEditor(const FieldSpec& field, QWidget* parent);
  void setValue(const std::optional<FieldValue>& value) override;

 private:
  std::vector<QSpinBox*> m_boxes;
};

/// Pairs of whole numbers, before and after each axis, one pair a line.
class IntPairsEditor final : public FieldEditor {
  Q_OBJECT

 public:
  IntPairsEditor(const FieldSpec& field, QWidget* parent);
  void setValue(const std::optional<FieldValue>& value) override;

 private:
  void offerBoxes();

  std::vector<QSpinBox*> m_boxes;
};

/// Axis sizes as text: "28, 28, 1"; "?" where one is open.
class DimsEditor final : public FieldEditor {
  Q_OBJECT

 public:
  DimsEditor(const FieldSpec& field, QWidget* parent);
  void setValue(const std::optional<FieldValue>& value) override;

 private:
  void takeText(const QString& text);

  QLineEdit* m_edit;
};

}  // namespace layersmith
