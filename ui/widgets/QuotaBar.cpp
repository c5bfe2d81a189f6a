#include "ui/widgets/QuotaBar.h"

#include "ui/theme/StylePainting.h"
#include "ui/theme/Theme.h"

#include <QLocale>
#include <QPainter>

#include <algorithm>

namespace layersmith {

namespace {

constexpr double kTight = 0.80;
constexpr double kFull = 0.95;

}  // namespace

QuotaBar::QuotaBar(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void QuotaBar::setFraction(double fraction) {
  m_fraction = std::clamp(fraction, 0., 1.);
  setAccessibleName(tr("%1 % used").arg(locale().toString(m_fraction * 100, 'f', 0)));
  setToolTip(accessibleName());
  update();
}

void QuotaBar::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  paintQuotaBar(&painter, rect(), m_fraction);
}

void paintQuotaBar(QPainter* painter, const QRectF& rect, double fraction) {
  QRectF bar(rect.left(), rect.center().y() - 3, rect.width(), 6);
  paintBox(painter, bar, {theme().color("pressed"), {}, 3});
  if (fraction <= 0) return;
  bar.setWidth(std::max(6., bar.width() * std::min(fraction, 1.)));
  paintBox(painter, bar,
           {theme().color(fraction >= kFull    ? "danger"
                          : fraction >= kTight ? "warning"
                                               : "accent"),
            {},
            3});
}

const char* quotaToken(double fraction) {
  return fraction >= kFull ? "danger" : fraction >= kTight ? "warning" : "text2";
}

}  // namespace layersmith
