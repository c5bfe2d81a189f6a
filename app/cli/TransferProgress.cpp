#include "app/cli/TransferProgress.h"

#include <cstdio>

namespace layersmith {

namespace {

constexpr auto kFirst = std::chrono::milliseconds(500);
constexpr auto kBetween = std::chrono::milliseconds(100);

void writeError(const QByteArray& text) {
  std::fwrite(text.constData(), 1, std::size_t(text.size()), stderr);
  std::fflush(stderr);
}

}  // namespace

TransferProgress::~TransferProgress() {
  if (m_hasDrawn) writeError("\r\033[K");
}

bool TransferProgress::advance(std::int64_t done, std::int64_t total) {
  if (m_interrupt.isAsked()) return false;
  if (total == 0) return true;
  const auto now = Clock::now();
  const bool isJson = m_output.progress() == Output::Progress::JsonLines;
  const bool isDue = now - m_shown >= kBetween && (isJson || now - m_started >= kFirst);
  if (!isDue && !(isJson && done == total)) return true;
  m_shown = now;
  if (isJson) {
    writeError(toJsonBytes(Json{{"what", m_what}, {"bytes", done}, {"total", total}}) + '\n');
  } else if (m_output.progress() == Output::Progress::Bar) {
    m_hasDrawn = true;
    writeError("\r\033[K" +
               QStringLiteral("%1: %2 of %3").arg(QLatin1String(m_what), sizeText(done), sizeText(total)).toUtf8());
  }
  return true;
}

}  // namespace layersmith
