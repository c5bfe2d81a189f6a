#include "model/data/CsvParser.h"

#include "model/core/Limits.h"
#include "model/data/CellText.h"
#include "model/data/DataErrors.h"

#include <utility>

namespace layersmith {

CsvParser::CsvParser(QString fileName, char delimiter, Sink sink)
    : m_fileName(std::move(fileName)), m_delimiter(delimiter), m_sink(std::move(sink)) {}

bool CsvParser::feed(std::string_view bytes) {
  for (char c : bytes) {
    if (m_isAfterCarriageReturn) {
      m_isAfterCarriageReturn = false;
      if (c == '\n') continue;
    }
    if (!take(c)) return false;
  }
  return true;
}

bool CsvParser::take(char c) {
  if (m_state == State::Quoted) {
    if (c == '"') {
      m_state = State::AfterQuote;
    } else {
      if (c == '\n') ++m_line;
      append(c);
    }
    return true;
  }
  if (c == m_delimiter) {
    endCell();
    return true;
  }
  if (c == '\n' || c == '\r') {
    m_isAfterCarriageReturn = c == '\r';
    return endRecord();
  }
  if (m_state == State::CellStart) {
    if (c == ' ') return true;
    if (c == '"') {
      m_state = State::Quoted;
      m_hasQuotes = true;
      m_quoteLine = m_line;
      return true;
    }
    m_state = State::Plain;
  } else if (m_state == State::AfterQuote) {
    if (c == ' ') return true;
    if (c != '"')
      throw cellError(m_fileName, m_line, std::int64_t(m_ends.size()) + 1, {}, "text after a closing quote",
                      std::string_view(&c, 1));
    m_state = State::Quoted;
  }
  append(c);
  return true;
}

void CsvParser::append(char c) {
  if (c == '\0') throw wrongKindError(m_fileName, "binary data", "a CSV table", "Choose a text file.");
  m_text.push_back(c);
  if (std::int64_t(m_text.size()) <= limits::kCsvCellBytes) return;
  const std::size_t cellStart = m_ends.empty() ? 0 : m_ends.back();
  if (std::int64_t(m_text.size() - cellStart) > limits::kCsvCellBytes) {
    if (m_state == State::Quoted)
      throw cellError(m_fileName, m_quoteLine, std::int64_t(m_ends.size()) + 1, {},
                      "a quote opens here and is not closed within 1 MiB",
                      std::string_view(m_text).substr(cellStart, 400));
    throw limitError(m_fileName, "a cell's length in bytes", std::int64_t(m_text.size() - cellStart),
                     limits::kCsvCellBytes);
  }
  if (std::int64_t(m_text.size()) > limits::kCsvLineBytes)
    throw limitError(m_fileName, "a line's length in bytes", std::int64_t(m_text.size()), limits::kCsvLineBytes);
}

void CsvParser::endCell() {
  m_ends.push_back(m_text.size());
  m_state = State::CellStart;
  if (m_ends.size() > std::size_t(limits::kCsvColumns))
    throw limitError(m_fileName, "the number of columns", std::int64_t(m_ends.size()), limits::kCsvColumns);
}

bool CsvParser::endRecord() {
  endCell();
  const bool isBlank = m_ends.size() == 1 && !m_hasQuotes && trimmed(m_text).empty();
  if (!isBlank) {
    m_cells.clear();
    std::size_t start = 0;
    for (std::size_t end : m_ends) {
      m_cells.push_back(trimmed(std::string_view(m_text).substr(start, end - start)));
      start = end;
    }
    m_isStopped = !m_sink({m_recordLine, m_cells});
  }
  m_text.clear();
  m_ends.clear();
  m_hasQuotes = false;
  m_recordLine = ++m_line;
  return !m_isStopped;
}

void CsvParser::finish() {
  if (m_isStopped) return;
  if (m_state == State::Quoted) {
    const std::size_t cellStart = m_ends.empty() ? 0 : m_ends.back();
    throw cellError(m_fileName, m_quoteLine, std::int64_t(m_ends.size()) + 1, {},
                    "a quote opens here and is never closed", std::string_view(m_text).substr(cellStart));
  }
  if (!m_text.empty() || !m_ends.empty() || m_hasQuotes) endRecord();
}

}  // namespace layersmith
