#pragma once

#include <QGraphicsView>  // first: moc cannot read <compare> before a Qt header

#include "model/core/LayerId.h"

#include <QPointer>

#include <vector>

class QMimeData;

namespace layersmith {

class CanvasScene;
class CanvasTools;
class DocumentContext;
class EmptyState;
class MiniMap;
struct DropTarget;

/// The drawing of a model, and the place where it is composed: drag and drop, keyboard, context menu. Every change goes
/// through LayerActions, so undo, outline and canvas agree.
///
/// Accepts kLayerTypeMime (the palette) and kLayerCardMime (its own cards). Wheel scrolls, Ctrl+wheel zooms about the
/// pointer, middle or Space drag pans; Space opens the insert search.
class LayerCanvas : public QGraphicsView {
  Q_OBJECT

 public:
  explicit LayerCanvas(QWidget* parent = nullptr);
  ~LayerCanvas() override;

  void setContext(DocumentContext* context);  ///< may be null

  /// A small picture under a layer's card, for trainings; a null image takes it away.
  void setPreview(LayerId layer, const QImage& image);
  void clearPreviews();

  /// Room at the edges that something lies over (the welcome card), kept free when the model is centred.
  void setContentInsets(const QMargins& insets);

  qreal zoom() const { return m_zoom; }
  void setZoom(qreal zoom);
  CanvasScene& canvasScene() { return *m_scene; }

 public Q_SLOTS:
  void zoomIn();
  void zoomOut();
  void resetZoom();
  void fit();
  void autoLayout();
  void openInsertSearch();
  void setMiniMapShown(bool isShown);

 Q_SIGNALS:
  void zoomChanged(qreal zoom);

 protected:
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dragMoveEvent(QDragMoveEvent* event) override;
  void dragLeaveEvent(QDragLeaveEvent* event) override;
  void dropEvent(QDropEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void keyReleaseEvent(QKeyEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  enum class Gesture { None, PressedCard, Panning, RubberBand, Connecting };

  void applyTransform();
  void updateSceneRect();
  void centerContent();
  void placeOverlays();
  void showCurrent();
  void afterRebuild();
  QString dropTextFor(const DropTarget& target, const QMimeData* mime) const;
  void dropCards(const DropTarget& target, const std::vector<LayerId>& cards, const QPointF& position);
  void startCardDrag();
  void selectAtPress(LayerId layer, Qt::KeyboardModifiers modifiers);
  void updateRubberBand(const QPoint& position);
  void finishConnecting(const QPoint& position);
  bool handleKey(QKeyEvent* event);
  LayerId outputPortAt(const QPoint& position) const;

  CanvasScene* m_scene;
  CanvasTools* m_tools;
  MiniMap* m_miniMap;
  EmptyState* m_empty;
  QPointer<DocumentContext> m_context;
  QMargins m_insets;
  qreal m_zoom = 1;
  Gesture m_gesture = Gesture::None;
  QPoint m_pressedAt;
  QPoint m_pointer;
  LayerId m_pressedLayer;
  QPointF m_grabOffset;  ///< from the pressed card's corner to the pointer
  bool m_isSpaceHeld = false;
  bool m_hasPanned = false;
  bool m_isCentered = true;  ///< nobody has scrolled yet: keep the model in the middle while the window grows
};

}  // namespace layersmith
