#include "app/cli/TrainingProgress.h"

#include <sys/ioctl.h>
#include <unistd.h>
#include <algorithm>
#include <cstdio>

namespace layersmith {

namespace {

constexpr auto kRedrawEvery = std::chrono::milliseconds(80);
constexpr int kBarWidth = 24;

QString timeText(double seconds) {
  const auto whole = std::int64_t(seconds + 0.5);
  return whole >= 3600 ? QStringLiteral("%1:%2:%3")
                             .arg(whole / 3600)
                             .arg(whole / 60 % 60, 2, 10, QLatin1Char('0'))
                             .arg(whole % 60, 2, 10, QLatin1Char('0'))
                       : QStringLiteral("%1:%2").arg(whole / 60).arg(whole % 60, 2, 10, QLatin1Char('0'));
}

QString valuesText(const std::vector<MetricValue>& values) {
  QStringList parts;
  for (const MetricValue& value : values)
    parts << QStringLiteral("%1 %2").arg(QString::fromStdString(value.name)).arg(value.value, 0, 'f', 4);
  return parts.join(QStringLiteral("  "));
}

int terminalWidth() {
  winsize size = {};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

void writeError(const QByteArray& text) {
  std::fwrite(text.constData(), 1, std::size_t(text.size()), stderr);
  std::fflush(stderr);
}

}  // namespace

TrainingProgress::TrainingProgress(Output& output, const FitOptions& fit, std::int64_t samples, const FitPosition* from)
    : m_output(output),
      m_epochs(std::max(1, fit.epochs)),
      m_batchesPerEpoch(std::max<std::int64_t>(1, (samples + fit.batchSize - 1) / fit.batchSize)) {
  if (from) m_first = m_batches = from->epoch * m_batchesPerEpoch + from->batch;
}

TrainingProgress::~TrainingProgress() {
  if (!m_hasDrawn) return;
  drawBar();  // its last state stays
  writeError("\n");
}

void TrainingProgress::batchFinished(const BatchLog& log) {
  ++m_batches;
  m_epoch = log.epoch;
  if (m_values.empty()) m_values = log.values;
  if (m_output.progress() != Output::Progress::Bar || Clock::now() - m_lastDraw < kRedrawEvery) return;
  drawBar();
}

void TrainingProgress::epochFinished(const EpochLog& log) {
  m_values = log.values;
  if (m_output.progress() == Output::Progress::JsonLines) writeJson(log);
  if (m_output.progress() == Output::Progress::Lines) writeLine(log);
}

double TrainingProgress::secondsLeft() const {
  const double elapsed = std::chrono::duration<double>(Clock::now() - m_start).count();
  const double all = double(m_epochs) * double(m_batchesPerEpoch);
  const auto done = double(m_batches - m_first);
  return done > 0 ? std::max(0.0, elapsed * (all - double(m_batches)) / done) : 0;
}

void TrainingProgress::drawBar() {
  const double done = std::min(1.0, double(m_batches) / (double(m_epochs) * double(m_batchesPerEpoch)));
  const int filled = int(done * kBarWidth + 0.5);
  const QString bar = QString(filled, QLatin1Char('#')) + QString(kBarWidth - filled, QLatin1Char('-'));
  QString line = QStringLiteral("epoch %1/%2 [%3] %4 left  %5")
                     .arg(m_epoch + 1, int(QString::number(m_epochs).size()))
                     .arg(m_epochs)
                     .arg(bar, timeText(secondsLeft()), valuesText(m_values));
  line.truncate(terminalWidth() - 1);
  writeError("\r\033[K" + line.toUtf8());
  m_lastDraw = Clock::now();
  m_hasDrawn = true;
}

void TrainingProgress::writeLine(const EpochLog& log) const {
  const int every = std::max(1, m_epochs / 10);
  if ((log.epoch + 1) % every != 0 && log.epoch + 1 != m_epochs) return;
  writeError(QStringLiteral("epoch %1/%2  %3 left  %4\n")
                 .arg(log.epoch + 1)
                 .arg(m_epochs)
                 .arg(timeText(secondsLeft()), valuesText(log.values))
                 .toUtf8());
}

void TrainingProgress::writeJson(const EpochLog& log) const {
  Json json = {{"event", "epoch"}, {"epoch", log.epoch + 1}, {"epochs", m_epochs}};
  for (const MetricValue& value : log.values) json[value.name] = value.value;
  json["secondsLeft"] = secondsLeft();
  writeError(toJsonBytes(json) + '\n');
}

}  // namespace layersmith
