#include "ui/canvas/LayerPalette.h"

#include "ui/canvas/LayerActions.h"
#include "ui/canvas/LayerTypeModel.h"
#include "ui/widgets/SearchField.h"
#include "ui/widgets/TextLabel.h"

#include <QKeyEvent>
#include <QSortFilterProxyModel>
#include <QTreeView>
#include <QVBoxLayout>

namespace layersmith {

LayerPalette::LayerPalette(QWidget* parent)
    : QWidget(parent),
      m_types(new LayerTypeModel(LayerTypeModel::Form::Tree, this)),
      m_filtered(new QSortFilterProxyModel(this)),
      m_search(new SearchField(tr("Filter layers"), this)),
      m_tree(new QTreeView(this)) {
  setObjectName(QStringLiteral("layerPalette"));
  setAccessibleName(tr("Layers"));
  setBackgroundToken(this, "panel");
  m_filtered->setSourceModel(m_types);
  m_filtered->setFilterRole(LayerTypeModel::SearchRole);
  m_filtered->setFilterCaseSensitivity(Qt::CaseInsensitive);
  m_filtered->setRecursiveFilteringEnabled(true);

  m_search->setObjectName(QStringLiteral("paletteFilter"));
  m_search->setTarget(m_tree);
  m_search->installEventFilter(this);
  connect(m_search, &QLineEdit::textChanged, this, &LayerPalette::filter);

  m_tree->setObjectName(QStringLiteral("paletteTree"));
  m_tree->setAccessibleName(tr("Layer types"));
  m_tree->setToolTip(tr("Drag a layer onto the canvas, or press Enter to insert it after the selection"));
  m_tree->setModel(m_filtered);
  m_tree->setItemDelegate(new LayerTypeDelegate(m_tree));
  m_tree->setHeaderHidden(true);
  m_tree->setFrameShape(QFrame::NoFrame);
  m_tree->setIndentation(10);
  m_tree->setDragEnabled(true);
  m_tree->setDragDropMode(QAbstractItemView::DragOnly);
  m_tree->setExpandsOnDoubleClick(false);
  m_tree->setMouseTracking(true);
  m_tree->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_tree->setUniformRowHeights(true);
  m_tree->installEventFilter(this);
  connect(m_tree, &QTreeView::doubleClicked, this, &LayerPalette::insert);
  connect(m_tree, &QTreeView::clicked, this, [this](const QModelIndex& index) {
    if (LayerTypeModel::className(index).empty()) m_tree->setExpanded(index, !m_tree->isExpanded(index));
  });

  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 8, 0, 0);
  column->setSpacing(8);
  auto* searchRow = new QVBoxLayout;
  searchRow->setContentsMargins(0, 0, 8, 0);
  searchRow->addWidget(m_search);
  column->addLayout(searchRow);
  column->addWidget(m_tree);
  m_tree->expandAll();
}

void LayerPalette::setContext(DocumentContext* context) {
  m_context = context;
}

void LayerPalette::focusFilter() {
  m_search->setFocus(Qt::ShortcutFocusReason);
  m_search->selectAll();
}

void LayerPalette::filter(const QString& text) {
  m_filtered->setFilterFixedString(text);
  m_tree->expandAll();
  if (text.isEmpty()) return;
  const QModelIndex category = m_filtered->index(0, 0);
  if (category.isValid()) m_tree->setCurrentIndex(m_filtered->index(0, 0, category));
}

void LayerPalette::insert(const QModelIndex& index) {
  const std::string className = LayerTypeModel::className(index);
  if (!m_context || className.empty()) return;
  LayerActions(*m_context).insertAfterSelection(className);
}

bool LayerPalette::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::KeyPress) {
    const auto* key = static_cast<QKeyEvent*>(event);
    if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
      insert(m_tree->currentIndex());
      return true;
    }
  }
  return QWidget::eventFilter(watched, event);
}

}  // namespace layersmith
