#include "ui/canvas/OutlineView.h"

#include "ui/canvas/InsertSearch.h"
#include "ui/canvas/LayerActions.h"
#include "ui/canvas/LayerText.h"
#include "ui/theme/Icons.h"
#include "ui/widgets/TextLabel.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QScopedValueRollback>
#include <QStandardItemModel>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>

namespace layersmith {

namespace {

constexpr int kLayerRole = Qt::UserRole;

LayerId layerOf(const QModelIndex& index) {
  return LayerId{index.siblingAtColumn(OutlineView::LayerColumn).data(kLayerRole).toUInt()};
}

QStandardItem* cell(const QString& text, Qt::Alignment alignment = Qt::AlignLeft) {
  auto* item = new QStandardItem(text);
  item->setEditable(false);
  item->setTextAlignment(alignment | Qt::AlignVCenter);
  return item;
}

}  // namespace

OutlineView::OutlineView(QWidget* parent)
    : QWidget(parent), m_layers(new QStandardItemModel(0, ColumnCount, this)), m_tree(new QTreeView(this)) {
  setObjectName(QStringLiteral("outlineView"));
  setAccessibleName(tr("Outline"));
  setBackgroundToken(this, "panel");
  m_layers->setHorizontalHeaderLabels({tr("Layer"), tr("Output"), tr("Parameters")});
  m_layers->horizontalHeaderItem(ParametersColumn)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
  m_tree->setObjectName(QStringLiteral("outlineTree"));
  m_tree->setAccessibleName(tr("Layers of the model"));
  m_tree->setToolTip(tr("Layers in the order they run; Alt+Up and Alt+Down move them"));
  m_tree->setModel(m_layers);
  m_tree->setRootIsDecorated(false);
  m_tree->setFrameShape(QFrame::NoFrame);
  m_tree->setSelectionMode(QAbstractItemView::ExtendedSelection);
  m_tree->setAllColumnsShowFocus(true);
  m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
  m_tree->header()->setSectionResizeMode(QHeaderView::ResizeToContents);  // names first; the rest is scrolled to
  m_tree->header()->setStretchLastSection(true);
  m_tree->header()->setHighlightSections(false);
  m_tree->header()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  m_tree->installEventFilter(this);
  connect(m_tree->selectionModel(), &QItemSelectionModel::selectionChanged, this, &OutlineView::takeSelection);
  connect(m_tree, &QTreeView::customContextMenuRequested, this, &OutlineView::openMenu);
  connect(m_tree, &QTreeView::doubleClicked, this, [this](const QModelIndex& index) {
    if (m_context) Q_EMIT m_context->selection().revealRequested(layerOf(index), QString());
  });
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(m_tree);
  connect(&theme(), &Theme::changed, this, &OutlineView::rebuild);
}

void OutlineView::setContext(DocumentContext* context) {
  if (m_context) {
    disconnect(&m_context->document(), nullptr, this, nullptr);
    disconnect(&m_context->selection(), nullptr, this, nullptr);
    disconnect(&m_context->cost(), nullptr, this, nullptr);
  }
  m_context = context;
  if (context) {
    connect(&context->document(), &ModelDocument::changed, this, &OutlineView::rebuild);
    connect(&context->selection(), &LayerSelection::changed, this, &OutlineView::showSelection);
    connect(&context->cost(), &CostMeter::changed, this, &OutlineView::rebuild);
  }
  rebuild();
}

void OutlineView::rebuild() {
  const QScopedValueRollback<bool> guard(m_isSyncing, true);
  m_layers->removeRows(0, m_layers->rowCount());
  if (!m_context) return;
  const DocumentState& state = m_context->state();
  const GraphReport& report = m_context->document().report();
  std::vector<LayerId> order = report.order;
  for (const LayerSpec& layer : state.graph.layers)
    if (std::ranges::find(order, layer.id) == order.end()) order.push_back(layer.id);
  for (LayerId id : order) {
    const LayerSpec* layer = state.graph.find(id);
    if (!layer) continue;
    const LayerReport* own = reportOf(report, id);
    const QString name = tr("%1  %2").arg(typeName(layer->className), QString::fromStdString(layer->name));
    QStandardItem* first = cell(name);
    const bool isBroken = isFaulty(report, id);
    first->setIcon(isBroken ? icon(QStringLiteral("error"), "danger")
                            : icon(QStringLiteral("layers/") + familyOf(*layer)));
    first->setData(id.value, kLayerRole);
    first->setAccessibleText(spokenText(state, report, *layer, m_context->cost().costOf(id)));
    first->setToolTip(first->accessibleText());
    QStandardItem* shape = cell(shapeText(own));
    QStandardItem* parameters = cell(own && own->parameters ? countText(own->parameters) : QString(), Qt::AlignRight);
    for (QStandardItem* item : {shape, parameters}) item->setFont(theme().mono(Theme::TextRole::Caption));
    m_layers->appendRow({first, shape, parameters});
  }
  showSelection();
}

void OutlineView::showSelection() {
  if (!m_context) return;
  const QScopedValueRollback<bool> guard(m_isSyncing, true);
  QItemSelection selection;
  QModelIndex current;
  for (int row = 0; row < m_layers->rowCount(); ++row) {
    const QModelIndex index = m_layers->index(row, 0);
    const LayerId layer = layerOf(index);
    if (!m_context->selection().contains(layer)) continue;
    selection.select(index, m_layers->index(row, ColumnCount - 1));
    if (layer == m_context->selection().current()) current = index;
  }
  m_tree->selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
  if (current.isValid()) m_tree->selectionModel()->setCurrentIndex(current, QItemSelectionModel::NoUpdate);
}

void OutlineView::takeSelection() {
  if (m_isSyncing || !m_context) return;
  std::vector<LayerId> layers;
  const LayerId current = layerOf(m_tree->currentIndex());
  for (const QModelIndex& index : m_tree->selectionModel()->selectedRows())
    if (layerOf(index) != current) layers.push_back(layerOf(index));
  if (current.isValid() && m_tree->selectionModel()->isRowSelected(m_tree->currentIndex().row()))
    layers.push_back(current);
  m_context->selection().set(layers);
}

void OutlineView::openMenu(const QPoint& position) {
  if (!m_context) return;
  QMenu menu(this);
  menu.setObjectName(QStringLiteral("outlineMenu"));
  LayerActions(*m_context).fillMenu(&menu);
  menu.exec(m_tree->viewport()->mapToGlobal(position));
}

bool OutlineView::handleKey(QKeyEvent* event) {
  LayerActions actions(*m_context);
  if (event->matches(QKeySequence::Delete)) return actions.remove(), true;
  if (event->matches(QKeySequence::Cut)) return actions.cut(), true;
  if (event->matches(QKeySequence::Copy)) return actions.copy(), true;
  if (event->matches(QKeySequence::Paste)) return actions.paste(), true;
  const bool isAlt = event->modifiers() & Qt::AltModifier;
  switch (event->key()) {
    case Qt::Key_Up: return isAlt && (actions.shift(-1), true);
    case Qt::Key_Down: return isAlt && (actions.shift(1), true);
    case Qt::Key_D: return event->modifiers() & Qt::ControlModifier && (actions.duplicate(), true);
    case Qt::Key_Space: return InsertSearch::open(this, *m_context), true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      Q_EMIT m_context->selection().revealRequested(m_context->selection().current(), QString());
      return true;
    default: return false;
  }
}

bool OutlineView::eventFilter(QObject* watched, QEvent* event) {
  if (m_context && event->type() == QEvent::KeyPress && handleKey(static_cast<QKeyEvent*>(event))) return true;
  return QWidget::eventFilter(watched, event);
}

}  // namespace layersmith
