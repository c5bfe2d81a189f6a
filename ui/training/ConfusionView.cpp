#include "ui/training/ConfusionView.h"

#include "ui/data/ClassMarks.h"
#include "ui/theme/Theme.h"

#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace layersmith {

namespace {

constexpr double kTop = 36;
constexpr double kBottom = 30;
constexpr double kSide = 16;
constexpr double kGap = 2;
constexpr double kScoreColumn = 116;
constexpr double kScoresGap = 24;
constexpr double kRowsColumn = 56;
constexpr double kBarWidth = 56;

QColor mixed(const QColor& from, const QColor& to, double share) {
  const auto part = [share](int a, int b) { return int(std::lround(a + (b - a) * share)); };
  return {part(from.red(), to.red()), part(from.green(), to.green()), part(from.blue(), to.blue())};
}

QColor readableOn(const QColor& fill) {
  const double light = 0.2126 * fill.redF() + 0.7152 * fill.greenF() + 0.0722 * fill.blueF();
  return light > 0.45 ? QColor(26, 30, 38) : QColor(Qt::white);
}

QString number(double value) {
  return std::isfinite(value) ? QLocale().toString(value, 'f', 3) : QStringLiteral("–");
}

}  // namespace

std::vector<ClassScore> classScores(const std::vector<std::vector<int>>& confusion) {
  std::vector<ClassScore> scores(confusion.size());
  for (std::size_t i = 0; i < confusion.size(); ++i) {
    int rows = 0;
    int predicted = 0;
    for (std::size_t j = 0; j < confusion.size(); ++j) {
      rows += confusion[i][j];
      predicted += confusion[j][i];
    }
    const double right = confusion[i][i];
    scores[i].rows = rows;
    scores[i].precision = predicted > 0 ? right / predicted : std::nan("");
    scores[i].recall = rows > 0 ? right / rows : std::nan("");
    scores[i].f1 = rows + predicted > 0 ? 2 * right / (rows + predicted) : std::nan("");
  }
  return scores;
}

