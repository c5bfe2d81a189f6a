#include "model/server/MultipartParser.h"

#include "model/core/Limits.h"
#include "model/server/HttpMessage.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace layersmith {

namespace {

[[noreturn]] void refuse(const char* why) {
  throw Refusal{400, "E306", std::string("The form is not well made: ") + why + "."};
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view()
                                         : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool isToken(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
    return c > 0x20 && c < 0x7f && std::string_view("()<>@,;:\\\"/[]?={}").find(char(c)) == std::string_view::npos;
  });
}

/// The next `; key=value` of a header value; false at its end. Errors: 400.
bool nextParameter(std::string_view& rest, std::string& key, std::string& value) {
  rest = trimmed(rest);
  if (rest.empty()) return false;
  if (rest.front() != ';') refuse("a header has something after its value");
  rest = trimmed(rest.substr(1));
  const auto equals = rest.find('=');
  if (equals == std::string_view::npos || !isToken(trimmed(rest.substr(0, equals)))) refuse("a parameter has no name");
  key = trimmed(rest.substr(0, equals));
  rest = trimmed(rest.substr(equals + 1));
  value.clear();
  if (rest.empty() || rest.front() != '"') {
    const auto end = std::min(rest.find_first_of("; \t"), rest.size());
    value = rest.substr(0, end);
    if (!isToken(value)) refuse("a parameter has no value");
    rest.remove_prefix(end);
    return true;
  }
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '"') {
      rest.remove_prefix(i + 1);
      return true;
    }
    if (rest[i] == '\\' && i + 1 < rest.size()) ++i;
    value += rest[i];
  }
  refuse("a quoted value does not end");
}

void readDisposition(std::string_view value, FormPart& part) {
  const auto end = std::min(value.find(';'), value.size());
  if (!equalsIgnoringCase(trimmed(value.substr(0, end)), "form-data")) refuse("a part is not form-data");
  value.remove_prefix(end);
  bool hasName = false, hasFileName = false;
  std::string key, text;
  while (nextParameter(value, key, text)) {
    if (equalsIgnoringCase(key, "name")) {
      if (std::exchange(hasName, true)) refuse("a part has two names");
      part.name = text;
    } else if (equalsIgnoringCase(key, "filename")) {
      if (std::exchange(hasFileName, true)) refuse("a part has two file names");
      part.fileName = text;
    }
  }
  if (!hasName) refuse("a part has no name");
}

}  // namespace

std::string formBoundary(std::string_view contentType) {
  const auto end = std::min(contentType.find(';'), contentType.size());
  if (!equalsIgnoringCase(trimmed(contentType.substr(0, end)), "multipart/form-data")) return {};
  contentType.remove_prefix(end);
  std::string boundary, key, value;
  try {
    while (nextParameter(contentType, key, value))
      if (equalsIgnoringCase(key, "boundary")) {
        if (!boundary.empty()) return {};
        boundary = value;
      }
  } catch (const Refusal&) {
    return {};
  }
  const bool isAllowed =
      boundary.size() <= 70 && std::ranges::all_of(boundary, [](unsigned char c) {
        return std::isalnum(c) || std::string_view("'()+_,-./:=? ").find(char(c)) != std::string_view::npos;
      });
  return isAllowed && !boundary.ends_with(' ') ? boundary : std::string();
}

FormPart parsePartHeader(std::string_view lines) {
  FormPart part;
  bool hasDisposition = false;
  while (!lines.empty()) {
    const auto end = lines.find("\r\n");
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(std::min(lines.size(), end == std::string_view::npos ? lines.size() : end + 2));
    if (std::ranges::any_of(line, [](unsigned char c) { return c < 0x20 && c != '\t'; }))
      refuse("a part header holds control characters");
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !isToken(line.substr(0, colon))) refuse("a part header has no name");
    const std::string_view name = line.substr(0, colon), value = trimmed(line.substr(colon + 1));
    if (equalsIgnoringCase(name, "content-disposition")) {
      if (std::exchange(hasDisposition, true)) refuse("a part says twice what it is");
      readDisposition(value, part);
    } else if (equalsIgnoringCase(name, "content-type")) {
      part.contentType = value;
    } else if (equalsIgnoringCase(name, "content-transfer-encoding") && !equalsIgnoringCase(value, "binary") &&
               !equalsIgnoringCase(value, "8bit") && !equalsIgnoringCase(value, "7bit")) {
      refuse("a part is encoded");
    }
  }
  if (!hasDisposition) refuse("a part does not say what it is");
  return part;
}

