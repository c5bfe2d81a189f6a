#include "ui/training/BoundaryView.h"

#include "ui/commands/ComputeJob.h"
#include "ui/commands/DocumentContext.h"
#include "ui/data/ClassMarks.h"
#include "ui/itemmodels/RowImages.h"
#include "ui/theme/Theme.h"

#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace layersmith {

namespace {

constexpr int kRedrawMs = 67;  // 15 a second
constexpr int kLiveResolution = 96;
constexpr int kStillResolution = 160;
constexpr std::size_t kMaxPoints = 4000;
constexpr int kMargin = 12;
constexpr int kLegendHeight = 32;

QColor mixed(const QColor& from, const QColor& to, double share) {
  const auto part = [share](int a, int b) { return int(std::lround(a + (b - a) * share)); };
  return {part(from.red(), to.red()), part(from.green(), to.green()), part(from.blue(), to.blue())};
}

/// Where the value 0.5 lies between two neighbours.
double crossing(float a, float b) {
  return (0.5 - a) / (double(b) - a);
}

void addCell(std::vector<QLineF>& lines, const BoundaryField& field, int column, int row) {
  const auto value = [&](int dx, int dy) {
    return field.values[std::size_t(row + dy) * std::size_t(field.width) + std::size_t(column + dx)];
  };
  const float a = value(0, 0), b = value(1, 0), c = value(1, 1), d = value(0, 1);
  std::vector<QPointF> ends;
  if ((a < 0.5F) != (b < 0.5F)) ends.emplace_back(column + crossing(a, b), row);
  if ((b < 0.5F) != (c < 0.5F)) ends.emplace_back(column + 1, row + crossing(b, c));
  if ((c < 0.5F) != (d < 0.5F)) ends.emplace_back(column + crossing(d, c), row + 1);
  if ((d < 0.5F) != (a < 0.5F)) ends.emplace_back(column, row + crossing(a, d));
  for (std::size_t i = 0; i + 1 < ends.size(); i += 2) lines.emplace_back(ends[i], ends[i + 1]);
}

}  // namespace

std::vector<QLineF> boundaryLines(const BoundaryField& field) {
  std::vector<QLineF> lines;
  const auto best = [&](int x, int y) {
    return field.bestClass[std::size_t(y) * std::size_t(field.width) + std::size_t(x)];
  };
  if (field.classes <= 2) {
    for (int y = 0; y + 1 < field.height; ++y)
      for (int x = 0; x + 1 < field.width; ++x) addCell(lines, field, x, y);
  } else {
    for (int y = 0; y < field.height; ++y) {
      for (int x = 0; x < field.width; ++x) {
        if (x > 0 && best(x, y) != best(x - 1, y)) lines.emplace_back(x - 0.5, y - 0.5, x - 0.5, y + 0.5);
        if (y > 0 && best(x, y) != best(x, y - 1)) lines.emplace_back(x - 0.5, y - 0.5, x + 0.5, y - 0.5);
      }
    }
  }
  for (QLineF& line : lines)
    line = QLineF((line.x1() + 0.5) / field.width, (line.y1() + 0.5) / field.height, (line.x2() + 0.5) / field.width,
                  (line.y2() + 0.5) / field.height);
  return lines;
}

BoundaryView::BoundaryView(QWidget* parent) : QWidget(parent) {
  setObjectName(QStringLiteral("boundaryView"));
  setAccessibleName(tr("Decision boundary"));
  setCursor(Qt::CrossCursor);
  m_timer.setSingleShot(true);
  m_timer.setInterval(kRedrawMs);
  connect(&m_timer, &QTimer::timeout, this, &BoundaryView::compute);
  connect(&theme(), &Theme::changed, this, [this] {
    paintImage();
    update();
  });
}

