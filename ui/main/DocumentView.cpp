#include "ui/main/DocumentView.h"

#include "ui/canvas/LayerCanvas.h"
#include "ui/commands/DocumentContext.h"
#include "ui/main/WelcomePanel.h"
#include "ui/widgets/MessageStrip.h"

#include <QVBoxLayout>

namespace layersmith {

namespace {

constexpr int kWelcomeMargin = 24;

}  // namespace

DocumentView::DocumentView(DocumentContext& context, QWidget* parent) : QWidget(parent), m_context(context) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  m_strip = new MessageStrip;
  m_strip->hide();
  column->addWidget(m_strip);
  m_canvas = new LayerCanvas;
  m_canvas->setContext(&context);
  column->addWidget(m_canvas, 1);
}

void DocumentView::showWelcome(WelcomePanel* panel) {
  panel->setParent(m_canvas);
  panel->move(kWelcomeMargin, kWelcomeMargin);
  panel->show();
  panel->raise();
  m_canvas->setContentInsets(QMargins(panel->width() + 2 * kWelcomeMargin, 0, 0, 0));
}

void DocumentView::hideWelcome(WelcomePanel* panel) {
  panel->hide();
  m_canvas->setContentInsets({});
}

}  // namespace layersmith
