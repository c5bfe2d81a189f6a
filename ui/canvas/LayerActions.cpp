#include "ui/canvas/LayerActions.h"

#include "ui/canvas/LayerMime.h"
#include "ui/canvas/LayerText.h"
#include "ui/theme/Icons.h"

#include <QApplication>
#include <QClipboard>
#include <QCoreApplication>
#include <QMenu>
#include <QMimeData>

#include <algorithm>

namespace layersmith {

namespace {

struct Text {
  Q_DECLARE_TR_FUNCTIONS(LayerActions)
};

/// Layers of the model in the order a person reads them: as they run, then the loose ones.
std::vector<LayerId> readingOrder(const DocumentContext& context, ModelDocument& document) {
  std::vector<LayerId> order = document.report().order;
  for (const LayerSpec& layer : context.state().graph.layers)
    if (std::ranges::find(order, layer.id) == order.end()) order.push_back(layer.id);
  return order;
}

}  // namespace

bool LayerActions::apply(const QString& text, DocumentState after) {
  const DocumentState& before = m_context.state();
  if (after.graph == before.graph && after.positions == before.positions) return false;
  return m_context.apply(text, std::move(after));
}

QString LayerActions::nameOf(LayerId layer) const {
  const LayerSpec* spec = m_context.state().graph.find(layer);
  return spec ? QString::fromStdString(spec->name) : QString();
}

LayerId LayerActions::lastOfChain() const {
  const Graph& graph = m_context.state().graph;
  if (!graph.outputs.empty()) return graph.outputs.back().layer;
  return graph.inputs.empty() ? LayerId() : graph.inputs.back().layer;
}

LayerId LayerActions::insert(const std::string& className, const edits::InsertPlace& place) {
  LayerId inserted;
  DocumentState after = edits::insertLayer(m_context.state(), className, place, {}, &inserted);
  const QString type = typeName(className);
  const bool isReplace = place.kind == edits::InsertPlace::Kind::Replace;
  const QString text =
      isReplace ? Text::tr("replace %1 with %2").arg(nameOf(place.layer), type) : Text::tr("insert %1").arg(type);
  if (!apply(text, std::move(after))) return {};
  m_context.selection().set({inserted});
  return inserted;
}

LayerId LayerActions::insertAfterSelection(const std::string& className) {
  LayerId after = m_context.selection().current();
  const LayerSpec* layer = m_context.state().graph.find(after);
  const bool isLinked = layer && (isInputLayer(*layer) || !layer->calls.empty());
  if (!isLinked) after = lastOfChain();
  using Kind = edits::InsertPlace::Kind;
  return insert(className, {after.isValid() ? Kind::AfterLayer : Kind::Loose, after, 0, std::nullopt});
}

bool LayerActions::move(LayerId layer, const edits::InsertPlace& place) {
  DocumentState after = edits::moveLayer(m_context.state(), layer, place);
  if (after.graph == m_context.state().graph) return false;
  after = edits::setPosition(after, layer, std::nullopt);
  if (!apply(Text::tr("move %1").arg(nameOf(layer)), std::move(after))) return false;
  m_context.selection().set({layer});
  return true;
}

bool LayerActions::shift(int direction) {
  std::vector<LayerId> layers = m_context.selection().layers();
  const std::vector<LayerId> order = readingOrder(m_context, m_context.document());
  const auto rank = [&order](LayerId id) { return std::ranges::find(order, id) - order.begin(); };
  std::ranges::sort(layers,
                    [&](LayerId a, LayerId b) { return direction < 0 ? rank(a) < rank(b) : rank(a) > rank(b); });
  DocumentState after = m_context.state();
  for (LayerId layer : layers)
    after = edits::setPosition(edits::shiftLayer(after, layer, direction), layer, std::nullopt);
  return apply(direction < 0 ? Text::tr("move up") : Text::tr("move down"), std::move(after));
}

bool LayerActions::place(const std::vector<LayerId>& layers, const std::vector<QPointF>& positions) {
  DocumentState after = m_context.state();
  for (std::size_t i = 0; i < layers.size(); ++i)
    after = edits::setPosition(after, layers[i], CardPosition{positions[i].x(), positions[i].y()});
  return apply(layers.size() == 1 ? Text::tr("place a card") : Text::tr("place %1 cards").arg(layers.size()),
               std::move(after));
}

bool LayerActions::forgetPlaces() {
  DocumentState after = m_context.state();
  for (const auto& [layer, position] : m_context.state().positions)
    after = edits::setPosition(after, layer, std::nullopt);
  return apply(Text::tr("automatic layout"), std::move(after));
}

bool LayerActions::connectLayers(LayerId from, LayerId to) {
  return apply(Text::tr("connect %1 to %2").arg(nameOf(from), nameOf(to)),
               edits::connectLayers(m_context.state(), from, to));
}

bool LayerActions::remove() {
  const std::vector<LayerId> layers = m_context.selection().layers();
  if (layers.empty()) return false;
  const std::vector<LayerId> order = readingOrder(m_context, m_context.document());
  const QString text = layers.size() == 1 ? Text::tr("delete %1").arg(nameOf(layers.front()))
                                          : Text::tr("delete %1 layers").arg(layers.size());
  // The selection goes to the layer before, so that Delete can be pressed again.
  auto before = std::ranges::find(order, layers.front());
  if (!apply(text, edits::removeLayers(m_context.state(), layers))) return false;
  while (before != order.begin() && before != order.end()) {
    --before;
    if (m_context.state().graph.find(*before)) {
      m_context.selection().set({*before});
      return true;
    }
  }
  m_context.selection().clear();
  return true;
}

bool LayerActions::duplicate() {
  std::vector<LayerId> copies;
  DocumentState after = edits::duplicateLayers(m_context.state(), m_context.selection().layers(), &copies);
  if (!apply(Text::tr("duplicate"), std::move(after))) return false;
  m_context.selection().set(copies);
  return true;
}

bool LayerActions::copy() {
  if (m_context.selection().layers().empty()) return false;
  const QByteArray text = edits::copyLayers(m_context.state(), m_context.selection().layers());
  auto* data = new QMimeData;
  data->setData(QString::fromLatin1(kLayerTextMime), text);
  data->setText(QString::fromUtf8(text));
  QApplication::clipboard()->setMimeData(data);
  return true;
}

bool LayerActions::cut() {
  return copy() && remove();
}

bool LayerActions::canPaste() const {
  const QMimeData* data = QApplication::clipboard()->mimeData();
  return data && data->hasFormat(QString::fromLatin1(kLayerTextMime));
}

bool LayerActions::paste() {
  if (!canPaste()) return false;
  const QByteArray text = QApplication::clipboard()->mimeData()->data(QString::fromLatin1(kLayerTextMime));
  const LayerId current = m_context.selection().current();
  std::vector<LayerId> pasted;
  if (!apply(Text::tr("paste"),
             edits::pasteLayers(m_context.state(), text, current.isValid() ? current : lastOfChain(), &pasted)))
    return false;
  m_context.selection().set(pasted);
  return true;
}

bool LayerActions::setFrozen(bool isFrozen) {
  return apply(isFrozen ? Text::tr("freeze") : Text::tr("unfreeze"),
               edits::setTrainable(m_context.state(), m_context.selection().layers(), !isFrozen));
}

void LayerActions::selectAll() {
  std::vector<LayerId> all;
  for (const LayerSpec& layer : m_context.state().graph.layers) all.push_back(layer.id);
  m_context.selection().set(all);
}

void LayerActions::selectNeighbour(int direction) {
  const std::vector<LayerId> order = readingOrder(m_context, m_context.document());
  if (order.empty()) return;
  const auto at = std::ranges::find(order, m_context.selection().current());
  std::ptrdiff_t index =
      at == order.end() ? (direction > 0 ? 0 : std::ssize(order) - 1) : at - order.begin() + direction;
  index = std::clamp<std::ptrdiff_t>(index, 0, std::ssize(order) - 1);
  m_context.selection().set({order[std::size_t(index)]});
}

void LayerActions::fillMenu(QMenu* menu) {
  DocumentContext* context = &m_context;
  const auto add = [menu, context](const char* iconName, const QString& text, const QKeySequence& keys, auto run) {
    QAction* action = menu->addAction(icon(QString::fromLatin1(iconName)), text);
    action->setShortcut(keys);
    action->setShortcutContext(Qt::WidgetShortcut);  // shown here; the view itself listens
    QObject::connect(action, &QAction::triggered, context, [context, run] { run(LayerActions(*context)); });
    return action;
  };
  const bool hasSelection = !m_context.selection().layers().empty();
  const LayerSpec* current = m_context.state().graph.find(m_context.selection().current());
  QAction* settings = add("settings", Text::tr("Settings"), QKeySequence(Qt::Key_Return), [context](LayerActions) {
    Q_EMIT context->selection().revealRequested(context->selection().current(), QString());
  });
  menu->addSeparator();
  QAction* cutAction = add("cut", Text::tr("Cut"), QKeySequence::Cut, [](LayerActions a) { a.cut(); });
  QAction* copyAction = add("copy", Text::tr("Copy"), QKeySequence::Copy, [](LayerActions a) { a.copy(); });
  add("paste", Text::tr("Paste after"), QKeySequence::Paste, [](LayerActions a) { a.paste(); })->setEnabled(canPaste());
  QAction* twice = add("duplicate", Text::tr("Duplicate"), QKeySequence(Qt::CTRL | Qt::Key_D),
                       [](LayerActions a) { a.duplicate(); });
  menu->addSeparator();
  QAction* up =
      add("chevron-up", Text::tr("Move up"), QKeySequence(Qt::ALT | Qt::Key_Up), [](LayerActions a) { a.shift(-1); });
  QAction* down = add("chevron-down", Text::tr("Move down"), QKeySequence(Qt::ALT | Qt::Key_Down),
                      [](LayerActions a) { a.shift(1); });
  const bool isFrozenNow = current && !current->isTrainable;
  QAction* freeze = add(isFrozenNow ? "unfreeze" : "freeze", isFrozenNow ? Text::tr("Unfreeze") : Text::tr("Freeze"),
                        {}, [isFrozenNow](LayerActions a) { a.setFrozen(!isFrozenNow); });
  menu->addSeparator();
  QAction* removeAction = add("delete", Text::tr("Delete"), QKeySequence::Delete, [](LayerActions a) { a.remove(); });
  for (QAction* action : {settings, cutAction, copyAction, twice, up, down, freeze, removeAction})
    action->setEnabled(hasSelection);
}

}  // namespace layersmith
