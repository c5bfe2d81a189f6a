#pragma once

#include "model/session/TrainingSession.h"
#include "ui/itemmodels/HistoryModel.h"
#include "ui/training/TrainingControls.h"

#include <QPointer>
#include <QWidget>

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace layersmith {

class DocumentContext;
class LossChart;
class MessageStrip;
class ReadoutRow;
class SegmentedSwitch;
class TrainingSettings;

/// The training dock: settings before, readouts and controls during a training; the loss and metric charts; and a strip
/// that says how it ended and what can be done.
class TrainingPanel : public QWidget {
  Q_OBJECT

 public:
  explicit TrainingPanel(QWidget* parent = nullptr);

  void setContext(DocumentContext* context);

  QAction* trainAction() { return m_controls.trainAction(); }
  QAction* pauseAction() { return m_controls.pauseAction(); }
  QAction* stepAction() { return m_controls.stepAction(); }
  QAction* stopAction() { return m_controls.stopAction(); }
  TrainingControls& controls() { return m_controls; }

  /// The row with the views and the chart's tools. A lone dock may take it into its title bar.
  QWidget* tools() { return m_tools; }
  LossChart* lossChart() { return m_loss; }
  LossChart* metricChart() { return m_metric; }
  MessageStrip* strip() { return m_strip; }

  bool exportPicture(const QString& path, double scale = 2);  ///< PNG of the chart shown
  bool exportCsv(const QString& path);                        ///< all epochs

 Q_SIGNALS:
  void sampleRequested(const QString& generator);  ///< no data: the person chose a sample
  void csvRequested();                             ///< no data: the person wants to open a table
  void tryRequested();                             ///< after a training: try the model

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void makeTools();
  void makeReadouts();
  void makeCharts();
  QWidget* makeExportButton();
  void askExport(bool isPicture);

  void readDocument();
  void readMetrics();
  void chooseMetric();
  void showView();
  void updateHint();
  void updateState();

  void onStarted();
  void onTick(const TrainingTick& tick);
  void onEpoch(const EpochLog& log);
  void onFinished(const TrainingOutcome& outcome);
  void onDataMissing();
  void updateReadouts();

  void say(const QString& text, bool isFault);
  void sayFinished(const TrainingOutcome& outcome);
  void sayDiverged(const TrainingOutcome& outcome);
  void backToBest(const TrainingOutcome& outcome);

  LossChart* currentChart() const;

  QPointer<DocumentContext> m_context;
  TrainingControls m_controls;
  HistoryModel m_history;
  TrainingTick m_tick;

  QWidget* m_tools = nullptr;
  SegmentedSwitch* m_views = nullptr;
  SegmentedSwitch* m_scale = nullptr;
  QComboBox* m_metricChoice = nullptr;
  QDoubleSpinBox* m_smoothing = nullptr;
  QWidget* m_smoothLabel = nullptr;
  MessageStrip* m_strip = nullptr;
  QStackedWidget* m_upper = nullptr;
  TrainingSettings* m_settings = nullptr;
  QWidget* m_running = nullptr;
  ReadoutRow* m_readouts = nullptr;
  SegmentedSwitch* m_speed = nullptr;
  QPushButton* m_pause = nullptr;
  QWidget* m_progress = nullptr;
  QStackedWidget* m_charts = nullptr;
  LossChart* m_loss = nullptr;
  LossChart* m_metric = nullptr;
  QTableView* m_table = nullptr;
};

}  // namespace layersmith
