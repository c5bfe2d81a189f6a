#include "ui/main/JobStrips.h"

#include "ui/main/StoreWorker.h"
#include "ui/widgets/BusyStrip.h"

#include <QVBoxLayout>

#include <algorithm>
#include <chrono>

namespace layersmith {

using namespace std::chrono_literals;

JobStrips::JobStrips(QWidget* parent) : QWidget(parent) {
  setObjectName(QStringLiteral("jobs"));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  m_timer.setInterval(100ms);
  connect(&m_timer, &QTimer::timeout, this, &JobStrips::refresh);
}

void JobStrips::add(const QString& text, std::shared_ptr<JobProgress> progress) {
  static int serial = 0;
  auto* strip = new BusyStrip(this, QStringLiteral("job%1").arg(++serial));
  layout()->addWidget(strip);
  connect(strip, &BusyStrip::cancelled, this, [progress] { progress->isCancelled = true; });
  strip->begin(text, true);
  m_jobs.push_back({std::move(progress), text, strip});
  m_timer.start();
  tell();
}

void JobStrips::remove(const std::shared_ptr<JobProgress>& progress) {
  const auto found = std::ranges::find(m_jobs, progress, &Job::progress);
  if (found == m_jobs.end()) return;
  found->strip->end();
  found->strip->deleteLater();
  m_jobs.erase(found);
  if (m_jobs.empty()) m_timer.stop();
  tell();
}

void JobStrips::refresh() {
  for (const Job& job : m_jobs) job.strip->setProgress(job.progress->done, job.progress->total);
}

void JobStrips::tell() {
  Q_EMIT textChanged(m_jobs.empty() ? QString() : m_jobs.back().text);
}

}  // namespace layersmith
