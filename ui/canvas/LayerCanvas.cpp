#include "ui/canvas/LayerCanvas.h"

#include "ui/canvas/CanvasScene.h"
#include "ui/canvas/CanvasTools.h"
#include "ui/canvas/InsertSearch.h"
#include "ui/canvas/LayerActions.h"
#include "ui/canvas/LayerText.h"
#include "ui/canvas/MiniMap.h"
#include "ui/widgets/EmptyState.h"

#include <QMenu>
#include <QResizeEvent>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace layersmith {

namespace {

constexpr qreal kSmallestZoom = 0.2;
constexpr qreal kLargestZoom = 3;
constexpr qreal kZoomStep = 1.2;
constexpr qreal kFitMargin = 32;
constexpr int kOverlayMargin = 16;
constexpr int kMiniMapFrom = 30;

}  // namespace

LayerCanvas::LayerCanvas(QWidget* parent) : QGraphicsView(parent), m_scene(new CanvasScene(this)) {
  setObjectName(QStringLiteral("layerCanvas"));
  setAccessibleName(tr("Canvas"));
  setScene(m_scene);
  setFrameShape(QFrame::NoFrame);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setTransformationAnchor(NoAnchor);
  setViewportUpdateMode(FullViewportUpdate);  // dots and the drop plate reach beyond items
  setRenderHint(QPainter::Antialiasing);
  setAcceptDrops(true);
  setFocusPolicy(Qt::StrongFocus);
  setMinimumSize(240, 160);
  m_tools = new CanvasTools(this);
  m_miniMap = new MiniMap(this);
  m_empty = new EmptyState(QStringLiteral("layers/model"), tr("An empty model"),
                           tr("Drag a layer here, or press Space to search for one."), {}, {}, this);
  m_empty->setAttribute(Qt::WA_TransparentForMouseEvents);
  connect(m_scene, &CanvasScene::rebuilt, this, &LayerCanvas::afterRebuild);
  connect(&theme(), &Theme::changed, this, &LayerCanvas::applyTransform);
  applyTransform();
  afterRebuild();
}

LayerCanvas::~LayerCanvas() = default;

void LayerCanvas::setContext(DocumentContext* context) {
  if (m_context) {
    disconnect(&m_context->selection(), nullptr, this, nullptr);
    disconnect(&m_context->cost(), nullptr, this, nullptr);
  }
  m_context = context;
  m_isCentered = true;
  m_scene->setContext(context);
  if (!context) return;
  connect(&context->selection(), &LayerSelection::changed, this, &LayerCanvas::showCurrent);
  connect(&context->cost(), &CostMeter::changed, this, &LayerCanvas::afterRebuild);
  connect(&context->selection(), &LayerSelection::revealRequested, this, [this](LayerId layer) {
    if (const LayerCard* card = m_scene->card(layer)) ensureVisible(card, 48, 48);
  });
}

void LayerCanvas::setPreview(LayerId layer, const QImage& image) {
  m_scene->setPreview(layer, image);
}

void LayerCanvas::clearPreviews() {
  m_scene->clearPreviews();
}

void LayerCanvas::setContentInsets(const QMargins& insets) {
  m_insets = insets;
  if (m_isCentered) centerContent();
}

void LayerCanvas::applyTransform() {
  // Fonts grow with the person's setting; the whole scene grows with them, so that cards always hold their text.
  const qreal scale = m_zoom * theme().fontScale() * logicalDpiX() / 96.;
  setTransform(QTransform::fromScale(scale, scale));
  if (m_isCentered) centerContent();
  viewport()->update();
}

void LayerCanvas::setZoom(qreal zoom) {
  zoom = std::clamp(zoom, kSmallestZoom, kLargestZoom);
  if (qFuzzyCompare(zoom, m_zoom)) return;
  m_zoom = zoom;
  updateSceneRect();
  applyTransform();
  Q_EMIT zoomChanged(m_zoom);
}

void LayerCanvas::zoomIn() {
  setZoom(m_zoom * kZoomStep);
}

void LayerCanvas::zoomOut() {
  setZoom(m_zoom / kZoomStep);
}

void LayerCanvas::resetZoom() {
  m_isCentered = true;
  setZoom(1);
  centerContent();
}

