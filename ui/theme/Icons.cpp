#include "ui/theme/Icons.h"

#include "resources/Resources.h"
#include "ui/theme/Theme.h"

#include <QFile>
#include <QHash>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace layersmith {

namespace {

constexpr int kThinBelowPx = 16;  // up to this size the stroke is drawn a little wider

const QByteArray& svgSource(const QString& name) {
  static QHash<QString, QByteArray> sources;
  const auto known = sources.constFind(name);
  if (known != sources.constEnd()) return *known;
  initResources();
  QFile file(QStringLiteral(":/layersmith/icons/%1.svg").arg(name));
  const bool isOpen = file.open(QIODevice::ReadOnly);
  Q_ASSERT_X(isOpen, "icon", qPrintable(name));
  return *sources.insert(name, isOpen ? file.readAll() : QByteArray());
}

void renderIcon(QPainter& painter, const QRectF& rect, const QString& name, const QColor& color) {
  QByteArray svg = svgSource(name);
  svg.replace("currentColor", color.name().toLatin1());
  if (rect.width() <= kThinBelowPx) svg.replace("stroke-width=\"1.5\"", "stroke-width=\"1.8\"");
  QSvgRenderer renderer(svg);
  painter.setOpacity(painter.opacity() * color.alphaF());
  renderer.render(&painter, rect);
}

/// Draws one icon in the colour its token has at this moment; nothing is reloaded when the theme changes.
class TokenIconEngine final : public QIconEngine {
 public:
  TokenIconEngine(QString name, QByteArray token) : m_name(std::move(name)), m_token(std::move(token)) {}

  QIconEngine* clone() const override { return new TokenIconEngine(m_name, m_token); }
  QString key() const override { return QStringLiteral("layersmith-token"); }
  bool isNull() override { return false; }

  void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
    const int px = std::min(rect.width(), rect.height());
    QRectF target(0, 0, px, px);
    target.moveCenter(QRectF(rect).center());
    painter->drawPixmap(target.topLeft(), iconPixmap(m_name, color(mode), px, painter->device()->devicePixelRatioF()));
  }
  QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
    return scaledPixmap(size, mode, state, 1);
  }
  QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State, qreal scale) override {
    const int px = qRound(std::min(size.width(), size.height()) / scale);
    return iconPixmap(m_name, color(mode), px, scale);
  }

 private:
  QColor color(QIcon::Mode mode) const {
    return theme().color(mode == QIcon::Disabled ? "textDisabled" : m_token.constData());
  }

  QString m_name;
  QByteArray m_token;
};

}  // namespace

QIcon icon(const QString& name, const char* token) {
  svgSource(name);  // an icon that does not exist is found here, not at the first paint
  return QIcon(new TokenIconEngine(name, QByteArray(token)));
}

QPixmap iconPixmap(const QString& name, const QColor& color, int px, qreal devicePixelRatio) {
  const QString key =
      QStringLiteral("layersmith/%1/%2/%3/%4").arg(name, color.name(QColor::HexArgb)).arg(px).arg(devicePixelRatio);
  QPixmap pixmap;
  if (QPixmapCache::find(key, &pixmap)) return pixmap;
  const int devicePx = std::max(1, qRound(px * devicePixelRatio));
  pixmap = QPixmap(devicePx, devicePx);
  pixmap.fill(Qt::transparent);
  pixmap.setDevicePixelRatio(devicePixelRatio);
  QPainter painter(&pixmap);
  renderIcon(painter, QRectF(0, 0, px, px), name, color);
  painter.end();
  QPixmapCache::insert(key, pixmap);
  return pixmap;
}

QIcon applicationIcon() {
  initResources();
  QIcon result;
  for (int px : {16, 32, 64, 256}) {
    QPixmap pixmap(px, px);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    QSvgRenderer(QStringLiteral(":/layersmith/icons/app/layersmith-%1.svg").arg(px)).render(&painter);
    painter.end();
    result.addPixmap(pixmap);
  }
  return result;
}

}  // namespace layersmith