MultipartParser::MultipartParser(std::string_view boundary, FormReceiver& receiver)
    : m_delimiter("\r\n--" + std::string(boundary)),
      m_receiver(receiver),
      m_pending("\r\n") {}  // so that a delimiter at the very start is like any other

void MultipartParser::write(std::string_view bytes) {
  m_pending.append(bytes);
  while (step()) {
  }
}

void MultipartParser::finish() {
  if (m_state != State::Epilogue) refuse("it ends too early");
}

bool MultipartParser::step() {
  switch (m_state) {
    case State::Preamble: return skipPreamble();
    case State::Data: return takeData();
    case State::AfterDelimiter: return readAfterDelimiter();
    case State::Header: return readHeader();
    case State::Epilogue: break;
  }
  m_passed += std::int64_t(m_pending.size());
  m_pending.clear();
  if (m_passed > limits::kServerPartHeaderBytes) refuse("it goes on after its end");
  return false;
}

bool MultipartParser::skipPreamble() {
  const auto found = m_pending.find(m_delimiter);
  const std::size_t skipped =
      found != std::string::npos ? found : m_pending.size() - std::min(m_pending.size(), m_delimiter.size() - 1);
  m_passed += std::int64_t(skipped);
  if (m_passed > limits::kServerPartHeaderBytes) refuse("it does not begin with its boundary");
  m_pending.erase(0, skipped);
  if (found == std::string::npos) return false;
  m_pending.erase(0, m_delimiter.size());
  m_state = State::AfterDelimiter;
  return true;
}

bool MultipartParser::takeData() {
  const auto found = m_pending.find(m_delimiter);
  const std::size_t sure =
      found != std::string::npos ? found : m_pending.size() - std::min(m_pending.size(), m_delimiter.size() - 1);
  if (sure > 0) m_receiver.partData(std::string_view(m_pending).substr(0, sure));
  m_pending.erase(0, sure);
  if (found == std::string::npos) return false;
  m_receiver.endPart();
  m_pending.erase(0, m_delimiter.size());
  m_state = State::AfterDelimiter;
  return true;
}

bool MultipartParser::readAfterDelimiter() {
  const auto first = m_pending.find_first_not_of(" \t");
  if (std::min(first, m_pending.size()) > 64) refuse("a boundary is followed by too much space");
  if (first == std::string::npos || m_pending.size() < first + 2) return false;
  const std::string_view two = std::string_view(m_pending).substr(first, 2);
  if (two == "--" && first == 0) {
    m_state = State::Epilogue;
    m_passed = 0;
  } else if (two == "\r\n") {
    if (++m_parts > limits::kServerParts)
      throw Refusal{
          413, "E130",
          "The number of parts is more than " + std::to_string(limits::kServerParts) + ", which is the limit."};
    m_state = State::Header;
  } else {
    refuse("a boundary is followed by something else");
  }
  m_pending.erase(0, first + 2);
  return true;
}

bool MultipartParser::readHeader() {
  const auto end = m_pending.starts_with("\r\n") ? 0 : m_pending.find("\r\n\r\n");
  if (std::min(end, m_pending.size()) > std::size_t(limits::kServerPartHeaderBytes))
    throw Refusal{413, "E130",
                  "The header of a part is longer than " + std::to_string(limits::kServerPartHeaderBytes) +
                      " bytes, which is the limit."};
  if (end == std::string::npos) return false;
  const std::size_t lines = end == 0 ? 0 : end + 2;
  m_receiver.beginPart(parsePartHeader(std::string_view(m_pending).substr(0, lines)));
  m_pending.erase(0, lines + 2);
  m_state = State::Data;
  return true;
}

}  // namespace layersmith
