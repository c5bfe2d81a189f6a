#pragma once

#include <QTimer>
#include <QWidget>

#include <memory>
#include <vector>

namespace layersmith {

class BusyStrip;
struct JobProgress;

/// Saves, openings and transfers that take long, above the status bar: each with its bytes and a Cancel of its own.
/// Takes no room while all of them are quick.
class JobStrips : public QWidget {
  Q_OBJECT

 public:
  explicit JobStrips(QWidget* parent = nullptr);

  void add(const QString& text, std::shared_ptr<JobProgress> progress);
  void remove(const std::shared_ptr<JobProgress>& progress);

 Q_SIGNALS:
  void textChanged(const QString& text);  ///< what the newest job does; empty: there is none

 private:
  struct Job {
    std::shared_ptr<JobProgress> progress;
    QString text;
    BusyStrip* strip;
  };
  void tell();
  void refresh();

  std::vector<Job> m_jobs;
  QTimer m_timer;
};

}  // namespace layersmith
