#include "ui/commands/DocumentContext.h"

#include "model/document/Edits.h"

#include <QUndoCommand>
#include <QUuid>

#include <algorithm>

namespace layersmith {

namespace {

/// Swaps two whole states. States share weights and data, so keeping both costs a few kilobytes.
class ChangeCommand final : public QUndoCommand {
 public:
  ChangeCommand(ModelDocument& document, const QString& text, DocumentState after, QString mergeKey)
      : QUndoCommand(text),
        m_document(document),
        m_before(document.state()),
        m_after(std::move(after)),
        m_mergeKey(std::move(mergeKey)) {}

  int id() const override { return m_mergeKey.isEmpty() ? -1 : 1; }
  void undo() override { m_document.setState(m_before); }
  void redo() override { m_document.setState(m_after); }

  bool mergeWith(const QUndoCommand* other) override {
    const auto& next = static_cast<const ChangeCommand&>(*other);
    if (next.m_mergeKey != m_mergeKey) return false;
    m_after = next.m_after;
    setObsolete(m_before.graph == m_after.graph && m_before.training == m_after.training &&
                m_before.fit == m_after.fit && m_before.positions == m_after.positions &&
                m_before.dataset == m_after.dataset && m_before.lastRun == m_after.lastRun);
    return true;
  }

 private:
  ModelDocument& m_document;
  DocumentState m_before;
  DocumentState m_after;
  QString m_mergeKey;
};

}  // namespace

bool LayerSelection::contains(LayerId layer) const {
  return std::ranges::find(m_layers, layer) != m_layers.end();
}

void LayerSelection::set(std::vector<LayerId> layers) {
  if (layers == m_layers) return;
  m_layers = std::move(layers);
  Q_EMIT changed();
}

DocumentContext::DocumentContext(DocumentState state, ComputeThread& compute, QObject* parent)
    : QObject(parent),
      m_compute(compute),
      m_document(std::move(state)),
      m_session(compute),
      m_cost(m_document, compute),
      m_recoveryKey(QUuid::createUuid().toString(QUuid::WithoutBraces)) {
  connect(&m_undoStack, &QUndoStack::cleanChanged, this, [this](bool isClean) { Q_EMIT modifiedChanged(!isClean); });
  connect(&m_session, &TrainingSession::finished, this, &DocumentContext::keepOutcome);
}

bool DocumentContext::apply(const QString& text, DocumentState after, const QString& mergeKey) {
  if (m_session.isActive()) {
    Q_EMIT editRefused(tr("The model is being trained. Stop the training to change it."));
    return false;
  }
  m_undoStack.push(new ChangeCommand(m_document, text, std::move(after), mergeKey));
  return true;
}

void DocumentContext::keepOutcome(const TrainingOutcome& outcome) {
  if (!outcome.run || outcome.run->history.empty()) return;
  DocumentState after = edits::setWeights(state(), outcome.weights, outcome.optimizer, outcome.run);
  m_undoStack.push(new ChangeCommand(m_document, tr("training"), std::move(after), {}));
}

}  // namespace layersmith
