#include "ui/canvas/CanvasTools.h"

#include "ui/canvas/LayerCanvas.h"
#include "ui/theme/StylePainting.h"
#include "ui/theme/Theme.h"
#include "ui/widgets/Buttons.h"

#include <QHBoxLayout>
#include <QPainter>

namespace layersmith {

CanvasTools::CanvasTools(LayerCanvas* canvas) : QWidget(canvas) {
  setObjectName(QStringLiteral("canvasTools"));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(3, 3, 3, 3);
  row->setSpacing(1);
  const auto add = [&](const char* name, const char* iconName, const QString& text, const QKeySequence& keys,
                       auto slot) {
    QToolButton* button = makeToolButton(QLatin1String(name), QLatin1String(iconName), text, keys, this);
    connect(button, &QToolButton::clicked, canvas, slot);
    row->addWidget(button);
  };
  add("canvasZoomOut", "zoom-out", tr("Zoom out"), QKeySequence::ZoomOut, &LayerCanvas::zoomOut);
  m_percent = new QToolButton(this);
  m_percent->setObjectName(QStringLiteral("canvasZoomReset"));
  m_percent->setAutoRaise(true);
  m_percent->setToolTip(tr("Back to 100 %"));
  connect(m_percent, &QToolButton::clicked, canvas, &LayerCanvas::resetZoom);
  row->addWidget(m_percent);
  add("canvasZoomIn", "zoom-in", tr("Zoom in"), QKeySequence::ZoomIn, &LayerCanvas::zoomIn);
  add("canvasFit", "fit", tr("Fit the model into the view"), QKeySequence(Qt::CTRL | Qt::Key_0), &LayerCanvas::fit);
  add("canvasAutoLayout", "auto-layout", tr("Automatic layout"), {}, &LayerCanvas::autoLayout);

  const auto refresh = [this, canvas] {
    m_percent->setFont(theme().mono(Theme::TextRole::Code));
    m_percent->setMinimumWidth(m_percent->fontMetrics().horizontalAdvance(QStringLiteral("100%")) + 14);
    m_percent->setText(QStringLiteral("%1%").arg(qRound(canvas->zoom() * 100)));
    m_percent->setAccessibleName(tr("Zoom %1 percent").arg(qRound(canvas->zoom() * 100)));
  };
  refresh();
  connect(canvas, &LayerCanvas::zoomChanged, this, refresh);
  connect(&theme(), &Theme::changed, this, refresh);
}

void CanvasTools::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  paintBox(&painter, rect(), {theme().color("raised"), theme().color("lineStrong"), 8});
}

}  // namespace layersmith
