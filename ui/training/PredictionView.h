#pragma once

#include "model/session/Evaluation.h"
#include "ui/itemmodels/MistakesModel.h"

#include <QPointer>
#include <QWidget>

#include <functional>
#include <vector>

class QLabel;
class QListView;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace layersmith {

class DigitCanvas;
class DocumentContext;
class FormRows;
class OutputBars;
class TextLabel;

/// Tries one sample on the model, a row typed in or a digit drawn, and shows the rows the model gets most wrong.
class PredictionView : public QWidget {
  Q_OBJECT

 public:
  explicit PredictionView(QWidget* parent = nullptr);

  void setContext(DocumentContext* context);
  void setReport(std::shared_ptr<const EvaluationReport> report);
  void setCell(std::optional<MistakesModel::Cell> cell);
  MistakesModel& mistakes() { return m_mistakes; }
  OutputBars* bars() { return m_bars; }
  DigitCanvas* digit() { return m_digit; }
  void predict();  ///< what is typed or drawn now

 Q_SIGNALS:
  void predicted();
  void cellCleared();
  void rowsChosen(const std::vector<std::int64_t>& rows);  ///< to be shown in the data panel

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  void makeTry();
  void makeMistakes();
  void rebuildFields();
  void showRow(int row);
  void run(std::function<Tensor()> encode, int trueClass);
  void updateTitle();

  QPointer<DocumentContext> m_context;
  MistakesModel m_mistakes;
  std::shared_ptr<const EvaluationReport> m_report;
  std::optional<MistakesModel::Cell> m_cell;
  int m_asked = 0;  ///< only the newest answer is shown

  QWidget* m_try = nullptr;
  QStackedWidget* m_inputs = nullptr;
  FormRows* m_fields = nullptr;
  std::vector<std::function<QString()>> m_values;
  std::vector<std::function<void(const QString&)>> m_setters;
  DigitCanvas* m_digit = nullptr;
  OutputBars* m_bars = nullptr;
  TextLabel* m_message = nullptr;
  QWidget* m_list = nullptr;
  TextLabel* m_title = nullptr;
  TextLabel* m_count = nullptr;
  QPushButton* m_clear = nullptr;
  QStackedWidget* m_rows = nullptr;
  QListView* m_thumbnails = nullptr;
  QTableView* m_table = nullptr;
};

}  // namespace layersmith
