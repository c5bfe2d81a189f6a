#pragma once

#include <QString>

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace layersmith {

/// One record of a CSV file. Cells are trimmed; views into the parser, valid during the call.
struct CsvRecord {
  std::int64_t line = 0;  ///< of the file, from 1, where the record begins
  std::span<const std::string_view> cells;
};

/// Cuts bytes that arrive in pieces into records (RFC 4180, with LF, CRLF or CR). Blank lines are passed over.
/// Errors: E140 for a quote that is never closed or text behind one; E102 for a NUL byte; E130 for cells, lines and
/// numbers of columns over the limits.
class CsvParser {
 public:
  using Sink = std::function<bool(const CsvRecord&)>;  ///< return false to stop

  CsvParser(QString fileName, char delimiter, Sink sink);

  bool feed(std::string_view bytes);  ///< false: the sink stopped
  void finish();                      ///< the last record may lack its line end

 private:
  enum class State { CellStart, Plain, Quoted, AfterQuote };

  bool take(char c);
  void append(char c);
  void endCell();
  bool endRecord();

  QString m_fileName;
  char m_delimiter;
  Sink m_sink;
  State m_state = State::CellStart;
  bool m_isAfterCarriageReturn = false;
  bool m_isStopped = false;
  bool m_hasQuotes = false;
  std::int64_t m_line = 1;
  std::int64_t m_recordLine = 1;
  std::int64_t m_quoteLine = 1;
  std::string m_text;               ///< of the record, cells one after the other
  std::vector<std::size_t> m_ends;  ///< of each cell in m_text
  std::vector<std::string_view> m_cells;
};

}  // namespace layersmith
