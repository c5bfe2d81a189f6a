#include "model/document/ModelDocument.h"

#include "model/document/Edits.h"

#include <algorithm>

namespace layersmith {

namespace {

DocumentChange difference(const DocumentState& before, const DocumentState& after) {
  DocumentChange change;
  change.layers = !(before.graph == after.graph);
  if (change.layers) {
    const auto sameLayer = [](const LayerSpec& a, const LayerSpec& b) {
      return a.id == b.id && a.className == b.className && a.calls == b.calls;
    };
    change.structure = !std::ranges::equal(before.graph.layers, after.graph.layers, sameLayer) ||
                       before.graph.outputs != after.graph.outputs || before.graph.kind != after.graph.kind;
  }
  change.positions = before.positions != after.positions;
  change.training = !(before.training == after.training) || !(before.fit == after.fit);
  change.data = before.dataset != after.dataset;
  const auto sameBuffer = [](const WeightSet::Entry& a, const WeightSet::Entry& b) {
    return a.layer == b.layer && a.buffer == b.buffer;
  };
  change.weights = before.lastRun != after.lastRun || !std::ranges::equal(before.weights, after.weights, sameBuffer);
  return change;
}

}  // namespace

ModelDocument::ModelDocument(DocumentState state, QObject* parent) : QObject(parent), m_state(std::move(state)) {
  analyseNow();
}

void ModelDocument::setState(DocumentState state) {
  const DocumentChange change = difference(m_state, state);
  m_state = std::move(state);
  ++m_revision;
  if (change.layers || change.data || change.training) analyseNow();
  Q_EMIT changed(change);
}

void ModelDocument::setName(const QString& name) {
  if (name == m_name) return;
  m_name = name;
  Q_EMIT nameChanged();
}

void ModelDocument::setUrl(const QString& url) {
  if (url == m_url) return;
  m_url = url;
  Q_EMIT urlChanged();
}

void ModelDocument::analyseNow() {
  m_report = analyse(m_state.graph);
  for (Issue& issue : edits::dataIssues(m_state, m_report)) {
    if (issue.severity == Severity::Error) m_report.canRun = false;
    m_report.issues.push_back(std::move(issue));
  }
}

}  // namespace layersmith
