#pragma once

#include "model/core/LayerId.h"
#include "ui/theme/Theme.h"

#include <QImage>
#include <QRectF>
#include <QString>

class QPainter;

namespace layersmith {

/// What a card shows.
struct CardContent {
  LayerId layer;
  QString type;
  QString shortType;  ///< used where `type` does not fit
  QString name;
  QString summary;
  QString figure;  ///< parameters, or an input's shape: right aligned
  QString family;
  bool hasCost = false;    ///< extends the card downward by a line; the texts may still be missing
  QString cost;            ///< "12.4 ms · 38 %"
  double costPercent = 0;  ///< length of the bar beside it
  QImage preview;          ///< extends the card downward; null: none
  bool isCompact = false;
  bool isKnown = true;
  bool isFaulty = false;
  bool isFrozen = false;

  friend bool operator==(const CardContent&, const CardContent&) = default;
};

/// What the pointer and the keyboard do to it.
struct CardState {
  bool isSelected = false;
  bool isHovered = false;
  bool hasFocus = false;
  bool isDragged = false;
  bool isDisabled = false;
};

inline constexpr qreal kCardWidth = 224;
inline constexpr qreal kCardRoom = 20;  ///< around the card: focus ring, ports, shadow

qreal cardHeight(const CardContent& content);
qreal cardGap(bool isCompact);

/// One card with its top left corner at (0, 0). `zoom` in device pixels per scene unit over the device ratio decides
/// what is still legible.
void paintCard(QPainter* painter, const CardContent& content, const CardState& state, qreal zoom);

/// The dashed plate that names what a drop will do: "Insert Dropout", "Replace with LSTM".
void paintDropPlate(QPainter* painter, const QRectF& rect, const QString& text, bool isReplace);

/// Fonts of the scene: its unit is a logical pixel at 100 %, and the view scales them with the rest.
QFont sceneFont(Theme::TextRole role, bool isMono = false);

}  // namespace layersmith
