#include "model/data/CellText.h"

#include <QStringDecoder>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace layersmith {

namespace {

bool isSpace(char c) {
  return c == ' ' || c == '\t';
}

bool equalsIgnoringCase(std::string_view a, std::string_view lower) {
  return std::ranges::equal(a, lower, [](char x, char y) { return (x >= 'A' && x <= 'Z' ? char(x + 32) : x) == y; });
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && isSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && isSpace(text.back())) text.remove_suffix(1);
  return text;
}

bool isMissingText(std::string_view text) {
  if (text.empty() || text == "?") return true;
  if (text.size() > 4) return false;
  return equalsIgnoringCase(text, "na") || equalsIgnoringCase(text, "n/a") || equalsIgnoringCase(text, "nan") ||
         equalsIgnoringCase(text, "null");
}

std::optional<double> numberFromText(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

bool isDecimalCommaNumber(std::string_view text) {
  const auto comma = text.find(',');
  if (comma == std::string_view::npos || text.find(',', comma + 1) != std::string_view::npos) return false;
  std::string withPoint(text);
  withPoint[comma] = '.';
  return numberFromText(withPoint).has_value();
}

QString textFromNumber(double value) {
  char buffer[32];
  const auto result = std::to_chars(buffer, buffer + sizeof buffer, value);
  return QString::fromLatin1(buffer, result.ptr - buffer);
}

std::string shortened(std::string_view text) {
  constexpr qsizetype kLength = 40;
  QString decodedText = decoded(text.substr(0, 8 * kLength));
  const bool isCut = decodedText.size() > kLength;
  decodedText.truncate(kLength);
  for (QChar& c : decodedText)
    if (!c.isPrint()) c = QLatin1Char(' ');
  return decodedText.toStdString() + (isCut ? "..." : "");
}

QString decoded(std::string_view text) {
  QStringDecoder decoder(QStringDecoder::Utf8);
  QString result = decoder(QByteArrayView(text.data(), qsizetype(text.size())));
  return decoder.hasError() ? QString::fromLatin1(text.data(), qsizetype(text.size())) : result;
}

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  for (auto at = std::int64_t(digits.size()) - 3; at > (number < 0 ? 1 : 0); at -= 3)
    digits.insert(std::size_t(at), ",");
  return digits;
}

}  // namespace layersmith
