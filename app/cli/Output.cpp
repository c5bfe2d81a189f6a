#include "app/cli/Output.h"

#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace layersmith {

namespace {

bool write(std::FILE* file, const QByteArray& text) {
  const bool isWhole = std::fwrite(text.constData(), 1, std::size_t(text.size()), file) == std::size_t(text.size());
  return std::fflush(file) == 0 && isWhole;
}

Json errorJson(const Error& error) {
  Json json = {{"code", error.code().empty() ? toString(error.kind()) : error.code()},
               {"message", error.message()},
               {"hint", error.hint().empty() ? Json() : Json(error.hint())}};
  if (!error.where().empty()) json["where"] = error.where();
  return json;
}

}  // namespace

void Output::configure(bool isJson, bool isQuiet, const std::string& progress) {
  m_isJson = isJson;
  m_isQuiet = isQuiet;
  m_isColoured = isColoured(STDOUT_FILENO);
  if (progress == "json")
    m_progress = Progress::JsonLines;
  else if (progress == "none" || isQuiet)
    m_progress = Progress::None;
  else if (isatty(STDERR_FILENO))
    m_progress = Progress::Bar;
  else
    m_progress = isJson ? Progress::None : Progress::Lines;
}

bool Output::isColoured(int fileDescriptor) {
  return isatty(fileDescriptor) && qEnvironmentVariableIsEmpty("NO_COLOR") &&
         qEnvironmentVariable("TERM") != QLatin1String("dumb");
}

void Output::line(const QString& text) {
  if (isText()) print(text.toUtf8());
}

void Output::print(const QByteArray& text) {
  if (write(stdout, text + '\n') || m_loss != 0) return;
  m_loss = errno == 0 ? EIO : errno;
}

void Output::requireWhole() const {
  if (m_loss == 0) return;
  throw Error(ErrorKind::Io, std::string("Standard output is cut off: ") + std::strerror(m_loss) + '.', {}, {},
              "What the command did is done; run it again for what it says.");
}

void Output::warn(const std::string& message) {
  m_warnings.push_back(message);
  if (isText()) write(stderr, QByteArray("warning: ") + message.c_str() + '\n');
}

void Output::tell(const std::string& message) {
  if (m_progress == Progress::JsonLines)
    write(stderr, toJsonBytes({{"event", "message"}, {"message", message}}) + '\n');
  else
    write(stderr, QByteArray::fromStdString(message) + '\n');
}

void Output::finish(const std::string& command, const Json& result) {
  if (!m_isJson) return;
  print(toJsonBytes(
      {{"ok", true}, {"command", command}, {"result", result}, {"warnings", m_warnings}, {"error", nullptr}}));
}

void Output::fail(const std::string& command, const Error& error) {
  if (m_isJson) {
    print(toJsonBytes({{"ok", false},
                       {"command", command},
                       {"result", nullptr},
                       {"warnings", m_warnings},
                       {"error", errorJson(error)}}));
    if (m_loss == 0) return;
  }
  const bool isRed = isColoured(STDERR_FILENO);
  QByteArray text = QByteArray(isRed ? "\033[1;31merror:\033[0m " : "error: ") + error.what();
  if (!error.code().empty() && error.code() != "usage") text += QByteArray(" (") + error.code().c_str() + ')';
  text += '\n';
  if (!error.hint().empty()) text += QByteArray("       ") + error.hint().c_str() + '\n';
  write(stderr, text);
}

QString Output::bold(const QString& text) const {
  return m_isColoured ? QStringLiteral("\033[1m%1\033[0m").arg(text) : text;
}

QString Output::dim(const QString& text) const {
  return m_isColoured ? QStringLiteral("\033[2m%1\033[0m").arg(text) : text;
}

QString groupedText(std::int64_t number) {
  QString digits = QString::number(number);
  for (qsizetype at = digits.size() - 3; at > (number < 0 ? 1 : 0); at -= 3) digits.insert(at, QLatin1Char(','));
  return digits;
}

QString sizeText(std::int64_t bytes) {
  if (bytes < 1000) return QStringLiteral("%1 B").arg(bytes);
  double size = double(bytes);
  const char* unit = "KB";
  for (const char* next : {"KB", "MB", "GB", "TB"}) {
    size /= 1000;
    unit = next;
    if (size < 999.95) break;
  }
  return QStringLiteral("%1 %2").arg(size, 0, 'f', 1).arg(QLatin1String(unit));
}

QString numberText(double value) {
  return QString::number(value, 'g', 4);
}

}  // namespace layersmith
