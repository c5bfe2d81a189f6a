#pragma once

#include "model/session/Evaluation.h"

#include <QPointer>
#include <QWidget>

#include <memory>

class QCheckBox;
class QScrollArea;
class QStackedWidget;

namespace layersmith {

class BoundaryView;
class ConfusionView;
class DocumentContext;
class MessageStrip;
class PredictionView;
class ReadoutRow;
class SegmentedSwitch;

/// How good the model is: boundary, confusion matrix and predictions. Evaluates on the compute thread when a view that
/// needs it is visible and something changed.
class EvaluationPanel : public QWidget {
  Q_OBJECT

 public:
  enum View { Boundary, Confusion, Predictions };

  explicit EvaluationPanel(QWidget* parent = nullptr);

  void setContext(DocumentContext* context);
  void showView(View view);
  QWidget* tools() { return m_tools; }
  BoundaryView* boundary() { return m_boundary; }
  ConfusionView* confusion() { return m_confusion; }
  PredictionView* predictions() { return m_predictions; }
  std::shared_ptr<const EvaluationReport> report() const { return m_report; }

 Q_SIGNALS:
  void evaluated();
  void rowsChosen(const std::vector<std::int64_t>& rows);  ///< to be shown in the data panel

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  void makeTools();
  void request();
  void evaluate();
  void showReport(std::shared_ptr<const EvaluationReport> report);
  bool hasMatrix() const;  ///< and it is what is shown
  void updateReadouts();
  void updateTools();

  QPointer<DocumentContext> m_context;
  std::shared_ptr<const EvaluationReport> m_report;
  bool m_isStale = true;
  bool m_isEvaluating = false;

  QWidget* m_tools;
  SegmentedSwitch* m_views;
  SegmentedSwitch* m_counts;
  QCheckBox* m_validation;
  QCheckBox* m_twoColors;
  ReadoutRow* m_readouts;
  MessageStrip* m_strip;
  QStackedWidget* m_pages;
  BoundaryView* m_boundary;
  ConfusionView* m_confusion;
  PredictionView* m_predictions;
};

}  // namespace layersmith
