#include "ui/canvas/CardPainter.h"

#include "ui/theme/Icons.h"
#include "ui/theme/StylePainting.h"

#include <QCoreApplication>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace layersmith {

namespace {

constexpr qreal kRadius = 8;
constexpr qreal kPreviewHeight = 36;
constexpr qreal kCostHeight = 18;
constexpr qreal kCostBarWidth = 84;
constexpr qreal kCostBarHeight = 4;
constexpr qreal kHideNamesBelow = 0.75;
constexpr qreal kHideSummariesBelow = 0.50;
constexpr qreal kGlyphOnlyBelow = 0.30;

QColor token(const char* name) {
  return theme().color(name);
}

qreal pixelRatio(const QPainter* painter) {
  return painter->device()->devicePixelRatioF() * std::max<qreal>(1, std::abs(painter->worldTransform().m11()));
}

void paintGlyph(QPainter* painter, const CardContent& content, const QRectF& tile, qreal radius, int px) {
  const QColor ink = theme().familyInk(content.family);
  paintBox(painter, tile, {theme().familyTint(content.family), theme().isHighContrast() ? ink : QColor(), radius});
  const QPixmap glyph = iconPixmap(QStringLiteral("layers/") + content.family, ink, px, pixelRatio(painter));
  painter->drawPixmap(QRectF(tile.center() - QPointF(px / 2., px / 2.), QSizeF(px, px)), glyph, glyph.rect());
}

/// Diagonal lines over a frozen card, clipped to it.
void paintHatch(QPainter* painter, const QRectF& rect) {
  if (theme().isHighContrast()) return;
  QPainterPath clip;
  clip.addRoundedRect(rect, kRadius, kRadius);
  painter->save();
  painter->setClipPath(clip, Qt::IntersectClip);
  QColor line = token("accentText");
  line.setAlphaF(0.13f);
  painter->setPen(QPen(line, 1.5));
  for (qreal x = rect.left() - rect.height(); x < rect.right(); x += 8)
    painter->drawLine(QPointF(x, rect.bottom()), QPointF(x + rect.height(), rect.top()));
  painter->restore();
}

void paintBody(QPainter* painter, const CardContent& content, const CardState& state, const QRectF& rect) {
  if (state.isDragged) paintShadow(painter, rect, kRadius, 2);
  const bool isThick = content.isFaulty || state.isSelected;
  const char* line = content.isFaulty                      ? "danger"
                     : state.isSelected                    ? "focus"
                     : state.isDragged                     ? "accent"
                     : state.isHovered || !content.isKnown ? "control"
                                                           : "lineStrong";
  BoxLook look{token("raised"), token(line), kRadius, isThick || theme().isHighContrast() ? 2. : 1.};
  if (!content.isKnown && !isThick) look.penStyle = Qt::DashLine;
  paintBox(painter, rect, {look.fill, {}, kRadius});
  if (content.isFrozen) paintHatch(painter, rect);
  look.fill = QColor();
  paintBox(painter, rect, look);
  // Keyboard focus, and the selection of a faulty card, stand outside so that nothing hides the fault.
  if (state.hasFocus || (content.isFaulty && state.isSelected))
    paintBox(painter, rect.adjusted(-4, -4, 4, 4), {{}, token("focus"), kRadius + 4, 2});
}

/// Draws `text` elided to the room and returns the room it took.
qreal paintText(QPainter* painter, const QPointF& baseline, qreal room, const QString& text, const QFont& font,
                const char* ink) {
  if (room < 20 || text.isEmpty()) return 0;
  painter->setFont(font);
  painter->setPen(token(ink));
  const QFontMetricsF metrics(font);
  const QString shown = metrics.elidedText(text, Qt::ElideRight, room);
  painter->drawText(baseline, shown);
  return metrics.horizontalAdvance(shown);
}

/// Right aligned; returns where it begins.
qreal paintFigure(QPainter* painter, qreal right, qreal baseline, const QString& text, const QFont& font,
                  const char* ink) {
  const qreal width = QFontMetricsF(font).horizontalAdvance(text);
  painter->setFont(font);
  painter->setPen(token(ink));
  painter->drawText(QPointF(right - width, baseline), text);
  return right - width;
}

/// Snowflake and word; returns where they begin.
qreal paintFrozen(QPainter* painter, qreal right, qreal baseline) {
  const QString word = QCoreApplication::translate("CardPainter", "frozen");
  const qreal left = paintFigure(painter, right, baseline, word, sceneFont(Theme::TextRole::Label), "accentText") - 18;
  const QPixmap flake = iconPixmap(QStringLiteral("freeze"), token("accentText"), 14, pixelRatio(painter));
  painter->drawPixmap(QRectF(left, baseline - 11, 14, 14), flake, flake.rect());
  return left;
}

void paintFault(QPainter* painter, const QPointF& topLeft) {
  const QPixmap mark = iconPixmap(QStringLiteral("error"), token("danger"), 16, pixelRatio(painter));
  painter->drawPixmap(QRectF(topLeft, QSizeF(16, 16)), mark, mark.rect());
}

QString fittingType(const CardContent& content, const QFont& font, qreal room) {
  return QFontMetricsF(font).horizontalAdvance(content.type) <= room ? content.type : content.shortType;
}

void paintFullText(QPainter* painter, const CardContent& content, qreal zoom) {
  constexpr qreal kLeft = 54;
  const qreal right = kCardWidth - 12;
  const qreal firstLineEnd = content.isFaulty ? right - 22 : right;
  if (content.isFaulty) paintFault(painter, {right - 16, 11});
  const QFont strong = sceneFont(Theme::TextRole::BodyStrong);
  const QString type = fittingType(content, strong, firstLineEnd - kLeft);
  const qreal typeWidth = paintText(painter, {kLeft, 25}, firstLineEnd - kLeft + 1, type, strong, "text");
  const QFont mono = sceneFont(Theme::TextRole::Caption, true);
  if (zoom >= kHideNamesBelow)
    paintText(painter, {kLeft + typeWidth + 6, 25}, firstLineEnd - kLeft - typeWidth - 6, content.name, mono, "text3");
  if (zoom < kHideSummariesBelow) return;
  qreal end = right;
  if (content.isFrozen)
    end = paintFrozen(painter, end, 42);
  else if (!content.figure.isEmpty())
    end = paintFigure(painter, end, 42, content.figure, mono, "text3");
  QFont label = sceneFont(Theme::TextRole::Label);
  label.setWeight(QFont::Normal);
  paintText(painter, {kLeft, 42}, end - kLeft - 8, content.summary, label, "text2");
}

void paintCompactText(QPainter* painter, const CardContent& content, qreal zoom) {
  constexpr qreal kLeft = 40;
  qreal end = kCardWidth - 12;
  if (content.isFaulty) {
    paintFault(painter, {end - 16, 12});
    end -= 24;
  } else if (content.isFrozen) {
    end = paintFrozen(painter, end, 25) - 8;
  } else if (!content.figure.isEmpty() && zoom >= kHideSummariesBelow) {
    end = paintFigure(painter, end, 25, content.figure, sceneFont(Theme::TextRole::Caption, true), "text3") - 8;
  }
  const QFont strong = sceneFont(Theme::TextRole::BodyStrong);
  QFont label = sceneFont(Theme::TextRole::Label);
  label.setWeight(QFont::Normal);
  // The summary is worth more here than the long form of the type.
  const QString type =
      fittingType(content, strong, end - kLeft - 6 - QFontMetricsF(label).horizontalAdvance(content.summary));
  const qreal typeWidth = paintText(painter, {kLeft, 25}, end - kLeft + 1, type, strong, "text");
  if (zoom >= kHideSummariesBelow)
    paintText(painter, {kLeft + typeWidth + 6, 25}, end - kLeft - typeWidth - 6, content.summary, label, "text2");
}

void paintPorts(QPainter* painter, const CardContent& content, const CardState& state, qreal height) {
  painter->setBrush(token("canvas"));
  painter->setPen(QPen(token(content.isFaulty ? "danger" : state.isSelected ? "edgeActive" : "edge"), 1.5));
  if (content.family != u"input") painter->drawEllipse(QPointF(kCardWidth / 2, 0), 3.25, 3.25);
  painter->drawEllipse(QPointF(kCardWidth / 2, height), 3.25, 3.25);
}

/// A bar of the layer's share of the time, all cards to one scale, and the figures at the right edge.
void paintCost(QPainter* painter, const CardContent& content, qreal top, qreal zoom) {
  if (content.cost.isEmpty()) return;
  if (zoom >= kHideSummariesBelow)
    paintFigure(painter, kCardWidth - 12, top + 9, content.cost, sceneFont(Theme::TextRole::Caption, true), "text2");
  if (content.costPercent <= 0) return;
  const QRectF track(12, top + 3, kCostBarWidth, kCostBarHeight);
  QRectF bar = track;
  bar.setWidth(std::max(kCostBarHeight, track.width() * std::min(content.costPercent, 100.) / 100));
  paintBox(painter, track, {token("line"), {}, kCostBarHeight / 2});
  paintBox(painter, bar, {theme().familyInk(content.family), {}, kCostBarHeight / 2});
}

void paintPreview(QPainter* painter, const CardContent& content, qreal top) {
  const QSizeF room(kCardWidth - 24, kPreviewHeight);
  const QSizeF size = QSizeF(content.preview.size()).scaled(room, Qt::KeepAspectRatio);
  painter->setRenderHint(QPainter::SmoothPixmapTransform);
  painter->drawImage(QRectF(QPointF(12, top), size), content.preview);
}

qreal bodyHeight(bool isCompact) {
  return isCompact ? 40 : 56;
}

qreal costHeight(const CardContent& content) {
  return content.hasCost ? kCostHeight : 0;
}

}  // namespace