void LayerCanvas::fit() {
  const QRectF content = m_scene->contentRect();
  if (content.isEmpty()) return;
  const QSizeF room = viewport()->rect().marginsRemoved(m_insets).size();
  const qreal unit = transform().m11() / m_zoom;
  const qreal fitting = std::min((room.width() - 2 * kFitMargin) / (content.width() * unit),
                                 (room.height() - 2 * kFitMargin) / (content.height() * unit));
  m_isCentered = true;
  setZoom(std::min(fitting, 1.));
  centerContent();
}

void LayerCanvas::autoLayout() {
  if (m_context) LayerActions(*m_context).forgetPlaces();
  m_isCentered = true;
  centerContent();
}

void LayerCanvas::setMiniMapShown(bool isShown) {
  m_miniMap->setVisible(isShown);
}

void LayerCanvas::openInsertSearch() {
  if (m_context) InsertSearch::open(this, *m_context);
}

void LayerCanvas::updateSceneRect() {
  // Room all around, so that any card can be brought to the middle.
  const qreal unit = std::max(0.01, transform().m11());
  const QSizeF room(viewport()->width() / unit, viewport()->height() / unit);
  setSceneRect(m_scene->contentRect().adjusted(-room.width(), -room.height(), room.width(), room.height()));
}

void LayerCanvas::centerContent() {
  updateSceneRect();
  const QRectF content = m_scene->contentRect();
  const qreal unit = transform().m11();
  const QRectF room = QRectF(viewport()->rect().marginsRemoved(m_insets));
  QPointF center = content.center() + (QRectF(viewport()->rect()).center() - room.center()) / unit;
  // What does not fit starts at its top and at its left.
  const QPointF shift = (QRectF(viewport()->rect()).center() - room.center()) / unit;
  const QSizeF visible(room.width() / unit - 2 * kFitMargin, room.height() / unit - 2 * kFitMargin);
  if (content.height() > visible.height()) center.ry() = content.top() + visible.height() / 2 + shift.y();
  if (content.width() > visible.width()) center.rx() = content.left() + visible.width() / 2 + shift.x();
  centerOn(center);
  m_miniMap->update();
}

void LayerCanvas::placeOverlays() {
  m_tools->adjustSize();
  const QRect room = viewport()->rect();
  const int right = isRightToLeft() ? kOverlayMargin : room.width() - m_tools->width() - kOverlayMargin;
  m_tools->move(right, room.height() - m_tools->height() - kOverlayMargin);
  m_miniMap->move(isRightToLeft() ? kOverlayMargin : room.width() - m_miniMap->width() - kOverlayMargin,
                  m_tools->y() - m_miniMap->height() - 8);
  m_empty->setGeometry(room);
}

void LayerCanvas::afterRebuild() {
  const std::size_t count = m_context ? m_context->state().graph.layers.size() : 0;
  m_empty->setVisible(m_context && count == 0);
  m_tools->setVisible(count > 0);
  m_miniMap->setVisible(count >= kMiniMapFrom);
  if (m_isCentered)
    centerContent();
  else
    updateSceneRect();
  showCurrent();
}

void LayerCanvas::showCurrent() {
  if (!m_context) return;
  const LayerSpec* layer = m_context->state().graph.find(m_context->selection().current());
  setAccessibleDescription(layer ? spokenText(m_context->state(), m_context->document().report(), *layer,
                                              m_context->cost().costOf(layer->id))
                                 : QString());
  m_miniMap->update();
}

void LayerCanvas::resizeEvent(QResizeEvent* event) {
  QGraphicsView::resizeEvent(event);
  if (m_isCentered)
    centerContent();
  else
    updateSceneRect();
  placeOverlays();
}

void LayerCanvas::contextMenuEvent(QContextMenuEvent* event) {
  if (!m_context) return;
  const LayerCard* card = m_scene->cardAt(mapToScene(event->pos()));
  if (card && !m_context->selection().contains(card->layer())) m_context->selection().set({card->layer()});
  QMenu menu(this);
  menu.setObjectName(QStringLiteral("canvasMenu"));
  LayerActions(*m_context).fillMenu(&menu);
  menu.addSeparator();
  menu.addAction(tr("Insert layer..."), QKeySequence(Qt::Key_Space), this, &LayerCanvas::openInsertSearch)
      ->setShortcutContext(Qt::WidgetShortcut);
  menu.addAction(tr("Automatic layout"), this, &LayerCanvas::autoLayout);
  menu.exec(event->globalPos());
}

}  // namespace layersmith
