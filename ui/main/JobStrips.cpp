#include "ui/main/JobStrips.h"

#include "ui/main/StoreWorker.h"
#include "ui/widgets/BusyStrip.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/TextLabel.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <chrono>

namespace layersmith {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t kShown = 3;

}  // namespace

JobStrips::JobStrips(QWidget* parent) : QWidget(parent) {
  setObjectName(QStringLiteral("jobs"));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  m_rest = new QWidget;
  auto* row = new QHBoxLayout(m_rest);
  row->setContentsMargins(12, 2, 8, 2);
  m_restText = new TextLabel({}, Theme::TextRole::Label, "text2");
  QPushButton* all = makeButton(QStringLiteral("jobs.cancelAll"), tr("Cancel all"), ButtonKind::Ghost);
  connect(all, &QPushButton::clicked, this, &JobStrips::cancelAll);
  row->addWidget(m_restText);
  row->addStretch();
  row->addWidget(all);
  m_rest->hide();
  column->addWidget(m_rest);
  m_timer.setInterval(100ms);
  connect(&m_timer, &QTimer::timeout, this, &JobStrips::refresh);
}

void JobStrips::add(const QString& text, std::shared_ptr<JobProgress> progress) {
  m_jobs.push_back({std::move(progress), text, nullptr});
  showFirst();
  m_timer.start();
  tell();
}

void JobStrips::showFirst() {
  static int serial = 0;
  for (std::size_t i = 0; i < std::min(m_jobs.size(), kShown); ++i) {
    Job& job = m_jobs[i];
    if (job.strip) continue;
    job.strip = new BusyStrip(this, QStringLiteral("job%1").arg(++serial));
    static_cast<QVBoxLayout*>(layout())->insertWidget(layout()->count() - 1, job.strip);
    connect(job.strip, &BusyStrip::cancelled, this, [progress = job.progress] { progress->isCancelled = true; });
    job.strip->begin(job.text, true);
  }
}

void JobStrips::remove(const std::shared_ptr<JobProgress>& progress) {
  const auto found = std::ranges::find(m_jobs, progress, &Job::progress);
  if (found == m_jobs.end()) return;
  if (found->strip) {
    found->strip->end();
    found->strip->deleteLater();
  }
  m_jobs.erase(found);
  showFirst();
  refresh();
  if (m_jobs.empty()) m_timer.stop();
  tell();
}

void JobStrips::cancelAll() {
  for (const Job& job : m_jobs) job.progress->isCancelled = true;
}

void JobStrips::refresh() {
  for (const Job& job : m_jobs)
    if (job.strip) job.strip->setProgress(job.progress->done, job.progress->total);
  const int rest = int(m_jobs.size()) - int(kShown);
  if (rest > 0) m_restText->setText(tr("and %n more", nullptr, rest));
  m_rest->setVisible(rest > 0 && m_jobs.front().strip->isVisible());
}

void JobStrips::tell() {
  Q_EMIT textChanged(m_jobs.empty() ? QString() : m_jobs.back().text);
}

}  // namespace layersmith