void BoundaryView::setContext(DocumentContext* context) {
  if (m_context) {
    disconnect(&m_context->document(), nullptr, this, nullptr);
    disconnect(&m_context->session(), nullptr, this, nullptr);
  }
  m_context = context;
  m_field.reset();
  m_image = {};
  m_tried.reset();
  m_answer.clear();
  collectPoints();
  if (m_context) {
    connect(&m_context->document(), &ModelDocument::changed, this, [this](const DocumentChange& change) {
      if (change.data) {
        collectPoints();
        m_field.reset();
        m_image = {};
        m_tried.reset();
        m_answer.clear();
      }
      if (change.data || change.layers || change.weights) request();
    });
    connect(&m_context->session(), &TrainingSession::epochFinished, this, &BoundaryView::request);
    connect(&m_context->session(), &TrainingSession::finished, this, &BoundaryView::request);
  }
  request();
  update();
}

void BoundaryView::setValidationShown(bool isShown) {
  m_isValidationShown = isShown;
  update();
}

void BoundaryView::setTwoColors(bool isTwo) {
  m_isTwoColors = isTwo;
  paintImage();
  update();
}

QString BoundaryView::whyNot() const {
  if (!m_context) return tr("Open a model to see how it splits its data.");
  const DocumentState& state = m_context->state();
  if (!state.dataset) return tr("Load data with two inputs to see how the model splits them.");
  if (!state.recipe.isClassification() || m_points.empty())
    return tr("The boundary is drawn for two number columns and a class. This data has other columns.");
  if (!m_context->document().report().canRun) return tr("The model has a fault. See Problems.");
  return m_fault;
}

void BoundaryView::collectPoints() {
  m_points.clear();
  m_fault.clear();
  if (!m_context || !m_context->state().dataset) return;
  const Dataset& dataset = *m_context->state().dataset;
  const std::vector<int> features = featureColumns(dataset.recipe);
  if (!dataset.raw || features.size() != 2) return;
  const RawData::Column& xs = dataset.raw->columns[std::size_t(features[0])];
  const RawData::Column& ys = dataset.raw->columns[std::size_t(features[1])];
  for (int feature : features)
    if (dataset.recipe.columns[std::size_t(feature)].isCategorical ||
        !dataset.raw->columns[std::size_t(feature)].isNumeric)
      return;
  QRectF extent;
  const auto add = [&](const std::vector<std::int64_t>& rows, bool isValidation) {
    const std::size_t every = std::max<std::size_t>(1, (rows.size() + kMaxPoints - 1) / kMaxPoints);
    for (std::size_t i = 0; i < rows.size(); i += every) {
      const QPointF at(xs.numbers[std::size_t(rows[i])], ys.numbers[std::size_t(rows[i])]);
      m_points.push_back({at, classOfRow(*dataset.raw, dataset.recipe, rows[i]), isValidation});
    }
  };
  add(dataset.trainingRows, false);
  add(dataset.validationRows, true);
  if (m_points.empty()) return;
  double left = INFINITY, right = -INFINITY, low = INFINITY, high = -INFINITY;
  for (const Point& point : m_points) {
    left = std::min(left, point.at.x());
    right = std::max(right, point.at.x());
    low = std::min(low, point.at.y());
    high = std::max(high, point.at.y());
  }
  const double roomX = std::max((right - left) * 0.1, 1e-9);
  const double roomY = std::max((high - low) * 0.1, 1e-9);
  m_extent = QRectF(left - roomX, low - roomY, right - left + 2 * roomX, high - low + 2 * roomY);
}

void BoundaryView::request() {
  m_isStale = true;
  if (isVisible() && !m_isComputing && !m_timer.isActive()) m_timer.start();
}

void BoundaryView::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  if (m_isStale) request();
}

DocumentState BoundaryView::liveState() const {
  DocumentState state = m_context->state();
  if (m_context->session().isActive()) {
    const WeightSet latest = m_context->session().latestWeights();
    if (!latest.empty()) state.weights = latest;
  }
  return state;
}

void BoundaryView::compute() {
  m_fault.clear();
  if (!whyNot().isEmpty()) {
    update();
    return;
  }
  m_isStale = false;
  m_isComputing = true;
  const int resolution = m_context->session().isActive() ? kLiveResolution : kStillResolution;
  auto job = [state = liveState(), resolution]() -> Picture {
    Picture picture{boundaryField(state, state.weights, resolution), {}};
    picture.lines = boundaryLines(picture.field);
    return picture;
  };
  const QPointer<DocumentContext> asked = m_context;
  computeThen(m_context->compute(), this, std::move(job), [this, asked](const JobResult<Picture>& result) {
    m_isComputing = false;
    if (asked == m_context) {
      if (result.value) showPicture(*result.value);
      if (result.error) m_fault = QString::fromStdString(result.error->message());
      update();
    }
    if (m_isStale) request();
  });
}

