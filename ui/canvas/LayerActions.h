#pragma once

#include "model/document/Edits.h"
#include "ui/commands/DocumentContext.h"

#include <QPointF>

#include <functional>

class QMenu;

namespace layersmith {

/// Everything a person can do to layers, the same for canvas, outline and palette. Each is one undo step, named as the
/// Edit menu shows it. Light: made on the spot around a context.
class LayerActions {
 public:
  explicit LayerActions(DocumentContext& context) : m_context(context) {}

  /// Returns the new layer, selected; an invalid id when nothing was changed.
  LayerId insert(const std::string& className, const edits::InsertPlace& place);
  LayerId insertAfterSelection(const std::string& className);
  bool move(LayerId layer, const edits::InsertPlace& place);
  bool shift(int direction);  ///< the selected layers, one place up (-1) or down (+1)
  bool place(const std::vector<LayerId>& layers, const std::vector<QPointF>& positions);
  bool forgetPlaces();  ///< everything back to the automatic layout
  bool connectLayers(LayerId from, LayerId to);

  bool remove();
  bool duplicate();
  bool copy();
  bool cut();
  bool paste();
  bool setFrozen(bool isFrozen);
  void selectAll();
  void selectNeighbour(int direction);

  bool canPaste() const;
  void fillMenu(QMenu* menu);

 private:
  bool apply(const QString& text, DocumentState after);
  QString nameOf(LayerId layer) const;
  LayerId lastOfChain() const;

  DocumentContext& m_context;
};

}  // namespace layersmith
