#pragma once

#include "ui/catalog/CatalogController.h"

#include <QUndoCommand>

namespace layersmith {

/// One step of the catalog's undo stack, pushed when it is done. Undo and redo are the same: the change is reversed by
/// a job, and what that did stands in its place.
class CatalogStep : public QUndoCommand {
 public:
  CatalogStep(CatalogController& catalog, const QString& text, const CatalogChange& change)
      : QUndoCommand(text), m_catalog(catalog), m_change(std::make_shared<CatalogChange>(change)) {}

  void undo() override {
    m_catalog.reverse(m_change, CatalogController::tr("Undoing: %1").arg(text()),
                      CatalogController::tr("Undone: %1.").arg(text()));
  }
  void redo() override {
    if (m_isDone)
      m_catalog.reverse(m_change, CatalogController::tr("Doing again: %1").arg(text()),
                        CatalogController::tr("Done again: %1.").arg(text()));
    m_isDone = true;
  }

  bool needs(const QStringList& trashIds) const { return m_change->needs(trashIds); }

 private:
  CatalogController& m_catalog;
  std::shared_ptr<CatalogChange> m_change;
  bool m_isDone = false;
};

}  // namespace layersmith