QFont sceneFont(Theme::TextRole role, bool isMono) {
  QFont font = isMono ? theme().mono(role) : theme().font(role);
  font.setPixelSize(qRound(font.pointSizeF() / 0.75 / theme().fontScale()));
  return font;
}

qreal cardHeight(const CardContent& content) {
  return bodyHeight(content.isCompact) + costHeight(content) + (content.preview.isNull() ? 0 : kPreviewHeight + 10);
}

qreal cardGap(bool isCompact) {
  return isCompact ? 24 : 40;
}

void paintCard(QPainter* painter, const CardContent& content, const CardState& state, qreal zoom) {
  const QRectF rect(0, 0, kCardWidth, cardHeight(content));
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  if (state.isDragged) painter->setOpacity(0.9);
  if (zoom < kGlyphOnlyBelow) {
    paintBox(painter, rect,
             {theme().familyTint(content.family), token(content.isFaulty ? "danger" : "lineStrong"), kRadius,
              content.isFaulty ? 4. : 1.});
    paintGlyph(painter, content, {rect.center() - QPointF(16, 16), QSizeF(32, 32)}, 6, 32);
    painter->restore();
    return;
  }
  paintBody(painter, content, state, rect);
  if (state.isDisabled) painter->setOpacity(0.55);
  if (content.isCompact) {
    paintGlyph(painter, content, {8, 8, 24, 24}, 4, 16);
    paintCompactText(painter, content, zoom);
  } else {
    paintGlyph(painter, content, {12, 12, 32, 32}, 6, 20);
    paintFullText(painter, content, zoom);
  }
  const qreal body = bodyHeight(content.isCompact);
  if (content.hasCost) paintCost(painter, content, body, zoom);
  if (!content.preview.isNull()) paintPreview(painter, content, body + costHeight(content) - 2);
  paintPorts(painter, content, state, rect.height());
  painter->restore();
}

void paintDropPlate(QPainter* painter, const QRectF& rect, const QString& text, bool isReplace) {
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  paintBox(painter, rect, {token("selection"), token("edgeActive"), kRadius, isReplace ? 2. : 1., Qt::DashLine});
  const QFont font = [] {
    QFont medium = sceneFont(Theme::TextRole::Body);
    medium.setWeight(QFont::Medium);
    return medium;
  }();
  const QString shown = QFontMetricsF(font).elidedText(text, Qt::ElideRight, rect.width() - 48);
  const qreal width = QFontMetricsF(font).horizontalAdvance(shown) + 22;
  const qreal left = rect.center().x() - width / 2;
  const QPixmap mark = iconPixmap(isReplace ? QStringLiteral("replace") : QStringLiteral("add"), token("accentText"),
                                  16, pixelRatio(painter));
  painter->drawPixmap(QRectF(left, rect.center().y() - 8, 16, 16), mark, mark.rect());
  painter->setFont(font);
  painter->setPen(token("accentText"));
  painter->drawText(QRectF(left + 22, rect.top(), width, rect.height()), Qt::AlignVCenter | Qt::AlignLeft, shown);
  painter->restore();
}

}  // namespace layersmith
