#include "ui/canvas/InsertSearch.h"

#include "ui/canvas/LayerActions.h"
#include "ui/canvas/LayerTypeModel.h"
#include "ui/theme/StylePainting.h"
#include "ui/theme/Theme.h"
#include "ui/widgets/SearchField.h"
#include "ui/widgets/TextLabel.h"

#include <QApplication>
#include <QKeyEvent>
#include <QListView>
#include <QPainter>
#include <QSortFilterProxyModel>
#include <QVBoxLayout>

namespace layersmith {

InsertSearch* InsertSearch::open(QWidget* over, DocumentContext& context, std::optional<edits::InsertPlace> place) {
  auto* popup = new InsertSearch(over, context, std::move(place));
  popup->setAttribute(Qt::WA_DeleteOnClose);
  const QPoint center = over->mapToGlobal(over->rect().center());
  popup->move(center - QPoint(popup->width() / 2, popup->height() / 2));
  popup->show();
  popup->m_search->setFocus();
  return popup;
}

InsertSearch::InsertSearch(QWidget* over, DocumentContext& context, std::optional<edits::InsertPlace> place)
    : QFrame(over, Qt::Popup),
      m_context(&context),
      m_place(std::move(place)),
      m_filtered(new QSortFilterProxyModel(this)),
      m_search(new SearchField(tr("Insert layer"), this)),
      m_list(new QListView(this)) {
  setObjectName(QStringLiteral("insertSearch"));
  setAccessibleName(tr("Insert layer"));
  m_filtered->setSourceModel(new LayerTypeModel(LayerTypeModel::Form::List, this));
  m_filtered->setFilterRole(LayerTypeModel::SearchRole);
  m_filtered->setFilterCaseSensitivity(Qt::CaseInsensitive);
  m_search->setObjectName(QStringLiteral("insertSearchField"));
  m_search->installEventFilter(this);
  connect(m_search, &QLineEdit::textChanged, this, &InsertSearch::filter);
  m_list->setObjectName(QStringLiteral("insertSearchList"));
  m_list->setAccessibleName(tr("Layer types"));
  m_list->setModel(m_filtered);
  m_list->setItemDelegate(new LayerTypeDelegate(m_list));
  m_list->setFrameShape(QFrame::NoFrame);
  m_list->setMouseTracking(true);
  setBackgroundToken(m_list->viewport(), "raised");
  connect(m_list, &QListView::clicked, this, &InsertSearch::insertCurrent);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 8, 8, 8);
  column->setSpacing(8);
  column->addWidget(m_search);
  column->addWidget(m_list);
  resize(288, 320);
  filter({});
}

void InsertSearch::filter(const QString& text) {
  m_filtered->setFilterFixedString(text);
  m_list->setCurrentIndex(m_filtered->index(0, 0));
}

void InsertSearch::insertCurrent() {
  const std::string className = LayerTypeModel::className(m_list->currentIndex());
  if (className.empty() || !m_context) return;
  if (m_place)
    LayerActions(*m_context).insert(className, *m_place);
  else
    LayerActions(*m_context).insertAfterSelection(className);
  close();
}

bool InsertSearch::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() != QEvent::KeyPress) return QFrame::eventFilter(watched, event);
  const auto* key = static_cast<QKeyEvent*>(event);
  switch (key->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter: insertCurrent(); return true;
    case Qt::Key_Escape: close(); return true;
    case Qt::Key_Up:
    case Qt::Key_Down: QApplication::sendEvent(m_list, event); return true;
    default: return QFrame::eventFilter(watched, event);
  }
}

void InsertSearch::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  paintBox(&painter, rect(), {theme().color("raised"), theme().color("lineStrong"), 0});
}

}  // namespace layersmith
