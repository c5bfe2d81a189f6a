// What mouse, keyboard and drag and drop do on the canvas.
#include "ui/canvas/CanvasScene.h"
#include "ui/canvas/InsertSearch.h"
#include "ui/canvas/LayerActions.h"
#include "ui/canvas/LayerCanvas.h"
#include "ui/canvas/LayerMime.h"
#include "ui/canvas/LayerText.h"
#include "ui/canvas/MiniMap.h"
#include "ui/theme/StylePainting.h"

#include <QApplication>
#include <QDrag>
#include <QDragEnterEvent>
#include <QKeyEvent>
#include <QMimeData>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QWheelEvent>

#include <cmath>
#include <utility>

namespace layersmith {

namespace {

constexpr qreal kPortHit = 12;

bool isOurs(const QMimeData* data) {
  return layerTypeOf(data) || !layerCardsOf(data).empty();
}

}  // namespace

// --- Drag and drop

void LayerCanvas::dragEnterEvent(QDragEnterEvent* event) {
  if (m_context && isOurs(event->mimeData()))
    event->acceptProposedAction();
  else
    event->ignore();
}

QString LayerCanvas::dropTextFor(const DropTarget& target, const QMimeData* mime) const {
  const std::optional<std::string> type = layerTypeOf(mime);
  const std::vector<LayerId> cards = layerCardsOf(mime);
  const LayerSpec* card = cards.empty() ? nullptr : m_context->state().graph.find(cards.front());
  if (target.isLoose() || (!type && !card)) return {};
  if (!type) return tr("Move %1 here").arg(QString::fromStdString(card->name));
  if (target.place.kind == edits::InsertPlace::Kind::Replace) return tr("Replace with %1").arg(typeName(*type));
  return tr("Insert %1").arg(typeName(*type));
}

void LayerCanvas::dragMoveEvent(QDragMoveEvent* event) {
  if (!m_context || !isOurs(event->mimeData())) return event->ignore();
  const std::vector<LayerId> cards = layerCardsOf(event->mimeData());
  const DropTarget target = m_scene->dropTargetAt(mapToScene(event->position().toPoint()), cards);
  m_scene->showDrop(target, dropTextFor(target, event->mimeData()), cards);
  event->setDropAction(cards.empty() ? Qt::CopyAction : Qt::MoveAction);
  event->accept();
}

void LayerCanvas::dragLeaveEvent(QDragLeaveEvent* event) {
  m_scene->clearDrop();
  event->accept();
}

void LayerCanvas::dropEvent(QDropEvent* event) {
  if (!m_context || !isOurs(event->mimeData())) return event->ignore();
  const QPointF position = mapToScene(event->position().toPoint());
  const std::vector<LayerId> cards = layerCardsOf(event->mimeData());
  const DropTarget target = m_scene->dropTargetAt(position, cards);
  m_isCentered = false;         // what was dropped stays under the pointer
  m_scene->setAnimated(false);  // the room is open already: nothing should jump back first
  m_scene->clearDrop();
  if (const std::optional<std::string> type = layerTypeOf(event->mimeData()))
    LayerActions(*m_context).insert(*type, target.place);
  else
    dropCards(target, cards, position);
  m_scene->setAnimated(true);
  event->setDropAction(cards.empty() ? Qt::CopyAction : Qt::MoveAction);
  event->accept();
  setFocus();
}

void LayerCanvas::dropCards(const DropTarget& target, const std::vector<LayerId>& cards, const QPointF& position) {
  if (!target.isLoose()) {
    LayerActions(*m_context).move(cards.front(), target.place);
    return;
  }
  const QPointF corner = position - m_grabOffset;
  const QPointF shift = corner - m_scene->placeOf(cards.front());
  std::vector<QPointF> places;
  for (LayerId card : cards) places.push_back(m_scene->placeOf(card) + shift);
  LayerActions(*m_context).place(cards, places);
}

void LayerCanvas::startCardDrag() {
  const LayerCard* card = m_scene->card(m_pressedLayer);
  m_gesture = Gesture::None;
  if (!card) return;
  std::vector<LayerId> cards{m_pressedLayer};
  for (LayerId layer : m_context->selection().layers())
    if (layer != m_pressedLayer) cards.push_back(layer);
  const qreal scale = transform().m11();
  const qreal ratio = devicePixelRatioF();
  const QSizeF size = card->boundingRect().size() * scale;
  QPixmap picture((size * ratio).toSize());
  picture.setDevicePixelRatio(ratio);
  picture.fill(Qt::transparent);
  QPainter painter(&picture);
  painter.scale(scale, scale);
  painter.translate(kCardRoom, kCardRoom);
  CardState state;
  state.isDragged = true;
  paintCard(&painter, card->content(), state, m_zoom);
  painter.end();
  auto* drag = new QDrag(this);
  drag->setMimeData(layerCardMime(cards).release());
  drag->setPixmap(picture);
  drag->setHotSpot(((m_grabOffset + QPointF(kCardRoom, kCardRoom)) * scale).toPoint());
  drag->exec(Qt::MoveAction);
  m_scene->clearDrop();
}

// --- Mouse

LayerId LayerCanvas::outputPortAt(const QPoint& position) const {
  const QPointF point = mapToScene(position);
  for (const LayerSpec& layer : m_context->state().graph.layers)
    if (const LayerCard* card = m_scene->card(layer.id))
      if (QLineF(card->outputPort(), point).length() < kPortHit && point.y() > card->outputPort().y() - 4)
        return layer.id;
  return {};
}

void LayerCanvas::selectAtPress(LayerId layer, Qt::KeyboardModifiers modifiers) {
  LayerSelection& selection = m_context->selection();
  if (modifiers & (Qt::ControlModifier | Qt::ShiftModifier)) {
    std::vector<LayerId> layers = selection.layers();
    if (std::erase(layers, layer) == 0) layers.push_back(layer);
    selection.set(layers);
  } else if (!selection.contains(layer)) {
    selection.set({layer});
  }
}

void LayerCanvas::mousePressEvent(QMouseEvent* event) {
  m_pressedAt = m_pointer = event->pos();
  m_pressedLayer = {};
  if (!m_context) return;
  if (event->button() == Qt::MiddleButton || (event->button() == Qt::LeftButton && m_isSpaceHeld)) {
    m_gesture = Gesture::Panning;
    viewport()->setCursor(Qt::ClosedHandCursor);
    return;
  }
  if (event->button() != Qt::LeftButton) return;
  m_scene->setFocusShown(false);
  const QPointF point = mapToScene(event->pos());
  const EdgeItem* edge = m_scene->edgeAt(point);
  if (edge && edge->plusRect().contains(point)) {
    InsertSearch::open(
        this, *m_context,
        edits::InsertPlace{edits::InsertPlace::Kind::OnEdge, edge->key().to, edge->key().inputIndex, std::nullopt});
    return;
  }
  if (const LayerId port = outputPortAt(event->pos()); port.isValid()) {
    m_pressedLayer = port;
    m_gesture = Gesture::Connecting;
    return;
  }
  if (const LayerCard* card = m_scene->cardAt(point)) {
    m_pressedLayer = card->layer();
    m_grabOffset = point - m_scene->placeOf(card->layer());
    m_gesture = Gesture::PressedCard;
    selectAtPress(card->layer(), event->modifiers());
    return;
  }
  m_gesture = Gesture::RubberBand;
  if (!(event->modifiers() & (Qt::ControlModifier | Qt::ShiftModifier))) m_context->selection().clear();
}

void LayerCanvas::mouseMoveEvent(QMouseEvent* event) {
  const QPoint delta = event->pos() - m_pointer;
  m_pointer = event->pos();
  switch (m_gesture) {
    case Gesture::Panning:
      m_hasPanned = true;
      m_isCentered = false;
      horizontalScrollBar()->setValue(horizontalScrollBar()->value() - delta.x());
      verticalScrollBar()->setValue(verticalScrollBar()->value() - delta.y());
      m_miniMap->update();
      return;
    case Gesture::PressedCard:
      if ((event->pos() - m_pressedAt).manhattanLength() >= QApplication::startDragDistance()) startCardDrag();
      return;
    case Gesture::RubberBand: updateRubberBand(event->pos()); return;
    case Gesture::Connecting: viewport()->update(); return;
    case Gesture::None: break;
  }
  if (!m_context) return;
  QGraphicsView::mouseMoveEvent(event);  // hover of cards and links
  viewport()->setCursor(outputPortAt(event->pos()).isValid() ? Qt::CrossCursor : Qt::ArrowCursor);
}

void LayerCanvas::updateRubberBand(const QPoint& position) {
  const QRect band = QRect(m_pressedAt, position).normalized();
  m_context->selection().set(m_scene->layersIn(mapToScene(band).boundingRect()));
  viewport()->update();
}

void LayerCanvas::finishConnecting(const QPoint& position) {
  const LayerCard* target = m_scene->cardAt(mapToScene(position));
  if (target && target->layer() != m_pressedLayer)
    LayerActions(*m_context).connectLayers(m_pressedLayer, target->layer());
}

void LayerCanvas::mouseReleaseEvent(QMouseEvent* event) {
  const Gesture gesture = std::exchange(m_gesture, Gesture::None);
  viewport()->unsetCursor();
  viewport()->update();
  if (!m_context) return;
  if (gesture == Gesture::Connecting) finishConnecting(event->pos());
  // A plain click on one of several selected cards leaves that one.
  if (gesture == Gesture::PressedCard && !(event->modifiers() & (Qt::ControlModifier | Qt::ShiftModifier)))
    m_context->selection().set({m_pressedLayer});
}

void LayerCanvas::mouseDoubleClickEvent(QMouseEvent* event) {
  if (!m_context || event->button() != Qt::LeftButton) return;
  if (const LayerCard* card = m_scene->cardAt(mapToScene(event->pos()))) {
    Q_EMIT m_context->selection().revealRequested(card->layer(), QString());
    return;
  }
  openInsertSearch();
}

void LayerCanvas::wheelEvent(QWheelEvent* event) {
  m_isCentered = false;
  if (!(event->modifiers() & Qt::ControlModifier)) {
    QGraphicsView::wheelEvent(event);
    m_miniMap->update();
    return;
  }
  const QPoint at = event->position().toPoint();
  const QPointF before = mapToScene(at);
  setZoom(m_zoom * std::pow(1.0015, event->angleDelta().y()));
  const QPoint moved = mapFromScene(before) - at;
  horizontalScrollBar()->setValue(horizontalScrollBar()->value() + moved.x());
  verticalScrollBar()->setValue(verticalScrollBar()->value() + moved.y());
  event->accept();
}

void LayerCanvas::paintEvent(QPaintEvent* event) {
  QGraphicsView::paintEvent(event);
  if (m_gesture != Gesture::RubberBand && m_gesture != Gesture::Connecting) return;
  QPainter painter(viewport());
  QColor accent = theme().color("accent");
  if (m_gesture == Gesture::Connecting) {
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(accent, 2));
    const LayerCard* card = m_scene->card(m_pressedLayer);
    if (card) painter.drawLine(mapFromScene(card->outputPort()), m_pointer);
    return;
  }
  accent.setAlphaF(0.12f);
  paintBox(&painter, QRect(m_pressedAt, m_pointer).normalized(), {accent, theme().color("accent"), 2});
}