ConfusionView::ConfusionView(QWidget* parent) : QWidget(parent) {
  setObjectName(QStringLiteral("confusionView"));
  setAccessibleName(tr("Confusion matrix"));
  setFocusPolicy(Qt::StrongFocus);
  connect(&theme(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void ConfusionView::setReport(std::shared_ptr<const EvaluationReport> report) {
  m_report = std::move(report);
  m_cell.reset();
  m_scores = m_report ? classScores(m_report->confusion) : std::vector<ClassScore>();
  updateGeometry();
  update();
}

void ConfusionView::setPercent(bool isPercent) {
  m_isPercent = isPercent;
  update();
}

void ConfusionView::setCell(std::optional<MistakesModel::Cell> cell) {
  m_cell = cell;
  update();
}

double ConfusionView::labelWidth() const {
  const QFontMetricsF metrics(theme().font(Theme::TextRole::Label));
  double width = QFontMetricsF(theme().font(Theme::TextRole::Caption)).horizontalAdvance(tr("True / predicted"));
  if (m_report)
    for (const QString& name : m_report->classNames) width = std::max(width, metrics.horizontalAdvance(name));
  return std::min(width, 140.0) + 12;
}

bool ConfusionView::hasScores() const {
  const double scores = 3 * kScoreColumn + kRowsColumn + kScoresGap;
  return width() >= 2 * kSide + labelWidth() + classes() * 30 + scores;
}

QSizeF ConfusionView::cellSize() const {
  const double scores = hasScores() ? 3 * kScoreColumn + kRowsColumn + kScoresGap : 0;
  const int n = std::max(1, classes());
  const double wide = (width() - 2 * kSide - labelWidth() - scores) / n;
  const double high = (height() - kTop - kBottom) / n;
  return {std::clamp(wide, 22.0, n <= 3 ? 96.0 : 52.0), std::clamp(high, 20.0, n <= 3 ? 56.0 : 40.0)};
}

QRectF ConfusionView::cellRect(int trueClass, int predictedClass) const {
  const QSizeF size = cellSize();
  return {kSide + labelWidth() + predictedClass * size.width(), kTop + trueClass * size.height(), size.width() - kGap,
          size.height() - kGap};
}

QSize ConfusionView::sizeHint() const {
  return {int(2 * kSide + labelWidth() + classes() * 52 + 3 * kScoreColumn + kRowsColumn + kScoresGap),
          int(kTop + kBottom + classes() * 40)};
}

QSize ConfusionView::minimumSizeHint() const {
  return {int(2 * kSide + labelWidth() + classes() * 22), int(kTop + kBottom + classes() * 20)};
}

void ConfusionView::choose(int trueClass, int predictedClass) {
  const bool isSame = m_cell && m_cell->trueClass == trueClass && m_cell->predictedClass == predictedClass;
  m_cell = isSame ? std::nullopt : std::optional(MistakesModel::Cell{trueClass, predictedClass});
  update();
  Q_EMIT cellChosen(m_cell);
}

void ConfusionView::mousePressEvent(QMouseEvent* event) {
  for (int i = 0; i < classes(); ++i)
    for (int j = 0; j < classes(); ++j)
      if (cellRect(i, j).contains(event->position())) choose(i, j);
}

void ConfusionView::keyPressEvent(QKeyEvent* event) {
  const int n = classes();
  int row = m_cell ? m_cell->trueClass : 0;
  int column = m_cell ? m_cell->predictedClass : 0;
  switch (event->key()) {
    case Qt::Key_Left: --column; break;
    case Qt::Key_Right: ++column; break;
    case Qt::Key_Up: --row; break;
    case Qt::Key_Down: ++row; break;
    default: QWidget::keyPressEvent(event); return;
  }
  if (n > 0 && row >= 0 && column >= 0 && row < n && column < n) choose(row, column);
}

void ConfusionView::paintCell(QPainter& painter, int trueClass, int predictedClass, int rowTotal, int most) const {
  const int count = m_report->confusion[std::size_t(trueClass)][std::size_t(predictedClass)];
  const QRectF box = cellRect(trueClass, predictedClass);
  const bool isRight = trueClass == predictedClass;
  QColor fill = theme().color("window");
  if (count > 0 && isRight)
    fill = mixed(theme().color("panel"), theme().series(0), 0.35 + 0.65 * double(count) / std::max(1, rowTotal));
  if (count > 0 && !isRight)
    fill = mixed(theme().color("panel"), theme().series(1), 0.16 + 0.5 * double(count) / std::max(1, most));
  painter.setPen(Qt::NoPen);
  painter.setBrush(fill);
  painter.drawRoundedRect(box, 4, 4);
  if (count > 0) {
    const QString text = m_isPercent
                             ? QLocale().toString(100.0 * count / std::max(1, rowTotal), 'f', box.width() < 40 ? 0 : 1)
                             : QLocale().toString(count);
    painter.setPen(readableOn(fill));
    painter.drawText(box, Qt::AlignCenter, text);
  }
  if (m_cell && m_cell->trueClass == trueClass && m_cell->predictedClass == predictedClass) {
    painter.setPen(QPen(theme().color("focus"), 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), 5, 5);
  }
}

void ConfusionView::paintMatrix(QPainter& painter) const {
  const int n = classes();
  int most = 1;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j)
      if (i != j) most = std::max(most, m_report->confusion[std::size_t(i)][std::size_t(j)]);

  painter.setFont(theme().font(Theme::TextRole::Caption));
  painter.setPen(theme().color("text2"));
  painter.drawText(QRectF(kSide, 8, labelWidth(), kTop - 12), Qt::AlignLeft | Qt::AlignVCenter, tr("True / predicted"));
  const QFont plain = theme().mono();
  QFont strong = plain;
  strong.setWeight(QFont::DemiBold);
  const QFontMetricsF metrics(plain);
  for (int i = 0; i < n; ++i) {
    const QString name = m_report->classNames[i];
    const QRectF column = cellRect(0, i);
    const QRectF row = cellRect(i, 0);
    const bool isColumn = m_cell && m_cell->predictedClass == i;
    const bool isRow = m_cell && m_cell->trueClass == i;
    painter.setFont(isColumn ? strong : plain);
    painter.setPen(theme().color(isColumn ? "text" : "text2"));
    painter.drawText(QRectF(column.left(), 8, column.width(), kTop - 12), Qt::AlignCenter,
                     metrics.elidedText(name, Qt::ElideRight, column.width()));
    painter.setFont(isRow ? strong : plain);
    painter.setPen(theme().color(isRow ? "text" : "text2"));
    painter.drawText(QRectF(kSide, row.top(), labelWidth() - 14, row.height()), Qt::AlignRight | Qt::AlignVCenter,
                     metrics.elidedText(name, Qt::ElideRight, labelWidth() - 14));
  }
  painter.setFont(plain);
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) paintCell(painter, i, j, m_scores[std::size_t(i)].rows, most);

  const double y = cellRect(n - 1, 0).bottom() + 8;
  double x = kSide + labelWidth();
  painter.setFont(theme().font(Theme::TextRole::Caption));
  const QFontMetricsF caption(painter.font());
  const auto entry = [&](const QColor& color, const QString& text) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawRoundedRect(QRectF(x, y + 2, 12, 12), 2, 2);
    painter.setPen(theme().color("text2"));
    painter.drawText(QPointF(x + 18, y + 12), text);
    x += 18 + caption.horizontalAdvance(text) + 16;
  };
  entry(theme().series(0), tr("right"));
  entry(mixed(theme().color("panel"), theme().series(1), 0.66), tr("wrong, darker is more"));
  const QString advice = tr("Click a cell to see its rows.");
  if (x + caption.horizontalAdvance(advice) < width() - kSide) painter.drawText(QPointF(x, y + 12), advice);
}

