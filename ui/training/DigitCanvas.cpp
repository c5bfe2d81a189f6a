#include "ui/training/DigitCanvas.h"

#include "ui/theme/Theme.h"

#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace layersmith {

namespace {

constexpr int kSide = 280;
constexpr double kPen = 24;                  // of 280: about 2.4 of 28 pixels
constexpr double kDigitShare = 20.0 / 28.0;  // MNIST: the digit fills 20 of 28 pixels
constexpr int kInk = 24;                     // darker counts as background

QRect inkedBox(const QImage& image) {
  QRect box;
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x)
      if (image.constScanLine(y)[x] > kInk) box |= QRect(x, y, 1, 1);
  return box;
}

QPointF centreOfInk(const QImage& image) {
  double sum = 0, sumX = 0, sumY = 0;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      const double ink = image.constScanLine(y)[x];
      sum += ink;
      sumX += ink * x;
      sumY += ink * y;
    }
  }
  return sum > 0 ? QPointF(sumX / sum, sumY / sum) : QPointF();
}

}  // namespace

DigitCanvas::DigitCanvas(QWidget* parent) : QWidget(parent), m_image(kSide, kSide, QImage::Format_Grayscale8) {
  setObjectName(QStringLiteral("digitCanvas"));
  setAccessibleName(tr("Draw a digit here"));
  setToolTip(tr("Draw with the mouse"));
  setCursor(Qt::CrossCursor);
  setFixedSize(sizeHint());
  clear();
}

void DigitCanvas::clear() {
  m_image = QImage(kSide, kSide, QImage::Format_Grayscale8);
  m_image.fill(0);
  m_isEmpty = true;
  m_isPicture = false;
  update();
}

void DigitCanvas::setDrawing(const QImage& image) {
  m_image = image;
  m_isEmpty = image.isNull();
  m_isPicture = true;
  update();
}

QPointF DigitCanvas::unit(const QPointF& pixel) const {
  return {pixel.x() / width(), pixel.y() / height()};
}

void DigitCanvas::addStroke(const QPointF& from, const QPointF& to) {
  if (m_isPicture) clear();
  QPainter painter(&m_image);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(Qt::white, kPen, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  if (from == to) {
    painter.drawPoint(from * kSide);
  } else {
    painter.drawLine(from * kSide, to * kSide);
  }
  m_isEmpty = false;
  update();
}

void DigitCanvas::mousePressEvent(QMouseEvent* event) {
  m_last = unit(event->position());
  addStroke(*m_last, *m_last);
}

void DigitCanvas::mouseMoveEvent(QMouseEvent* event) {
  if (!m_last) return;
  const QPointF next = unit(event->position());
  addStroke(*m_last, next);
  m_last = next;
}

void DigitCanvas::mouseReleaseEvent(QMouseEvent*) {
  m_last.reset();
  Q_EMIT drawn();
}

QImage DigitCanvas::centred(int width, int height) const {
  QImage result(width, height, QImage::Format_Grayscale8);
  result.fill(0);
  const QRect box = inkedBox(m_image);
  if (box.isEmpty()) return result;
  const double scale = kDigitShare * std::min(width, height) / std::max(box.width(), box.height());
  const QSize size(std::max(1, int(std::lround(box.width() * scale))),
                   std::max(1, int(std::lround(box.height() * scale))));
  const QImage digit = m_image.copy(box)
                           .scaled(size, Qt::IgnoreAspectRatio, Qt::SmoothTransformation)
                           .convertToFormat(QImage::Format_Grayscale8);
  const QPointF centre = centreOfInk(digit);
  const int left = std::clamp(int(std::lround(width / 2.0 - 0.5 - centre.x())), 0, std::max(0, width - size.width()));
  const int top = std::clamp(int(std::lround(height / 2.0 - 0.5 - centre.y())), 0, std::max(0, height - size.height()));
  QPainter painter(&result);
  painter.drawImage(left, top, digit);
  return result;
}

Tensor DigitCanvas::sample(const std::vector<std::int64_t>& inputShape, double pixelScale) const {
  Tensor tensor(Shape{1, inputShape[0], inputShape[1], inputShape[2]});
  const QImage image = centred(int(inputShape[1]), int(inputShape[0]));
  std::size_t at = 0;
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x)
      for (std::int64_t channel = 0; channel < inputShape[2]; ++channel)
        tensor.values[at++] = Scalar(image.constScanLine(y)[x] * pixelScale);
  return tensor;
}

void DigitCanvas::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  QPainterPath clip;
  clip.addRoundedRect(rect(), 6, 6);
  painter.setClipPath(clip);
  painter.fillRect(rect(), QColor(14, 17, 22));  // images look the same in every theme
  painter.setRenderHint(QPainter::SmoothPixmapTransform, !m_isPicture);
  painter.drawImage(rect(), m_image);
  if (m_isEmpty) {
    painter.setFont(theme().font(Theme::TextRole::Label));
    painter.setPen(QColor(171, 178, 190));
    painter.drawText(rect(), Qt::AlignCenter, tr("Draw here"));
  }
}

}  // namespace layersmith
