#include "ui/canvas/CanvasScene.h"

#include "ui/canvas/GraphLayout.h"
#include "ui/canvas/LayerText.h"
#include "ui/commands/DocumentContext.h"

#include <QCoreApplication>
#include <QGraphicsSimpleTextItem>
#include <QGraphicsView>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace layersmith {

namespace {

constexpr int kCompactFrom = 12;
constexpr qreal kDotPitch = 24;
constexpr qreal kSummaryGap = 20;

std::vector<EdgeKey> edgesOf(const Graph& graph) {
  std::vector<EdgeKey> keys;
  for (const LayerSpec& layer : graph.layers) {
    int side = 0;
    for (const LayerCall& call : layer.calls)
      for (std::size_t i = 0; i < call.inputs.size(); ++i)
        if (graph.find(call.inputs[i].layer)) keys.push_back({call.inputs[i].layer, layer.id, int(i), side++});
  }
  return keys;
}

CardContent contentOf(const DocumentState& state, const GraphReport& report, const LayerSpec& layer, bool isCompact) {
  const LayerReport* own = reportOf(report, layer.id);
  CardContent content;
  content.layer = layer.id;
  content.type = typeName(layer.className);
  content.shortType = shortTypeName(layer.className);
  content.name = QString::fromStdString(layer.name);
  content.summary = summaryOf(state, layer, isCompact);
  if (isInputLayer(layer))
    content.figure = shapeText(own);
  else if (own && own->parameters > 0)
    content.figure = countText(own->parameters);
  content.family = familyOf(layer);
  content.isCompact = isCompact;
  content.isKnown = content.family != u"unknown";
  content.isFaulty = isFaulty(report, layer.id);
  content.isFrozen = isFrozen(layer, own);
  return content;
}

/// Inputs cost nothing; their cards stay as they are.
void addCost(const CostMeter& meter, const LayerSpec& layer, CardContent& content) {
  content.hasCost = meter.isActive() && !isInputLayer(layer);
  if (!content.hasCost) return;
  if (const LayerCost* cost = meter.costOf(layer.id)) {
    content.cost = costText(*cost);
    content.costPercent = cost->percent;
  } else if (meter.error()) {
    content.cost = QCoreApplication::translate("CanvasScene", "not measured");
  }
}

/// The shape that leaves a layer, where it is another than what came in.
QString changedShape(const GraphReport& report, LayerId layer) {
  const LayerReport* own = reportOf(report, layer);
  if (own && !own->outputShapes.empty() && !own->inputShapes.empty() &&
      own->inputShapes.front() == own->outputShapes.front())
    return {};
  return shapeText(own);
}

}  // namespace

CanvasScene::CanvasScene(QObject* parent) : QGraphicsScene(parent), m_summary(new QGraphicsSimpleTextItem) {
  setItemIndexMethod(NoIndex);
  addItem(m_summary);
  m_moving.setStartValue(0.);
  m_moving.setEndValue(1.);
  m_moving.setEasingCurve(QEasingCurve::OutCubic);
  connect(&m_moving, &QVariantAnimation::valueChanged, this, [this](const QVariant& value) {
    const qreal share = value.toReal();
    for (const auto& [layer, from] : m_moveFrom)
      if (LayerCard* moving = card(layer)) moving->setPos(from + (placedRect(layer).topLeft() - from) * share);
    routeEdges();
  });
  connect(&theme(), &Theme::changed, this, [this] {
    refreshContents();
    for (const auto& [layer, item] : m_cards) item->update();
    update();
  });
}

CanvasScene::~CanvasScene() {
  m_moving.stop();
}

void CanvasScene::setContext(DocumentContext* context) {
  if (m_context) {
    disconnect(&m_context->document(), nullptr, this, nullptr);
    disconnect(&m_context->selection(), nullptr, this, nullptr);
    disconnect(&m_context->cost(), nullptr, this, nullptr);
  }
  m_context = context;
  m_previews.clear();
  m_cards.clear();
  m_edges.clear();
  m_places.clear();
  if (context) {
    connect(&context->document(), &ModelDocument::changed, this, &CanvasScene::rebuild);
    connect(&context->selection(), &LayerSelection::changed, this, &CanvasScene::refreshStates);
    connect(&context->cost(), &CostMeter::changed, this, &CanvasScene::refreshCosts);
  }
  const bool wasAnimated = std::exchange(m_isAnimated, false);
  rebuild();
  m_isAnimated = wasAnimated;
}

