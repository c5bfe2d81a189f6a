#pragma once

#include "model/core/FieldSpec.h"

#include <QWidget>

#include <optional>

namespace layersmith {

/// Edits one field of a schema. One class per FieldKind: a new layer needs none, a new kind needs one.
/// The editor never changes a document: it says edited(), and shows what setValue() gives it.
class FieldEditor : public QWidget {
  Q_OBJECT

 public:
  FieldEditor(const FieldSpec& field, QWidget* parent);

  const FieldSpec& field() const { return m_field; }
  /// Shows a value without saying edited(); no value: several layers that differ.
  virtual void setValue(const std::optional<FieldValue>& value) = 0;
  /// True when the editor says itself what it edits (a check box), so that a row needs no label.
  virtual bool hasOwnLabel() const { return false; }
  /// Why the text typed cannot be used; empty when it can.
  QString problem() const { return m_problem; }

 Q_SIGNALS:
  /// `isTyping`: more of the same may follow, which belongs to one undo step.
  void edited(const layersmith::FieldValue& value, bool isTyping);
  void problemChanged(const QString& text);
  void editingBegan();

 protected:
  /// Says edited() when the schema accepts the value, problemChanged() when not.
  void offer(const FieldValue& value, bool isTyping);
  void setProblem(const QString& text);
  /// Names an inner control after the field and watches where its editing begins.
  void adopt(QWidget* control, const QString& suffix = {});
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  FieldSpec m_field;
  QString m_problem;
};

/// The editor for a field's kind. Never null.
FieldEditor* makeFieldEditor(const FieldSpec& field, QWidget* parent = nullptr);

}  // namespace layersmith
