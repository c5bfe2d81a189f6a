#include "ui/inspector/WeightsPage.h"

#include "ui/commands/DocumentContext.h"
#include "ui/inspector/WeightView.h"
#include "ui/widgets/EmptyState.h"

#include <QVBoxLayout>

namespace layersmith {

WeightsPage::WeightsPage(QWidget* parent) : QWidget(parent), m_column(new QVBoxLayout(this)) {
  m_column->setContentsMargins(0, 0, 0, 0);
  m_column->setSpacing(8);
  m_empty = new EmptyState(QStringLiteral("histogram"), tr("No weights yet"),
                           tr("They get their first values when the training starts."), {}, {}, this);
  m_column->addWidget(m_empty);
  m_column->addStretch();
}

void WeightsPage::setContext(DocumentContext* context) {
  if (m_context) {
    disconnect(&m_context->document(), nullptr, this, nullptr);
    disconnect(&m_context->session(), nullptr, this, nullptr);
  }
  m_context = context;
  m_layer = m_builtFor = {};
  if (!context) return;
  connect(&context->document(), &ModelDocument::changed, this, &WeightsPage::refresh);
  connect(&context->session(), &TrainingSession::epochFinished, this, &WeightsPage::refresh);
}

void WeightsPage::show(LayerId layer) {
  m_layer = layer;
  refresh();
}

void WeightsPage::showEvent(QShowEvent*) {
  refresh();
}

void WeightsPage::refresh() {
  if (!m_context || !isVisible()) return;
  if (m_builtFor != m_layer) {
    for (const auto& [role, view] : m_views) delete view;
    m_views.clear();
    m_builtFor = m_layer;
  }
  const WeightSet running = m_context->session().isActive() ? m_context->session().latestWeights() : WeightSet();
  const WeightSet& weights = running.empty() ? m_context->state().weights : running;
  int shown = 0;
  for (const WeightSet::Entry& entry : weights) {
    if (entry.layer != m_layer || entry.buffer->dtype != DType::Float32) continue;
    WeightView*& view = m_views[entry.role];
    if (!view) {
      view = new WeightView(QString::fromStdString(entry.role), this);
      m_column->insertWidget(m_column->count() - 1, view);
    }
    view->setBuffer(entry.buffer);
    ++shown;
  }
  for (const auto& [role, view] : m_views) view->setVisible(weights.find(m_layer, role) != nullptr);
  m_empty->setVisible(shown == 0);
}

}  // namespace layersmith
