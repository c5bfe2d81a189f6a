#pragma once

#include "model/core/Error.h"
#include "model/data/Dataset.h"
#include "model/data/Readers.h"

#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>

namespace layersmith {

/// Reads or prepares a data set in a thread of its own; one job at a time, a newer one replaces the older.
/// Thread rule: GUI thread. The job runs elsewhere and gets a progress function that says when to stop.
class DataLoader : public QObject {
  Q_OBJECT

 public:
  using Job = std::function<Dataset(const ReadProgress&)>;

  explicit DataLoader(QObject* parent = nullptr);
  ~DataLoader() override;

  void start(Job job);
  void cancel();   ///< keeps the part read
  void abandon();  ///< and tells nobody
  bool isBusy() const { return m_current != nullptr; }

 Q_SIGNALS:
  void progressed(qint64 done, qint64 total);  ///< ten times a second; total 0: not known
  void loaded(const std::shared_ptr<const layersmith::Dataset>& dataset, bool isPart);
  void failed(const layersmith::Error& error);

 private:
  struct Shared;

  QThreadPool m_pool;
  QTimer m_timer;
  std::shared_ptr<Shared> m_current;
};

}  // namespace layersmith
