#pragma once

#include "model/training/Catalogue.h"
#include "ui/inspector/FieldEditor.h"

#include <span>

class QComboBox;

namespace layersmith {

class FormRows;

/// An initializer, regularizer or constraint: its name, and under it the fields its own schema has.
class NamedTypeEditor final : public FieldEditor {
  Q_OBJECT

 public:
  NamedTypeEditor(const FieldSpec& field, QWidget* parent);
  void setValue(const std::optional<FieldValue>& value) override;

 private:
  void choose(const NamedType* type, const FieldMap& config);

  std::span<const NamedType> m_types;
  QComboBox* m_combo;
  FormRows* m_rows;
  const NamedType* m_type = nullptr;
  FieldMap m_config;
};

/// "glorotNormal" for the value that fits it, else the type's plain name; "none" for null.
QString namedTypeText(FieldKind kind, const FieldValue& value);

}  // namespace layersmith