// --- Keyboard

bool LayerCanvas::event(QEvent* event) {
  // Keys that the canvas answers itself must not be taken by a window's shortcuts while it has the focus.
  if (event->type() == QEvent::ShortcutOverride && m_context) {
    const auto* key = static_cast<QKeyEvent*>(event);
    for (QKeySequence::StandardKey standard :
         {QKeySequence::Delete, QKeySequence::Cut, QKeySequence::Copy, QKeySequence::Paste, QKeySequence::SelectAll,
          QKeySequence::ZoomIn, QKeySequence::ZoomOut})
      if (key->matches(standard)) {
        event->accept();
        return true;
      }
  }
  return QGraphicsView::event(event);
}

bool LayerCanvas::handleKey(QKeyEvent* event) {
  LayerActions actions(*m_context);
  if (event->matches(QKeySequence::Delete) || event->key() == Qt::Key_Backspace) return actions.remove(), true;
  if (event->matches(QKeySequence::Cut)) return actions.cut(), true;
  if (event->matches(QKeySequence::Copy)) return actions.copy(), true;
  if (event->matches(QKeySequence::Paste)) return actions.paste(), true;
  if (event->matches(QKeySequence::SelectAll)) return actions.selectAll(), true;
  if (event->matches(QKeySequence::ZoomIn)) return zoomIn(), true;
  if (event->matches(QKeySequence::ZoomOut)) return zoomOut(), true;
  const bool isControl = event->modifiers() & Qt::ControlModifier;
  const bool isAlt = event->modifiers() & Qt::AltModifier;
  switch (event->key()) {
    case Qt::Key_D: return isControl && (actions.duplicate(), true);
    case Qt::Key_0: return isControl && (fit(), true);
    case Qt::Key_Up:
    case Qt::Key_Left: return (isAlt ? (void)actions.shift(-1) : actions.selectNeighbour(-1)), true;
    case Qt::Key_Down:
    case Qt::Key_Right: return (isAlt ? (void)actions.shift(1) : actions.selectNeighbour(1)), true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      Q_EMIT m_context->selection().revealRequested(m_context->selection().current(), QString());
      return true;
    case Qt::Key_Escape:
      m_gesture = Gesture::None;
      m_scene->clearDrop();
      m_context->selection().clear();
      viewport()->update();
      return true;
    default: return false;
  }
}