void ConfusionView::paintScores(QPainter& painter) const {
  const double left = cellRect(0, classes() - 1).right() + kScoresGap;
  const QStringList titles = {tr("Precision"), tr("Recall"), tr("F1")};
  painter.setFont(theme().font(Theme::TextRole::Label));
  painter.setPen(theme().color("text2"));
  for (int column = 0; column < 3; ++column)
    painter.drawText(QRectF(left + column * kScoreColumn, 8, kScoreColumn, kTop - 12), Qt::AlignLeft | Qt::AlignVCenter,
                     titles[column]);
  painter.drawText(QRectF(left + 3 * kScoreColumn, 8, kRowsColumn - 8, kTop - 12), Qt::AlignRight | Qt::AlignVCenter,
                   tr("Rows"));
  painter.setFont(theme().mono());
  for (int i = 0; i < classes(); ++i) {
    const ClassScore& score = m_scores[std::size_t(i)];
    const QRectF row = cellRect(i, 0);
    const double values[] = {score.precision, score.recall, score.f1};
    for (int column = 0; column < 3; ++column) {
      const double x = left + column * kScoreColumn;
      paintBar(painter, QRectF(x, row.center().y() - 3, kBarWidth, 6),
               std::isfinite(values[column]) ? values[column] : 0, theme().series(0));
      painter.setPen(theme().color("text"));
      painter.drawText(QRectF(x + kBarWidth + 8, row.top(), 48, row.height()), Qt::AlignLeft | Qt::AlignVCenter,
                       number(values[column]));
    }
    painter.drawText(QRectF(left + 3 * kScoreColumn, row.top(), kRowsColumn - 8, row.height()),
                     Qt::AlignRight | Qt::AlignVCenter, QLocale().toString(score.rows));
  }
}

void ConfusionView::paintPairs(QPainter& painter) const {
  double low = INFINITY;
  double high = -INFINITY;
  for (const EvaluationReport::Row& row : m_report->rows) {
    low = std::min({low, row.trueValue, row.predictedValue});
    high = std::max({high, row.trueValue, row.predictedValue});
  }
  if (!(high > low)) return;
  const double side = std::min(width() - 96.0, height() - 72.0);
  const QRectF plot(64, 16, side, side);
  const auto at = [&](double x, double y) {
    return QPointF(plot.left() + (x - low) / (high - low) * side, plot.bottom() - (y - low) / (high - low) * side);
  };
  painter.setPen(theme().color("line"));
  painter.drawRect(plot);
  painter.setPen(QPen(theme().color("text3"), 1, Qt::DashLine));
  painter.drawLine(at(low, low), at(high, high));
  painter.setFont(theme().mono(Theme::TextRole::Caption));
  painter.setPen(theme().color("text3"));
  for (double value : {low, high}) {
    const QString text = QLocale().toString(value, 'g', 4);
    painter.drawText(QRectF(at(value, low).x() - 40, plot.bottom() + 4, 80, 16), Qt::AlignCenter, text);
    painter.drawText(QRectF(0, at(low, value).y() - 8, 56, 16), Qt::AlignRight | Qt::AlignVCenter, text);
  }
  painter.setFont(theme().font(Theme::TextRole::Caption));
  painter.drawText(QRectF(plot.left(), plot.bottom() + 20, width() - plot.left(), 16), Qt::AlignLeft | Qt::AlignVCenter,
                   tr("across: true value, up: predicted value"));
  for (const EvaluationReport::Row& row : m_report->rows)
    paintClassMark(painter, at(row.trueValue, row.predictedValue), 5, 0);
}

void ConfusionView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), theme().color("panel"));
  painter.setRenderHint(QPainter::Antialiasing);
  if (!m_report) return;
  if (classes() == 0) {
    paintPairs(painter);
    return;
  }
  paintMatrix(painter);
  if (hasScores()) paintScores(painter);
}

}  // namespace layersmith
