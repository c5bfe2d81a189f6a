#pragma once

#include "model/document/Edits.h"
#include "ui/canvas/EdgeItem.h"
#include "ui/canvas/LayerCard.h"

#include <QGraphicsScene>
#include <QPointer>
#include <QVariantAnimation>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace layersmith {

class DocumentContext;

/// Where something dragged would go, and how the canvas shows it.
struct DropTarget {
  edits::InsertPlace place;
  QRectF slot;             ///< where the plate stands; null for a loose drop
  bool isOpening = false;  ///< cards below make room for the slot
  std::optional<EdgeKey> edge;

  bool isLoose() const { return place.kind == edits::InsertPlace::Kind::Loose; }
};

/// The picture of one document: keeps cards and links in step with it, never changes it.
class CanvasScene final : public QGraphicsScene {
  Q_OBJECT

 public:
  explicit CanvasScene(QObject* parent = nullptr);
  ~CanvasScene() override;

  void setContext(DocumentContext* context);
  void setAnimated(bool isAnimated) { m_isAnimated = isAnimated; }
  void setFocusShown(bool isShown);
  void setPreview(LayerId layer, const QImage& image);
  void clearPreviews();

  LayerCard* card(LayerId layer) const;
  EdgeItem* edge(const EdgeKey& key) const;
  LayerCard* cardAt(const QPointF& position) const;
  EdgeItem* edgeAt(const QPointF& position) const;
  QPointF placeOf(LayerId layer) const;  ///< top left corner, where it stands or is going to
  QRectF contentRect() const;            ///< all cards and the line under the last
  std::vector<LayerId> layersIn(const QRectF& rect) const;
  bool isCompact() const { return m_isCompact; }

  /// Where a drop at `position` goes. `dragged`: cards of this document, or empty for a new layer.
  DropTarget dropTargetAt(const QPointF& position, const std::vector<LayerId>& dragged) const;
  void showDrop(const DropTarget& target, const QString& text, const std::vector<LayerId>& dragged);
  void clearDrop();
  QString dropText() const { return m_dropText; }

 Q_SIGNALS:
  void rebuilt();

 protected:
  void drawBackground(QPainter* painter, const QRectF& rect) override;
  void drawForeground(QPainter* painter, const QRectF& rect) override;

 private:
  void rebuild();
  void refreshContents();
  void refreshCosts();
  void refreshStates();
  void refreshEdgeLooks();
  void arrange();
  void moveCards();
  void routeEdges();
  QRectF placedRect(LayerId layer) const;
  std::optional<DropTarget> edgeDropAt(const QPointF& position, const std::vector<LayerId>& dragged) const;
  std::optional<DropTarget> tailDropAt(const QPointF& position, const std::vector<LayerId>& dragged) const;
  std::optional<DropTarget> cardDropAt(const QPointF& position, const std::vector<LayerId>& dragged) const;
  DropTarget edgeDrop(const EdgeKey& key) const;
  DropTarget tailDrop(LayerId layer) const;

  QPointer<DocumentContext> m_context;
  std::map<LayerId, std::unique_ptr<LayerCard>> m_cards;
  std::map<EdgeKey, std::unique_ptr<EdgeItem>> m_edges;
  std::map<LayerId, QPointF> m_places;
  std::map<LayerId, QImage> m_previews;
  std::map<LayerId, QPointF> m_moveFrom;
  QVariantAnimation m_moving;
  QGraphicsSimpleTextItem* m_summary;
  std::optional<DropTarget> m_drop;
  QString m_dropText;
  std::vector<LayerId> m_dragged;
  bool m_isCompact = false;
  bool m_isAnimated = true;
  bool m_isFocusShown = false;
};

}  // namespace layersmith
