// Renaming in the catalog's table.
#include "ui/catalog/CatalogController.h"
#include "ui/catalog/CatalogRows.h"
#include "ui/catalog/CatalogTable.h"
#include "ui/widgets/NameEditor.h"

namespace layersmith {

namespace {

constexpr int kLongestName = 200;  // bytes; file systems take 255, and a pair adds to it

}  // namespace

/// A name that was refused is not lost: the field opens with it once more, or when Rename is next asked for.
void CatalogTable::connectNames() {
  m_rows->setNameCheck([this](const QModelIndex& index, const QString& name) { return nameProblem(index, name); });
  connect(m_rows, &CatalogRows::nameGiven, this, [this](const QModelIndex& index, const QString& name) {
    m_typed = {index.data(CatalogModel::UrlRole).toString(), name};
  });
  connect(m_rows, &CatalogRows::nameRefused, this,
          [this](const QModelIndex& index, const QString& name, const QString& problem) {
            m_typed = {index.data(CatalogModel::UrlRole).toString(), name};
            Q_EMIT m_catalog.noted(tr("%1 keeps its name. %2").arg(index.data().toString(), problem));
          });
  connect(&m_catalog, &CatalogController::renamed, this, [this](const QString& url) {
    if (m_typed.url == url) m_typed = {};
  });
  connect(&m_catalog, &CatalogController::renameRefused, this, &CatalogTable::retypeName);
}

void CatalogTable::renameCurrent() {
  const QModelIndex index = currentIndex().siblingAtColumn(CatalogModel::Name);
  if (index.isValid() && !(index.flags() & Qt::ItemIsEditable)) {
    Q_EMIT m_catalog.noted(tr("Models on a server keep their names."));
    return;
  }
  const Typed typed = m_typed;
  if (index.isValid()) edit(index);
  auto* editor = qobject_cast<NameEditor*>(indexWidget(index));
  if (editor && typed.url == index.data(CatalogModel::UrlRole).toString()) editor->retype(typed.name, {});
}

/// The stores know more than the list: a folder that holds no model has a name too.
void CatalogTable::retypeName(const QString& url, const QString& name, const QString& reason) {
  if (m_typed.url != url) return;  // another table's
  const int row = m_catalog.model().rowOf(url);
  const QModelIndex index = m_filter.mapFromSource(m_catalog.model().index(row, CatalogModel::Name));
  if (row < 0 || !index.isValid() || !isVisible() || state() == EditingState) {
    Q_EMIT m_catalog.noted(tr("%1 keeps its name. %2").arg(modelNameOf(url), reason));
    return;
  }
  selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
  scrollTo(index);
  edit(index);
  if (auto* editor = qobject_cast<NameEditor*>(indexWidget(index))) editor->retype(name, reason);
}

/// Escape gives a name up.
void CatalogTable::closeEditor(QWidget* editor, QAbstractItemDelegate::EndEditHint hint) {
  if (hint == QAbstractItemDelegate::RevertModelCache) m_typed = {};
  QTableView::closeEditor(editor, hint);
}

QString CatalogTable::nameProblem(const QModelIndex& index, const QString& typed) const {
  const QString url = index.data(CatalogModel::UrlRole).toString(), name = typed.trimmed();
  if (name.isEmpty()) return tr("A model needs a name.");
  if (const QString before = index.data().toString(); name == before || typed == before) return {};
  if (!isInBrowser(url) && name.contains(QLatin1Char('/'))) return tr("A name here has no slashes.");
  const bool isFile = url.startsWith(QStringLiteral("file:"));
  if (isFile && name.startsWith(QLatin1Char('.'))) return tr("A name that begins with a dot would be hidden.");
  if (isFile && name.toUtf8().size() > kLongestName) return tr("This name is too long for a folder.");
  if (m_catalog.model().rowOf(renamedUrl(url, name)) < 0) return {};
  return tr("%1 is taken in %2.").arg(name, index.siblingAtColumn(CatalogModel::Where).data().toString());
}

}  // namespace layersmith
