#pragma once

#include "model/core/Error.h"
#include "model/document/ModelDocument.h"
#include "model/session/ComputeThread.h"
#include "model/session/ModelCost.h"

#include <QObject>
#include <QTimer>

#include <optional>

namespace layersmith {

/// What the layers of one document cost, kept up to date while somebody looks: measured on the compute thread a moment
/// after the last change of the graph, the batch size or the data; forgotten as soon as one of them changes. Also
/// measures while a training runs, between two of its batches.
/// Thread rule: GUI thread.
class CostMeter : public QObject {
  Q_OBJECT

 public:
  CostMeter(const ModelDocument& document, ComputeThread& compute, QObject* parent = nullptr);

  void setActive(bool isActive);  ///< default: false; what was measured is kept for the next time
  bool isActive() const { return m_isActive; }

  const ModelCost* cost() const;  ///< null: not active, or not measured yet
  const LayerCost* costOf(LayerId layer) const;
  const std::optional<Error>& error() const { return m_error; }  ///< why there is no cost

 Q_SIGNALS:
  void changed();

 private:
  /// What a cost depends on.
  struct Subject {
    Graph graph;
    int batchSize = 0;
    std::shared_ptr<const Dataset> dataset;
    friend bool operator==(const Subject&, const Subject&) = default;
  };

  Subject subject() const;
  void refresh();
  void measure();

  const ModelDocument& m_document;
  ComputeThread& m_compute;
  QTimer m_wait;
  bool m_isActive = false;
  bool m_isMeasuring = false;
  Subject m_measured;  ///< of m_cost or m_error
  std::optional<ModelCost> m_cost;
  std::optional<Error> m_error;
};

}  // namespace layersmith
