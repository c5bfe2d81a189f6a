#include "ui/catalog/TopologyPicture.h"

#include "model/document/DocumentState.h"
#include "ui/canvas/GraphLayout.h"
#include "ui/canvas/LayerText.h"
#include "ui/theme/StylePainting.h"
#include "ui/theme/Theme.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <map>
#include <set>

namespace layersmith {

namespace {

constexpr qreal kPitch = 22;
constexpr qreal kBlock = 14;
constexpr int kMargin = 10;

/// The numbers of values in order: {64, 0, 128} -> {0: 0, 64: 1, 128: 2}.
std::map<qreal, int> numbered(const std::set<qreal>& values) {
  std::map<qreal, int> numbers;
  for (const qreal value : values) numbers.emplace(value, static_cast<int>(numbers.size()));
  return numbers;
}

}  // namespace

TopologySketch TopologySketch::of(const DocumentState& state) {
  const auto places = layoutGraph(state.graph, {}, 24, [](LayerId) { return 40.; });
  std::set<qreal> xs, ys;
  for (const auto& [id, place] : places) {
    xs.insert(place.x());
    ys.insert(place.y());
  }
  const std::map<qreal, int> lanes = numbered(xs), ranks = numbered(ys);
  TopologySketch sketch;
  std::map<LayerId, int> blocks;
  for (const LayerSpec& layer : state.graph.layers) {
    const auto place = places.find(layer.id);
    if (place == places.end()) continue;
    blocks[layer.id] = static_cast<int>(sketch.blocks.size());
    sketch.blocks.push_back({familyOf(layer), ranks.at(place->second.y()), lanes.at(place->second.x())});
  }
  for (const LayerSpec& layer : state.graph.layers)
    for (const LayerCall& call : layer.calls)
      for (const TensorRef& input : call.inputs)
        if (blocks.contains(layer.id) && blocks.contains(input.layer))
          sketch.edges.emplace_back(blocks.at(input.layer), blocks.at(layer.id));
  return sketch;
}

TopologyPicture::TopologyPicture(QWidget* parent) : QWidget(parent) {
  setObjectName(QStringLiteral("details.topology"));
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void TopologyPicture::setSketch(TopologySketch sketch) {
  m_sketch = std::move(sketch);
  m_ranks = m_lanes = 0;
  for (const TopologySketch::Block& block : m_sketch.blocks) {
    m_ranks = std::max(m_ranks, block.rank + 1);
    m_lanes = std::max(m_lanes, block.lane + 1);
  }
  setAccessibleName(tr("%n layer(s) in a chain", nullptr, static_cast<int>(m_sketch.blocks.size())));
  if (m_lanes > 1)
    setAccessibleName(tr("%n layer(s) in %1 branches", nullptr, static_cast<int>(m_sketch.blocks.size())).arg(m_lanes));
  setToolTip(accessibleName());
  updateGeometry();
  update();
}

QSize TopologyPicture::sizeHint() const {
  return {240, 2 * kMargin + static_cast<int>(std::clamp(m_lanes, 1, 6) * kPitch)};
}

QRectF TopologyPicture::blockRect(const TopologySketch::Block& block) const {
  const QRectF room = QRectF(rect()).adjusted(kMargin, kMargin, -kMargin, -kMargin);
  const qreal pitchX = std::min(kPitch * 1.4, room.width() / std::max(1, m_ranks));
  const qreal pitchY = std::min(kPitch, room.height() / std::max(1, m_lanes));
  const qreal width = std::max(1.5, std::min(kBlock, pitchX - 2)), height = std::min(kBlock, pitchY - 2);
  const QPointF center(room.left() + (block.rank + .5) * pitchX + (room.width() - pitchX * m_ranks) / 2,
                       room.top() + (block.lane + .5) * pitchY + (room.height() - pitchY * m_lanes) / 2);
  return {center.x() - width / 2, center.y() - height / 2, width, height};
}

void TopologyPicture::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  paintBox(&painter, rect(), {theme().color("canvas"), theme().color("line"), 6, 1});
  painter.setPen(QPen(theme().color(isEnabled() ? "edge" : "line"), 1.5));
  for (const auto& [from, to] : m_sketch.edges) {
    const QRectF a = blockRect(m_sketch.blocks[from]), b = blockRect(m_sketch.blocks[to]);
    const QPointF start(a.right(), a.center().y()), end(b.left(), b.center().y());
    QPainterPath path(start);
    const qreal middle = (start.x() + end.x()) / 2;
    path.cubicTo({middle, start.y()}, {middle, end.y()}, end);
    painter.drawPath(path);
  }
  for (const TopologySketch::Block& block : m_sketch.blocks)
    paintBox(&painter, blockRect(block),
             {isEnabled() ? theme().familyInk(block.family) : theme().color("textDisabled"), Qt::transparent, 3, 0.01});
}

}  // namespace layersmith
