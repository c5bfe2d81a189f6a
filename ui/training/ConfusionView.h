#pragma once

#include "model/session/Evaluation.h"
#include "ui/itemmodels/MistakesModel.h"

#include <QWidget>

#include <memory>
#include <optional>

namespace layersmith {

/// Scores of one class, from a confusion matrix. NaN where nothing was counted.
struct ClassScore {
  double precision = 0;
  double recall = 0;
  double f1 = 0;
  int rows = 0;
};
std::vector<ClassScore> classScores(const std::vector<std::vector<int>>& confusion);

/// The confusion matrix with the scores of each class beside its row; for a regression, predicted over true values.
/// A click, or arrows and Enter, chooses a cell.
class ConfusionView : public QWidget {
  Q_OBJECT

 public:
  explicit ConfusionView(QWidget* parent = nullptr);

  void setReport(std::shared_ptr<const EvaluationReport> report);
  void setPercent(bool isPercent);
  void setCell(std::optional<MistakesModel::Cell> cell);
  std::optional<MistakesModel::Cell> cell() const { return m_cell; }
  QRectF cellRect(int trueClass, int predictedClass) const;

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 Q_SIGNALS:
  /// Chosen by the person; no cell when the chosen one was clicked again.
  void cellChosen(std::optional<layersmith::MistakesModel::Cell> cell);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  int classes() const { return m_report ? int(m_report->classNames.size()) : 0; }
  bool hasScores() const;
  QSizeF cellSize() const;
  double labelWidth() const;
  void choose(int trueClass, int predictedClass);
  void paintMatrix(QPainter& painter) const;
  void paintCell(QPainter& painter, int trueClass, int predictedClass, int rowTotal, int most) const;
  void paintScores(QPainter& painter) const;
  void paintPairs(QPainter& painter) const;

  std::shared_ptr<const EvaluationReport> m_report;
  std::vector<ClassScore> m_scores;
  bool m_isPercent = false;
  std::optional<MistakesModel::Cell> m_cell;
};

}  // namespace layersmith
