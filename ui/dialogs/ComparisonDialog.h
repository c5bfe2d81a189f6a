#pragma once

#include "model/document/ModelComparison.h"
#include "ui/dialogs/Parts.h"
#include "ui/main/StoreWorker.h"

class QStandardItem;
class QStandardItemModel;
class QTreeView;

namespace layersmith {

class BusyStrip;
class MessageStrip;

/// What differs between a recovered model and the one that is saved: reads the saved one, then shows both side by side.
class ComparisonDialog : public FooterDialog {
  Q_OBJECT

 public:
  struct Recovered {
    QString name;
    QString url;       ///< of the saved model
    QString training;  ///< "epoch 37 of 100"; empty: none was under way
    DocumentState state;
  };

  /// Starts reading on `worker`; closing the dialog ends it.
  ComparisonDialog(Recovered recovered, StoreWorker& worker, QWidget* parent);
  ~ComparisonDialog() override;

 Q_SIGNALS:
  void compared();  ///< it is shown, or why there is none

 private:
  void read(StoreWorker& worker);
  void showComparison(const ModelComparison& comparison);
  void showError(const Error& error);
  void addLayer(const LayerDifference& layer);
  void addTraining(const ModelComparison& comparison);
  QStandardItem* addSection(const QString& title, const std::vector<ValueDifference>& values);

  const Recovered m_recovered;
  std::shared_ptr<JobProgress> m_progress;
  TextLabel* m_summary;
  BusyStrip* m_busy;
  MessageStrip* m_message;
  QStandardItemModel* m_rows;
  QTreeView* m_tree;
};

}  // namespace layersmith