void LayerCanvas::keyPressEvent(QKeyEvent* event) {
  if (!m_context) return event->ignore();
  if (event->key() == Qt::Key_Space && !event->modifiers()) {
    if (!event->isAutoRepeat()) {
      m_isSpaceHeld = true;
      m_hasPanned = false;
    }
    return;
  }
  if (!handleKey(event)) return event->ignore();
  m_scene->setFocusShown(true);
  if (const LayerCard* card = m_scene->card(m_context->selection().current())) {
    const QPointF place = m_scene->placeOf(card->layer());
    ensureVisible(card->cardRect().translated(place), 32, 32);
  }
}

void LayerCanvas::keyReleaseEvent(QKeyEvent* event) {
  if (event->key() != Qt::Key_Space || event->isAutoRepeat()) return event->ignore();
  m_isSpaceHeld = false;
  if (!m_hasPanned) openInsertSearch();
}

void LayerCanvas::focusInEvent(QFocusEvent* event) {
  QGraphicsView::focusInEvent(event);
  const bool isByKeyboard = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason ||
                            event->reason() == Qt::ShortcutFocusReason;
  if (!m_context || !isByKeyboard) return;
  if (!m_context->selection().current().isValid()) LayerActions(*m_context).selectNeighbour(1);
  m_scene->setFocusShown(true);
}

void LayerCanvas::focusOutEvent(QFocusEvent* event) {
  QGraphicsView::focusOutEvent(event);
  m_isSpaceHeld = false;
  m_scene->setFocusShown(false);
}

}  // namespace layersmith
