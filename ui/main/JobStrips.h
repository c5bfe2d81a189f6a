#pragma once

#include <QTimer>
#include <QWidget>

#include <memory>
#include <vector>

namespace layersmith {

class BusyStrip;
class TextLabel;
struct JobProgress;

/// Saves, openings and transfers that take long, above the status bar: each with its bytes and a Cancel of its own.
/// Takes no room while all of them are quick, and little when they are many.
class JobStrips : public QWidget {
  Q_OBJECT

 public:
  explicit JobStrips(QWidget* parent = nullptr);

  void add(const QString& text, std::shared_ptr<JobProgress> progress);
  void remove(const std::shared_ptr<JobProgress>& progress);
  void cancelAll();

 Q_SIGNALS:
  void textChanged(const QString& text);  ///< what the newest job does; empty: there is none

 private:
  struct Job {
    std::shared_ptr<JobProgress> progress;
    QString text;
    BusyStrip* strip;  ///< null: it waits for one of those that are shown
  };
  void showFirst();
  void tell();
  void refresh();

  std::vector<Job> m_jobs;
  QWidget* m_rest = nullptr;  ///< "and 12 more", and what cancels all
  TextLabel* m_restText = nullptr;
  QTimer m_timer;
};

}  // namespace layersmith