void CanvasScene::setFocusShown(bool isShown) {
  m_isFocusShown = isShown;
  refreshStates();
}

void CanvasScene::setPreview(LayerId layer, const QImage& image) {
  const bool wasThere = m_previews.contains(layer);
  m_previews[layer] = image;
  refreshContents();
  if (!wasThere) arrange();
}

void CanvasScene::clearPreviews() {
  if (m_previews.empty()) return;
  m_previews.clear();
  refreshContents();
  arrange();
}

LayerCard* CanvasScene::card(LayerId layer) const {
  const auto found = m_cards.find(layer);
  return found == m_cards.end() ? nullptr : found->second.get();
}

EdgeItem* CanvasScene::edge(const EdgeKey& key) const {
  const auto found = m_edges.find(key);
  return found == m_edges.end() ? nullptr : found->second.get();
}

LayerCard* CanvasScene::cardAt(const QPointF& position) const {
  for (const auto& [layer, item] : m_cards)
    if (item->cardRect().translated(item->pos()).contains(position)) return item.get();
  return nullptr;
}

EdgeItem* CanvasScene::edgeAt(const QPointF& position) const {
  for (const auto& [key, item] : m_edges)
    if (item->shape().contains(position)) return item.get();
  return nullptr;
}

QPointF CanvasScene::placeOf(LayerId layer) const {
  const auto found = m_places.find(layer);
  return found == m_places.end() ? QPointF() : found->second;
}

std::vector<LayerId> CanvasScene::layersIn(const QRectF& rect) const {
  std::vector<LayerId> layers;
  for (const auto& [layer, item] : m_cards)
    if (item->cardRect().translated(item->pos()).intersects(rect)) layers.push_back(layer);
  return layers;
}

QRectF CanvasScene::contentRect() const {
  QRectF rect;
  for (const auto& [layer, item] : m_cards) rect = rect.united(item->cardRect().translated(placeOf(layer)));
  return m_summary->isVisible() && !rect.isNull() ? rect.united(m_summary->sceneBoundingRect()) : rect;
}

void CanvasScene::rebuild() {
  if (!m_context) {
    m_summary->hide();
    Q_EMIT rebuilt();
    return;
  }
  const Graph& graph = m_context->state().graph;
  m_isCompact = graph.layers.size() >= kCompactFrom;
  std::erase_if(m_cards, [&](const auto& item) { return !graph.find(item.first); });
  for (const LayerSpec& layer : graph.layers) {
    std::unique_ptr<LayerCard>& item = m_cards[layer.id];
    if (item) continue;
    item = std::make_unique<LayerCard>(layer.id);
    addItem(item.get());
  }
  const std::vector<EdgeKey> keys = edgesOf(graph);
  std::erase_if(m_edges, [&](const auto& item) { return std::ranges::find(keys, item.first) == keys.end(); });
  for (const EdgeKey& key : keys) {
    std::unique_ptr<EdgeItem>& item = m_edges[key];
    if (item) continue;
    item = std::make_unique<EdgeItem>(key);
    addItem(item.get());
  }
  refreshContents();
  refreshStates();
  arrange();
  Q_EMIT rebuilt();
}

void CanvasScene::refreshContents() {
  if (!m_context) return;
  const DocumentState& state = m_context->state();
  const GraphReport& report = m_context->document().report();
  for (const LayerSpec& layer : state.graph.layers) {
    CardContent content = contentOf(state, report, layer, m_isCompact);
    addCost(m_context->cost(), layer, content);
    if (const auto preview = m_previews.find(layer.id); preview != m_previews.end()) content.preview = preview->second;
    if (LayerCard* item = card(layer.id)) {
      item->setContent(std::move(content));
      item->setToolTip(spokenText(state, report, layer, m_context->cost().costOf(layer.id)));
    }
  }
  m_summary->setText(predictionText(state, report));
  m_summary->setFont(sceneFont(Theme::TextRole::Label));
  m_summary->setBrush(theme().color("text2"));
  m_summary->setVisible(!state.graph.outputs.empty() && report.parameters > 0);
}

// Cards grow by a line when costs come and shrink when they go, so all find new places.
void CanvasScene::refreshCosts() {
  refreshContents();
  arrange();
}

