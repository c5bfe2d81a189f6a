#pragma once

#include "model/document/Edits.h"
#include "model/document/Templates.h"
#include "ui/canvas/CanvasScene.h"
#include "ui/canvas/LayerCanvas.h"
#include "ui/canvas/LayerMime.h"
#include "ui/commands/DocumentContext.h"

#include <QApplication>
#include <QDragEnterEvent>
#include <QMimeData>

#include <memory>

namespace layersmith::test {

inline FieldMap denseConfig(int units) {
  return {{"units", units}};
}

/// Input (2) -> Dense hidden 8 -> Dense out 1.
inline DocumentState smallModel() {
  DocumentState state = makeTemplate(QStringLiteral("twoMoons"));
  return state;
}

/// A canvas with a document, as the studio wires them, and drops sent to its viewport.
struct CanvasFixture {
  ComputeThread compute;
  DocumentContext context;
  LayerCanvas canvas;

  explicit CanvasFixture(DocumentState state = smallModel()) : context(std::move(state), compute) {
    canvas.resize(720, 640);
    canvas.canvasScene().setAnimated(false);
    canvas.setContext(&context);
    canvas.show();
    QApplication::processEvents();
  }

  QStringList chain() const {
    QStringList names;
    for (LayerId id : const_cast<DocumentContext&>(context).document().report().order)
      names << QString::fromStdString(context.state().graph.find(id)->className);
    return names;
  }
  QStringList names() const {
    QStringList names;
    for (LayerId id : const_cast<DocumentContext&>(context).document().report().order)
      names << QString::fromStdString(context.state().graph.find(id)->name);
    return names;
  }
  LayerId at(int index) const {
    return const_cast<DocumentContext&>(context).document().report().order.at(std::size_t(index));
  }

  QPoint cardCenter(LayerId layer) {
    return canvas.mapFromScene(canvas.canvasScene().placeOf(layer) +
                               canvas.canvasScene().card(layer)->cardRect().center());
  }
  QPoint linkCenter(LayerId from, LayerId to) {
    return canvas.mapFromScene(canvas.canvasScene().edge({from, to, 0, 0})->middle());
  }

  void enter(const QMimeData& mime, const QPoint& position) {
    QDragEnterEvent event(position, Qt::CopyAction | Qt::MoveAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(canvas.viewport(), &event);
  }
  void move(const QMimeData& mime, const QPoint& position) {
    QDragMoveEvent event(position, Qt::CopyAction | Qt::MoveAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(canvas.viewport(), &event);
  }
  bool drag(const QMimeData& mime, const QPoint& position) {
    QDragEnterEvent enter(position, Qt::CopyAction | Qt::MoveAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(canvas.viewport(), &enter);
    move(mime, position);
    QDropEvent drop(position, Qt::CopyAction | Qt::MoveAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(canvas.viewport(), &drop);
    QApplication::processEvents();
    return enter.isAccepted() && drop.isAccepted();
  }
};

}  // namespace layersmith::test