void BoundaryView::showPicture(const Picture& picture) {
  m_field = picture.field;
  m_lines = picture.lines;
  paintImage();
  Q_EMIT fieldShown();
}

void BoundaryView::paintImage() {
  if (!m_field) return;
  const BoundaryField& field = *m_field;
  m_image = QImage(field.width, field.height, QImage::Format_RGB32);
  const QColor middle = theme().boundary("mid");
  const QColor ends[2] = {theme().boundary("a"), theme().boundary("b")};
  const double chance = 1.0 / std::max(field.classes, 2);
  for (int y = 0; y < field.height; ++y) {
    for (int x = 0; x < field.width; ++x) {
      const std::size_t at = std::size_t(y) * std::size_t(field.width) + std::size_t(x);
      QColor color;
      if (field.classes <= 2) {
        const double side = 2.0 * double(field.values[at]) - 1;
        color = mixed(middle, ends[side > 0 ? 1 : 0], m_isTwoColors ? 1.0 : std::clamp(std::abs(side), 0.0, 1.0));
      } else {
        const double sure = std::clamp((double(field.values[at]) - chance) / (1 - chance), 0.0, 1.0);
        color = mixed(middle, classColor(field.bestClass[at]), (m_isTwoColors ? 1.0 : sure) * 0.5);
      }
      m_image.setPixelColor(x, y, color);
    }
  }
}

QRectF BoundaryView::plotRect() const {
  return QRectF(kMargin, kMargin, std::max(20, width() - 2 * kMargin),
                std::max(20, height() - kMargin - kLegendHeight));
}

QPointF BoundaryView::toPixel(const QPointF& raw) const {
  const QRectF plot = plotRect();
  const QRectF all =
      m_field ? QRectF(m_field->xMin, m_field->yMin, m_field->xMax - m_field->xMin, m_field->yMax - m_field->yMin)
              : m_extent;
  return {plot.left() + (raw.x() - all.left()) / all.width() * plot.width(),
          plot.bottom() - (raw.y() - all.top()) / all.height() * plot.height()};
}

void BoundaryView::mousePressEvent(QMouseEvent* event) {
  const QRectF plot = plotRect();
  if (!m_field || !plot.contains(event->position())) return;
  tryPoint(m_field->xMin + (event->position().x() - plot.left()) / plot.width() * (m_field->xMax - m_field->xMin),
           m_field->yMax - (event->position().y() - plot.top()) / plot.height() * (m_field->yMax - m_field->yMin));
}

void BoundaryView::tryPoint(double x, double y) {
  if (!whyNot().isEmpty()) return;
  m_tried = QPointF(x, y);
  m_answer.clear();
  update();
  const QStringList values = {QString::number(x, 'g', 9), QString::number(y, 'g', 9)};
  auto job = [state = liveState(), values] { return predictOne(state, encodeRow(state.recipe, values)); };
  const QStringList names = m_context->state().recipe.classNames;
  computeThen(m_context->compute(), this, std::move(job),
              [this, x, y, names](const JobResult<std::vector<float>>& result) {
                if (result.error) {
                  m_answer = QString::fromStdString(result.error->message());
                } else {
                  const std::vector<float>& outputs = *result.value;
                  const bool isOne = outputs.size() == 1;
                  const auto best = std::ranges::max_element(outputs);
                  const int winner = isOne ? (outputs[0] >= 0.5F ? 1 : 0) : int(best - outputs.begin());
                  const double share = isOne ? (winner == 1 ? outputs[0] : 1 - outputs[0]) : *best;
                  const QLocale locale;
                  m_answer = tr("%1, %2: class %3, %4 %")
                                 .arg(locale.toString(x, 'f', 2), locale.toString(y, 'f', 2), names.value(winner),
                                      locale.toString(share * 100, 'f', 1));
                }
                update();
                Q_EMIT answered(m_answer);
              });
}

