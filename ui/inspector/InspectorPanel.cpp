#include "ui/inspector/InspectorPanel.h"

#include "ui/commands/DocumentContext.h"
#include "ui/inspector/InspectorHeader.h"
#include "ui/inspector/SettingsPage.h"
#include "ui/inspector/WeightsPage.h"
#include "ui/widgets/EmptyState.h"
#include "ui/widgets/MessageStrip.h"
#include "ui/widgets/SegmentedSwitch.h"
#include "ui/widgets/TextLabel.h"

#include <QScrollArea>
#include <QStackedLayout>
#include <QToolButton>
#include <QVBoxLayout>

namespace layersmith {

InspectorPanel::InspectorPanel(QWidget* parent) : QWidget(parent) {
  setObjectName(QStringLiteral("inspectorPanel"));
  setAccessibleName(tr("Inspector"));
  setBackgroundToken(this, "panel");
  setMinimumWidth(320);
  m_empty = new EmptyState(QStringLiteral("settings"), tr("Nothing is selected"),
                           tr("Select a layer to see and change it."), {}, {}, this);

  auto* page = new QWidget(this);
  setBackgroundToken(page, "panel");
  m_header = new InspectorHeader(page);
  m_tabs = new SegmentedSwitch({tr("Settings"), tr("Weights")}, page);
  m_tabs->setObjectName(QStringLiteral("inspectorTabs"));
  m_tabs->setAccessibleName(tr("What to show of the layer"));
  m_tabs->setStretching(true);
  m_lock = new MessageStrip(page);
  m_lock->setObjectName(QStringLiteral("inspectorLock"));
  m_lock->setMessage(Severity::Hint, tr("Training. Edits wait until it stops."));
  m_lock->setClosable(false);
  m_lock->hide();
  m_settings = new SettingsPage(page);
  m_weights = new WeightsPage(page);
  m_weights->hide();
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(16, 12, 16, 16);
  column->setSpacing(12);
  column->addWidget(m_header);
  column->addWidget(m_tabs);
  column->addWidget(m_lock);
  column->addWidget(m_settings, 1);
  column->addWidget(m_weights, 1);

  m_scroll = new QScrollArea(this);
  m_scroll->setObjectName(QStringLiteral("inspectorScroll"));
  m_scroll->setFrameShape(QFrame::NoFrame);
  m_scroll->setWidgetResizable(true);
  m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_scroll->setFocusPolicy(Qt::NoFocus);
  setBackgroundToken(m_scroll->viewport(), "panel");
  m_scroll->setWidget(page);
  m_stack = new QStackedLayout(this);
  m_stack->addWidget(m_empty);
  m_stack->addWidget(m_scroll);

  connect(m_tabs, &SegmentedSwitch::currentChanged, this, [this](int index) {
    m_settings->setVisible(index == 0);
    m_weights->setVisible(index == 1);
  });
  connect(m_header->helpButton(), &QToolButton::toggled, m_settings, &SettingsPage::setHelpShown);
  connect(m_header->resetButton(), &QToolButton::clicked, m_settings, &SettingsPage::resetToDefaults);
}

void InspectorPanel::setContext(DocumentContext* context) {
  if (m_context) {
    disconnect(&m_context->document(), nullptr, this, nullptr);
    disconnect(&m_context->selection(), nullptr, this, nullptr);
    disconnect(&m_context->session(), nullptr, this, nullptr);
    disconnect(&m_context->cost(), nullptr, this, nullptr);
  }
  m_context = context;
  m_settings->setContext(context);
  m_weights->setContext(context);
  if (context) {
    connect(&context->document(), &ModelDocument::changed, this, &InspectorPanel::refresh);
    connect(&context->selection(), &LayerSelection::changed, this, &InspectorPanel::refresh);
    connect(&context->selection(), &LayerSelection::revealRequested, this,
            [this](LayerId layer, const QString& fieldKey) {
              if (!layer.isValid() || !m_context->state().graph.find(layer)) return;
              m_context->selection().set({layer});
              focusField(fieldKey);
            });
    connect(&context->session(), &TrainingSession::stateChanged, this, &InspectorPanel::refreshLock);
    connect(&context->cost(), &CostMeter::changed, this, &InspectorPanel::refresh);
  }
  refresh();
  refreshLock();
}

void InspectorPanel::focusField(const QString& fieldKey) {
  m_tabs->setCurrentIndex(0);
  m_settings->focusField(fieldKey);
}

void InspectorPanel::refresh() {
  std::vector<LayerId> layers;
  if (m_context)
    for (LayerId layer : m_context->selection().layers())
      if (m_context->state().graph.find(layer)) layers.push_back(layer);
  m_stack->setCurrentWidget(layers.empty() ? static_cast<QWidget*>(m_empty) : m_scroll);
  if (layers.empty()) return;
  m_header->show(*m_context, layers);
  m_tabs->setSegmentEnabled(1, layers.size() == 1);
  if (layers.size() > 1) m_tabs->setCurrentIndex(0);
  m_settings->show(layers);
  m_weights->show(layers.size() == 1 ? layers.front() : LayerId());
}

void InspectorPanel::refreshLock() {
  const bool isTraining = m_context && m_context->session().isActive();
  m_lock->setVisible(isTraining);
  m_settings->setLocked(isTraining);
  m_header->resetButton()->setEnabled(!isTraining);
}

}  // namespace layersmith
