#include "ui/commands/CostMeter.h"

#include "ui/commands/ComputeJob.h"

namespace layersmith {

namespace {

constexpr int kQuietMs = 300;  // typing and dragging change the graph many times a second

}  // namespace

CostMeter::CostMeter(const ModelDocument& document, ComputeThread& compute, QObject* parent)
    : QObject(parent), m_document(document), m_compute(compute) {
  m_wait.setSingleShot(true);
  m_wait.setInterval(kQuietMs);
  connect(&m_wait, &QTimer::timeout, this, &CostMeter::measure);
  connect(&document, &ModelDocument::changed, this, &CostMeter::refresh);
}

void CostMeter::setActive(bool isActive) {
  if (isActive == m_isActive) return;
  m_isActive = isActive;
  refresh();
  Q_EMIT changed();
}

const ModelCost* CostMeter::cost() const {
  return m_isActive && m_cost ? &*m_cost : nullptr;
}

const LayerCost* CostMeter::costOf(LayerId layer) const {
  if (!cost()) return nullptr;
  const auto found = m_cost->layers.find(layer);
  return found == m_cost->layers.end() ? nullptr : &found->second;
}

CostMeter::Subject CostMeter::subject() const {
  const DocumentState& state = m_document.state();
  return {state.graph, state.fit.batchSize, state.dataset};
}

void CostMeter::refresh() {
  if (!m_isActive) {
    m_wait.stop();
    return;
  }
  const bool isKnown = m_cost || m_error;
  if (isKnown && subject() == m_measured) {
    m_wait.stop();
    return;
  }
  m_cost.reset();
  m_error.reset();
  m_wait.start();
  if (isKnown) Q_EMIT changed();
}

// One job at a time: a change that comes meanwhile is measured after it.
void CostMeter::measure() {
  if (m_isMeasuring) return;
  m_isMeasuring = true;
  auto job = [state = m_document.state()] { return measureCost(state); };
  computeThen(m_compute, this, std::move(job), [this, asked = subject()](const JobResult<ModelCost>& result) {
    m_isMeasuring = false;
    if (asked == subject()) {
      m_measured = asked;
      m_cost = result.value;
      m_error = result.error;
      m_wait.stop();
      Q_EMIT changed();
    } else if (m_isActive && !m_wait.isActive()) {
      measure();
    }
  });
}

}  // namespace layersmith