void CanvasScene::refreshStates() {
  if (!m_context) return;
  const LayerSelection& selection = m_context->selection();
  for (const auto& [layer, item] : m_cards) {
    CardState state = item->state();
    state.isSelected = selection.contains(layer);
    state.hasFocus = m_isFocusShown && selection.current() == layer;
    state.isDragged = false;
    state.isDisabled = std::ranges::find(m_dragged, layer) != m_dragged.end();
    item->setState(state);
  }
  refreshEdgeLooks();
}

void CanvasScene::refreshEdgeLooks() {
  const GraphReport& report = m_context->document().report();
  const LayerSelection& selection = m_context->selection();
  for (const auto& [key, item] : m_edges) {
    const LayerReport* target = reportOf(report, key.to);
    const bool isClash = isFaulty(report, key.to) && (!target || target->outputShapes.empty());
    item->setLook(selection.contains(key.from) || selection.contains(key.to), isClash);
    item->setLabel(isClash ? shapeText(reportOf(report, key.from)) : changedShape(report, key.from));
    item->setDropHere(m_drop && m_drop->edge == key);
  }
}

void CanvasScene::arrange() {
  if (!m_context) return;
  const auto heightOf = [this](LayerId layer) {
    const LayerCard* item = card(layer);
    return item ? cardHeight(item->content()) : 0;
  };
  m_places = layoutGraph(m_context->state().graph, m_context->state().positions, cardGap(m_isCompact), heightOf);
  moveCards();
}

QRectF CanvasScene::placedRect(LayerId layer) const {
  const LayerCard* item = card(layer);
  QRectF rect = item ? item->cardRect().translated(placeOf(layer)) : QRectF();
  if (m_drop && m_drop->isOpening && rect.top() > m_drop->slot.top() - 1)
    rect.translate(0, m_drop->slot.height() + cardGap(m_isCompact));
  return rect;
}

void CanvasScene::moveCards() {
  m_moving.stop();
  m_moveFrom.clear();
  const bool isMoving = m_isAnimated && !views().isEmpty() && views().constFirst()->isVisible();
  const int duration = theme().motionMs(m_drop ? "dropGap" : "cardMove");
  for (const auto& [layer, item] : m_cards) {
    const QPointF place = placedRect(layer).topLeft();
    if (item->pos() == place) continue;
    const bool isNew = item->pos().isNull() && item->content().name.isEmpty();
    if (isMoving && duration > 0 && !isNew)
      m_moveFrom[layer] = item->pos();
    else
      item->setPos(place);
  }
  if (!m_moveFrom.empty()) {
    m_moving.setDuration(duration);
    m_moving.start();
  }
  routeEdges();
}

void CanvasScene::routeEdges() {
  for (const auto& [key, item] : m_edges) {
    const LayerCard* from = card(key.from);
    const LayerCard* to = card(key.to);
    if (from && to) item->setRoute(from->cardRect().translated(from->pos()), to->cardRect().translated(to->pos()));
  }
  if (!m_context || m_context->state().graph.outputs.empty()) return;
  const LayerCard* last = card(m_context->state().graph.outputs.back().layer);
  if (!last) return;
  const QRectF under = last->cardRect().translated(last->pos());
  m_summary->setPos(under.center().x() - m_summary->boundingRect().width() / 2, under.bottom() + kSummaryGap);
}

void CanvasScene::drawBackground(QPainter* painter, const QRectF& rect) {
  painter->fillRect(rect, theme().color("canvas"));
  const qreal zoom = painter->worldTransform().m11() / painter->device()->devicePixelRatioF();
  if (zoom < 0.5 || theme().isHighContrast()) return;
  QList<QPointF> dots;
  for (qreal x = std::floor(rect.left() / kDotPitch) * kDotPitch; x < rect.right(); x += kDotPitch)
    for (qreal y = std::floor(rect.top() / kDotPitch) * kDotPitch; y < rect.bottom(); y += kDotPitch)
      dots << QPointF(x, y);
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setPen(QPen(theme().color("canvasDot"), 2, Qt::SolidLine, Qt::RoundCap));
  painter->drawPoints(dots.constData(), int(dots.size()));
}

void CanvasScene::drawForeground(QPainter* painter, const QRectF&) {
  if (!m_drop || m_drop->isLoose()) return;
  paintDropPlate(painter, m_drop->slot, m_dropText, m_drop->place.kind == edits::InsertPlace::Kind::Replace);
}

}  // namespace layersmith
