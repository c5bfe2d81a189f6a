#include "ui/main/DropZone.h"

#include "ui/dialogs/Parts.h"
#include "ui/theme/Icons.h"
#include "ui/theme/Theme.h"

#include <QDragEnterEvent>
#include <QDropEvent>
#include <QMimeData>
#include <QPainter>
#include <QTextDocument>

#include <chrono>

namespace layersmith {

using namespace std::chrono_literals;

DropZone::DropZone(QWidget* window) : QWidget(window) {
  setObjectName(QStringLiteral("dropZone"));
  setAcceptDrops(true);
  m_hideTimer.setSingleShot(true);
  m_hideTimer.setInterval(150ms);
  connect(&m_hideTimer, &QTimer::timeout, this, [this] {
    m_places.clear();
    hide();
  });
  hide();
}

bool DropZone::handleDragEnter(QDragEnterEvent& event) {
  const QStringList places = placesIn(*event.mimeData());
  if (places.isEmpty()) return false;
  planFor(places);
  setAccessibleName(m_plan.title);
  setGeometry(parentWidget()->rect());
  show();
  raise();
  m_hideTimer.stop();
  event.setDropAction(Qt::CopyAction);
  event.accept();
  return true;
}

/// Files are looked into, so once a drag is enough.
void DropZone::planFor(const QStringList& places) {
  if (places == m_places) return;
  m_places = places;
  m_plan = planOpen(places);
}

// Showing the zone under the pointer makes the window lose the drag to it: a leave counts only when nothing follows.
void DropZone::handleDragLeave() {
  m_hideTimer.start();
}

void DropZone::handleDrop(QDropEvent& event) {
  planFor(placesIn(*event.mimeData()));
  m_places.clear();
  event.setDropAction(Qt::CopyAction);
  event.accept();
  hide();
  Q_EMIT dropped(m_plan);
}

void DropZone::dragEnterEvent(QDragEnterEvent* event) {
  handleDragEnter(*event);
}

void DropZone::dragMoveEvent(QDragMoveEvent* event) {
  m_hideTimer.stop();
  event->setDropAction(Qt::CopyAction);
  event->accept();
}

void DropZone::dragLeaveEvent(QDragLeaveEvent*) {
  m_hideTimer.start();
}
void DropZone::dropEvent(QDropEvent* event) {
  handleDrop(*event);
}

void DropZone::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  QColor veil = theme().color("canvas");
  veil.setAlphaF(0.82F);
  painter.fillRect(rect(), veil);
  painter.setRenderHint(QPainter::Antialiasing);
  const QRect box = rect().adjusted(16, 16, -16, -16);
  QPen pen(theme().color(m_plan.items.empty() ? "control" : "focus"), 2, Qt::CustomDashLine);
  pen.setDashPattern({3, 2});
  painter.setPen(pen);
  painter.setBrush(theme().color(m_plan.items.empty() ? "window" : "selection"));
  painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), 10, 10);
  paintTexts(painter, box);
}

void DropZone::paintTexts(QPainter& painter, const QRect& box) const {
  const QPoint center = box.center();
  const char* ink = m_plan.items.empty() ? "text3" : "accentText";
  painter.drawPixmap(center.x() - 12, center.y() - 64,
                     iconPixmap(QStringLiteral("import"), theme().color(ink), 24, devicePixelRatioF()));
  painter.setFont(theme().font(Theme::TextRole::Title));
  painter.setPen(theme().color("text"));
  painter.drawText(QRect(box.left(), center.y() - 32, box.width(), 24), Qt::AlignCenter, m_plan.title);
  QTextDocument text;
  text.setDefaultFont(theme().font(Theme::TextRole::Body));
  text.setDefaultStyleSheet(QStringLiteral("body{color:%1}").arg(theme().color("text2").name()));
  text.setHtml(QStringLiteral("<body><p align='center'>%1</p></body>").arg(richText(m_plan.text)));
  text.setTextWidth(std::min(360, box.width() - 32));
  painter.save();
  painter.translate(center.x() - text.textWidth() / 2, center.y() - 8);
  text.drawContents(&painter);
  painter.restore();
  paintChips(painter, {center.x(), center.y() + static_cast<int>(text.size().height()) + 12});
}

void DropZone::paintChips(QPainter& painter, const QPoint& center) const {
  painter.setFont(theme().font(Theme::TextRole::Caption));
  const QFontMetrics metrics(painter.font());
  int width = -8;
  for (const QString& chip : m_plan.chips) width += metrics.horizontalAdvance(chip) + 24;
  int x = center.x() - width / 2;
  for (const QString& chip : m_plan.chips) {
    const QRect box(x, center.y(), metrics.horizontalAdvance(chip) + 16, 20);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme().color("pressed"));
    painter.drawRoundedRect(box, 10, 10);
    painter.setPen(theme().color("text2"));
    painter.drawText(box, Qt::AlignCenter, chip);
    x += box.width() + 8;
  }
}

}  // namespace layersmith
