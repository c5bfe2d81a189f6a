#include "ui/training/OutputBars.h"

#include "ui/data/ClassMarks.h"
#include "ui/theme/Icons.h"
#include "ui/theme/Theme.h"

#include <QLocale>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace layersmith {

namespace {

constexpr int kRow = 24;
constexpr std::size_t kMostBars = 12;

}  // namespace

OutputBars::OutputBars(QWidget* parent) : QWidget(parent) {
  setObjectName(QStringLiteral("outputBars"));
  setAccessibleName(tr("Output of the model"));
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  connect(&theme(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void OutputBars::clear() {
  setOutputs({}, {});
}

void OutputBars::setOutputs(const std::vector<float>& outputs, const QStringList& classNames, int trueClass,
                            const QString& valueName) {
  m_bars.clear();
  m_predicted = -1;
  m_true = trueClass;
  m_isClassification = !classNames.isEmpty();
  if (m_isClassification && outputs.size() == 1 && classNames.size() == 2) {
    m_bars = {{classNames[0], 1.0 - double(outputs[0]), 0}, {classNames[1], double(outputs[0]), 1}};
  } else {
    for (std::size_t i = 0; i < outputs.size(); ++i)
      m_bars.push_back({classNames.value(int(i), tr("output %1").arg(i + 1)), double(outputs[i]), int(i)});
    if (outputs.size() == 1 && !valueName.isEmpty()) m_bars.front().name = valueName;
  }
  const auto byValue = [](const Bar& a, const Bar& b) { return a.value < b.value; };
  if (m_isClassification && !m_bars.empty()) m_predicted = std::ranges::max_element(m_bars, byValue)->classIndex;
  if (m_bars.size() > kMostBars) {
    std::ranges::stable_sort(m_bars, [](const Bar& a, const Bar& b) { return a.value > b.value; });
    m_bars.resize(kMostBars);
  }
  setAccessibleDescription(summary());
  updateGeometry();
  update();
}

QString OutputBars::summary() const {
  for (const Bar& bar : m_bars) {
    if (!m_isClassification) return QLocale().toString(bar.value, 'g', 5);
    if (bar.classIndex == m_predicted) return tr("%1, %2 %").arg(bar.name, QLocale().toString(bar.value * 100, 'f', 1));
  }
  return {};
}

QSize OutputBars::sizeHint() const {
  return {260, std::max(1, int(m_bars.size())) * kRow};
}

void OutputBars::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const QFont plain = theme().mono();
  QFont strong = plain;
  strong.setWeight(QFont::DemiBold);
  const QFontMetricsF metrics(strong);
  double names = 12;
  for (const Bar& bar : m_bars) names = std::max(names, metrics.horizontalAdvance(bar.name));
  names = std::min(names, width() * 0.35);
  const double right = metrics.horizontalAdvance(QStringLiteral("100.00 %")) + 24;
  double y = 0;
  for (const Bar& bar : m_bars) {
    const bool isPredicted = bar.classIndex == m_predicted;
    const bool isTrue = bar.classIndex == m_true;
    painter.setFont(isPredicted || isTrue ? strong : plain);
    painter.setPen(theme().color(isPredicted || isTrue || !m_isClassification ? "text" : "text2"));
    painter.drawText(QRectF(0, y, names, kRow), Qt::AlignLeft | Qt::AlignVCenter,
                     metrics.elidedText(bar.name, Qt::ElideRight, names));
    if (m_isClassification) {
      const bool isWrong = m_true >= 0 && isPredicted && !isTrue;
      paintBar(painter, QRectF(names + 10, y + kRow / 2.0 - 4, std::max(8.0, width() - names - right - 20), 8),
               bar.value, theme().series(isWrong ? 1 : 0));
    }
    const QString value = m_isClassification ? tr("%1 %").arg(QLocale().toString(bar.value * 100, 'f', 2))
                                             : QLocale().toString(bar.value, 'g', 6);
    painter.setPen(theme().color(isPredicted || !m_isClassification ? "text" : "text2"));
    painter.drawText(QRectF(width() - right, y, right - 22, kRow), Qt::AlignRight | Qt::AlignVCenter, value);
    if (m_true >= 0 && (isTrue || isPredicted)) {
      const QColor color = theme().color(isTrue ? "success" : "danger");
      painter.drawPixmap(
          QPointF(width() - 17, y + 4),
          iconPixmap(isTrue ? QStringLiteral("check") : QStringLiteral("close"), color, 16, devicePixelRatioF()));
    }
    y += kRow;
  }
}

}  // namespace layersmith
