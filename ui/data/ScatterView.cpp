#include "ui/data/ScatterView.h"

#include "ui/data/ClassMarks.h"
#include "ui/itemmodels/RowImages.h"
#include "ui/theme/Theme.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace layersmith {

namespace {

constexpr std::size_t kMaxPoints = 3000;
constexpr int kMargin = 10;
constexpr int kNameHeight = 20;

}  // namespace

ScatterView::ScatterView(QWidget* parent) : QWidget(parent) {
  setObjectName(QStringLiteral("scatterView"));
  setAccessibleName(tr("Rows over the first two columns"));
  connect(&theme(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void ScatterView::setDataset(const std::shared_ptr<const Dataset>& dataset) {
  m_points.clear();
  update();
  if (!dataset || !dataset->raw) return;
  std::vector<int> columns;
  for (int index : featureColumns(dataset->recipe))
    if (columns.size() < 2 && index < int(dataset->raw->columns.size()) &&
        dataset->raw->columns[std::size_t(index)].isNumeric &&
        !dataset->recipe.columns[std::size_t(index)].isCategorical)
      columns.push_back(index);
  if (columns.size() < 2) return;
  const RawData::Column& xs = dataset->raw->columns[std::size_t(columns[0])];
  const RawData::Column& ys = dataset->raw->columns[std::size_t(columns[1])];
  m_nameX = xs.name;
  m_nameY = ys.name;
  double left = INFINITY, right = -INFINITY, low = INFINITY, high = -INFINITY;
  const auto add = [&](const std::vector<std::int64_t>& rows, bool isValidation) {
    const std::size_t every = std::max<std::size_t>(1, (rows.size() + kMaxPoints - 1) / kMaxPoints);
    for (std::size_t i = 0; i < rows.size(); i += every) {
      const double x = xs.numbers[std::size_t(rows[i])];
      const double y = ys.numbers[std::size_t(rows[i])];
      left = std::min(left, x);
      right = std::max(right, x);
      low = std::min(low, y);
      high = std::max(high, y);
      m_points.push_back({{x, y}, classOfRow(*dataset->raw, dataset->recipe, rows[i]), isValidation});
    }
  };
  add(dataset->trainingRows, false);
  add(dataset->validationRows, true);
  m_extent = QRectF(left, low, std::max(right - left, 1e-12), std::max(high - low, 1e-12));
}

void ScatterView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), theme().color("panel"));
  if (m_points.empty()) return;
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setFont(theme().font(Theme::TextRole::Caption));
  painter.setPen(theme().color("text2"));
  const QFontMetricsF metrics(painter.font());
  const double half = width() / 2.0 - kMargin;
  painter.drawText(QRectF(kMargin, 4, half, 16), Qt::AlignLeft | Qt::AlignVCenter,
                   metrics.elidedText(m_nameY, Qt::ElideRight, half));
  painter.drawText(QRectF(width() - kMargin - half, height() - kNameHeight, half, 16),
                   Qt::AlignRight | Qt::AlignVCenter, metrics.elidedText(m_nameX, Qt::ElideRight, half));
  const QRectF plot = QRectF(rect()).adjusted(kMargin, kNameHeight + 4, -kMargin, -kNameHeight - 4);
  for (const Point& point : m_points) {
    const QPointF at(plot.left() + (point.at.x() - m_extent.left()) / m_extent.width() * plot.width(),
                     plot.bottom() - (point.at.y() - m_extent.top()) / m_extent.height() * plot.height());
    paintClassMark(painter, at, m_points.size() > 1000 ? 3.5 : 5, point.classIndex, point.isValidation);
  }
}

}  // namespace layersmith
