#include "ui/catalog/TrashView.h"

#include "ui/catalog/CatalogController.h"
#include "ui/dialogs/Parts.h"
#include "ui/widgets/EmptyState.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace layersmith {

TrashView::TrashView(CatalogController& catalog, QWidget* parent) : QWidget(parent), m_catalog(catalog) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  auto* bar = new Surface("panel", Qt::BottomEdge);
  bar->setFixedHeight(48);
  auto* row = new QHBoxLayout(bar);
  row->setContentsMargins(12, 0, 12, 1);
  row->setSpacing(8);
  row->addWidget(new TextLabel(tr("Trash"), Theme::TextRole::BodyStrong));
  row->addWidget(new TextLabel(tr("Kept for 30 days or until emptied."), Theme::TextRole::Label, "text2"));
  row->addStretch();
  m_restore = makeButton(QStringLiteral("trash.restore"), tr("Restore"), ButtonKind::Default, QStringLiteral("undo"));
  m_empty =
      makeButton(QStringLiteral("trash.empty"), tr("Empty trash..."), ButtonKind::Default, QStringLiteral("delete"));
  row->addWidget(m_restore);
  row->addWidget(m_empty);
  m_table = new QTableView;
  m_table->setModel(&m_model);
  m_table->setShowGrid(false);
  m_table->setFrameShape(QFrame::NoFrame);
  m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
  m_table->verticalHeader()->hide();
  m_table->verticalHeader()->setDefaultSectionSize(32);
  m_table->horizontalHeader()->setHighlightSections(false);
  m_table->horizontalHeader()->setSectionResizeMode(TrashModel::Name, QHeaderView::Stretch);
  nameControl(*m_table, QStringLiteral("trash.table"), tr("Deleted models"));
  column->addWidget(bar);
  m_pages = new QStackedWidget;
  m_pages->addWidget(m_table);
  m_pages->addWidget(
      new EmptyState(QStringLiteral("delete"), tr("The trash is empty"), tr("Deleted models stay here for 30 days.")));
  column->addWidget(m_pages, 1);
  connect(m_restore, &QPushButton::clicked, this, [this] {
    QStringList ids;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows())
      ids << index.data(TrashModel::kIdRole).toString();
    if (!ids.isEmpty()) m_catalog.restore(ids);
  });
  connect(m_empty, &QPushButton::clicked, this, &TrashView::askToEmpty);
  connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
          [this] { m_restore->setEnabled(m_table->selectionModel()->hasSelection()); });
  connect(&m_catalog, &CatalogController::changed, this, &TrashView::refresh);
  refresh();
}

void TrashView::refresh() {
  m_model.setEntries(m_catalog.trash());
  m_restore->setEnabled(m_table->selectionModel()->hasSelection());
  m_empty->setEnabled(m_model.rowCount() > 0);
  m_pages->setCurrentIndex(m_model.rowCount() > 0 ? 0 : 1);
}

void TrashView::askToEmpty() {
  class Question : public FooterDialog {
   public:
    Question(int count, QWidget* parent)
        : FooterDialog(QStringLiteral("emptyTrashDialog"), TrashView::tr("Empty trash"), parent) {
      content().addWidget(
          new TextLabel(TrashView::tr("Delete %Ln model(s) for good?", nullptr, count), Theme::TextRole::Title));
      content().addWidget(new TextLabel(TrashView::tr("Nothing brings them back."), Theme::TextRole::Body, "text2"));
      QPushButton* cancel =
          addFooterButton(QStringLiteral("emptyTrashDialog.cancel"), TrashView::tr("Cancel"), ButtonKind::Default);
      QPushButton* empty =
          addFooterButton(QStringLiteral("emptyTrashDialog.empty"), TrashView::tr("Empty trash"), ButtonKind::Primary);
      connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
      connect(empty, &QPushButton::clicked, this, &QDialog::accept);
    }
  };
  auto* question = new Question(m_model.rowCount(), window());
  connect(question, &QDialog::accepted, this, [this] { m_catalog.emptyTrash(); });
  question->open();
}

}  // namespace layersmith
