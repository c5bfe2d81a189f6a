#pragma once

#include "model/core/FieldSpec.h"
#include "model/core/LayerId.h"

#include <QPointer>
#include <QWidget>

#include <map>
#include <vector>

class QCheckBox;
class QLineEdit;
class QVBoxLayout;

namespace layersmith {

class DocumentContext;
class FieldEditor;
class FoldSection;
class FormRows;
class LayerFacts;
class TextLabel;

/// The rows of the inspector: name, the schema's fields, trainable, what flows in and out, folded sections. Knows field
/// kinds, not layers.
class SettingsPage final : public QWidget {
  Q_OBJECT

 public:
  explicit SettingsPage(QWidget* parent = nullptr);

  void setContext(DocumentContext* context);
  void show(const std::vector<LayerId>& layers);
  void setHelpShown(bool isShown);
  void setLocked(bool isLocked);
  void resetToDefaults();
  bool focusField(const QString& fieldKey);

 private:
  enum class Section { Basic, InitialValues, Regularization, Advanced };
  struct Row {
    FieldSpec field;
    FieldEditor* editor;
    FormRows* rows;
    Section section;
  };

  static Section sectionOf(const FieldSpec& field);
  void build();
  void addRow(const FieldSpec& field);
  void addNameRow();
  void refresh();
  void refreshRow(Row& row);
  void refreshSummaries();
  void rename(const QString& text);
  void setField(const FieldSpec& field, const FieldValue& value, bool isTyping);
  void applyRepairOf(const std::string& fieldKey);
  QString schemaKey() const;
  FieldValue valueOf(LayerId layer, const FieldSpec& field) const;
  FoldSection* section(Section section) const;

  QPointer<DocumentContext> m_context;
  std::vector<LayerId> m_layers;
  QString m_built;  ///< what the rows were made for: they are kept while only values change
  std::vector<Row> m_rows;
  QWidget* m_page = nullptr;
  FormRows* m_basic = nullptr;
  QLineEdit* m_name = nullptr;
  QCheckBox* m_trainable = nullptr;
  LayerFacts* m_facts = nullptr;
  std::map<Section, FormRows*> m_foldRows;
  std::map<Section, FoldSection*> m_folds;
  std::map<Section, bool> m_isOpen;  ///< remembered from one layer to the next
  int m_editing = 0;                 ///< counts visits to fields: one visit, one undo step
  bool m_isHelpShown = false;
  bool m_isLocked = false;
};

}  // namespace layersmith
