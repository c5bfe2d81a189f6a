#pragma once

#include "model/core/Issue.h"

#include <QPointer>
#include <QWidget>

#include <vector>

class QScrollArea;
class QStackedLayout;
class QVBoxLayout;

namespace layersmith {

class DocumentContext;
class EmptyState;

/// What keeps the model from running, and hints: one entry each, with buttons that mend it in one undo step. A double
/// click or Enter goes to the layer and field.
class ProblemsPanel : public QWidget {
  Q_OBJECT

 public:
  explicit ProblemsPanel(QWidget* parent = nullptr);

  void setContext(DocumentContext* context);  ///< may be null
  int errorCount() const { return m_errors; }
  int hintCount() const { return m_hints; }
  /// Selects and reveals the first error; false when there is none.
  bool revealFirst();

 Q_SIGNALS:
  void countsChanged(int errors, int hints);

 private:
  void refresh();
  void reveal(const Issue& issue);
  void repair(const Repair& repair);

  QPointer<DocumentContext> m_context;
  QStackedLayout* m_stack;
  EmptyState* m_empty;
  QScrollArea* m_scroll;
  QVBoxLayout* m_column;
  std::vector<QWidget*> m_entries;
  int m_errors = 0;
  int m_hints = 0;
};

}  // namespace layersmith
