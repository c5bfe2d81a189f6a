#pragma once

#include "model/document/ModelDocument.h"
#include "model/session/TrainingSession.h"
#include "ui/commands/CostMeter.h"

#include <QObject>
#include <QString>
#include <QUndoStack>

#include <vector>

namespace layersmith {

/// Which layers are selected in one document; canvas, outline, inspector and problems share it.
class LayerSelection : public QObject {
  Q_OBJECT

 public:
  using QObject::QObject;

  const std::vector<LayerId>& layers() const { return m_layers; }
  LayerId current() const { return m_layers.empty() ? LayerId() : m_layers.back(); }
  bool contains(LayerId layer) const;
  void set(std::vector<LayerId> layers);
  void clear() { set({}); }

 Q_SIGNALS:
  void changed();
  /// A view asks all others to bring this into sight: layer and, when not empty, the field to focus in the inspector.
  void revealRequested(layersmith::LayerId layer, const QString& fieldKey);

 private:
  std::vector<LayerId> m_layers;
};

/// Everything that belongs to one tab, handed to every panel by setContext(). Panels keep no state of a document
/// beyond what they show.
/// Thread rule: GUI thread.
class DocumentContext : public QObject {
  Q_OBJECT

 public:
  DocumentContext(DocumentState state, ComputeThread& compute, QObject* parent = nullptr);

  ModelDocument& document() { return m_document; }
  const DocumentState& state() const { return m_document.state(); }
  QUndoStack& undoStack() { return m_undoStack; }
  LayerSelection& selection() { return m_selection; }
  TrainingSession& session() { return m_session; }
  CostMeter& cost() { return m_cost; }
  ComputeThread& compute() { return m_compute; }

  /// The one way to change a document: one undo step named `text`. Steps with equal, non-empty `mergeKey` that follow
  /// one another become one (typing in a field, dragging a slider or a card); a step that ends where it began
  /// disappears. While a training runs the change is refused: editRefused says why, false is returned.
  bool apply(const QString& text, DocumentState after, const QString& mergeKey = {});

  bool isModified() const { return !m_undoStack.isClean(); }
  QString recoveryKey() const { return m_recoveryKey; }  ///< names its files in the recovery folder
  void setRecoveryKey(const QString& key) { m_recoveryKey = key; }

 Q_SIGNALS:
  void modifiedChanged(bool isModified);
  void editRefused(const QString& reason);

 private:
  void keepOutcome(const TrainingOutcome& outcome);

  ComputeThread& m_compute;
  ModelDocument m_document;
  QUndoStack m_undoStack;
  LayerSelection m_selection;
  TrainingSession m_session;
  CostMeter m_cost;
  QString m_recoveryKey;
};

}  // namespace layersmith
