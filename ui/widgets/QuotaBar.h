#pragma once

#include <QWidget>

namespace layersmith {

/// How full a store is: 6 px bar, amber from 80 %, red from 95 %.
class QuotaBar : public QWidget {
  Q_OBJECT

 public:
  explicit QuotaBar(QWidget* parent = nullptr);

  void setFraction(double fraction);
  double fraction() const { return m_fraction; }
  QSize sizeHint() const override { return {120, 6}; }
  QSize minimumSizeHint() const override { return {24, 6}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  double m_fraction = 0;
};

/// For delegates: the same bar in a rectangle.
void paintQuotaBar(QPainter* painter, const QRectF& rect, double fraction);
/// The ink of words beside it: "text2", "warning" from 80 %, "danger" from 95 %.
const char* quotaToken(double fraction);

}  // namespace layersmith