void BoundaryView::paintPoints(QPainter& painter) const {
  const double size = m_points.size() > 1500 ? 4 : 6;
  for (const Point& point : m_points) {
    if (point.isValidation && !m_isValidationShown) continue;
    const QPointF pixel = toPixel(point.at);
    if (!point.isValidation) {  // a rim keeps points apart from the field and from one another
      painter.setPen(Qt::NoPen);
      painter.setBrush(theme().boundary("mid"));
      painter.drawEllipse(pixel, size / 2 + 1, size / 2 + 1);
    }
    paintClassMark(painter, pixel, size, point.classIndex, point.isValidation);
  }
}

void BoundaryView::paintLegend(QPainter& painter) const {
  const QRectF plot = plotRect();
  const double y = plot.bottom() + kLegendHeight / 2.0;
  painter.setFont(theme().font(Theme::TextRole::Caption));
  const QFontMetricsF metrics(painter.font());
  double x = plot.left() + 4;
  const auto text = [&](const QString& words) {
    painter.setPen(theme().color("text2"));
    painter.drawText(QRectF(x, y - 10, plot.right() - x, 20), Qt::AlignLeft | Qt::AlignVCenter, words);
    x += metrics.horizontalAdvance(words) + 18;
  };
  const QStringList names = m_context->state().recipe.classNames;
  for (int i = 0; i < names.size() && x < plot.right() - 160; ++i) {
    paintClassMark(painter, {x + 4, y}, 8, i);
    x += 14;
    text(tr("class %1").arg(names[i]));
  }
  if (m_isValidationShown && !m_context->state().dataset->validationRows.empty() && m_answer.isEmpty()) {
    painter.setPen(QPen(theme().color("text2"), 1.4));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(QPointF(x + 4, y), 4, 4);
    x += 14;
    text(tr("hollow: validation"));
  }
  const QString right = m_answer.isEmpty() ? (m_field && m_field->classes <= 2 ? tr("50 %") : QString()) : m_answer;
  const double width = metrics.horizontalAdvance(right);
  painter.setPen(theme().color(m_answer.isEmpty() ? "text2" : "text"));
  painter.drawText(QRectF(plot.right() - width - 4, y - 10, width + 4, 20), Qt::AlignLeft | Qt::AlignVCenter, right);
  if (m_answer.isEmpty() && !right.isEmpty()) {
    painter.setPen(QPen(theme().color("text"), 1.6));
    painter.drawLine(QPointF(plot.right() - width - 28, y), QPointF(plot.right() - width - 12, y));
  }
}

void BoundaryView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), theme().color("panel"));
  painter.setRenderHint(QPainter::Antialiasing);
  const QString reason = whyNot();
  if (!reason.isEmpty()) {
    painter.setFont(theme().font(Theme::TextRole::Body));
    painter.setPen(theme().color("text2"));
    QRectF box(0, 0, std::min(280, width() - 24), height());
    box.moveCenter(QRectF(rect()).center());
    painter.drawText(box, Qt::AlignCenter | Qt::TextWordWrap, reason);
    return;
  }
  const QRectF plot = plotRect();
  painter.save();
  QPainterPath clip;
  clip.addRoundedRect(plot, 6, 6);
  painter.setClipPath(clip);
  painter.setRenderHint(QPainter::SmoothPixmapTransform);
  if (m_image.isNull()) {
    painter.fillRect(plot, theme().color("window"));
  } else {
    painter.drawImage(plot, m_image);
  }
  painter.setPen(QPen(theme().color("text"), 1.6, Qt::SolidLine, Qt::RoundCap));
  for (const QLineF& line : m_lines)
    painter.drawLine(QLineF(plot.left() + line.x1() * plot.width(), plot.top() + line.y1() * plot.height(),
                            plot.left() + line.x2() * plot.width(), plot.top() + line.y2() * plot.height()));
  paintPoints(painter);
  if (m_tried) {
    const QPointF at = toPixel(*m_tried);
    painter.setPen(QPen(theme().color("text"), 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(at, 7, 7);
    painter.drawPoint(at);
  }
  painter.restore();
  paintLegend(painter);
}

}  // namespace layersmith
