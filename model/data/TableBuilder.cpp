#include "model/data/TableBuilder.h"

#include "model/data/CellText.h"
#include "model/data/CsvDialect.h"
#include "model/data/DataErrors.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace layersmith {

namespace {

constexpr std::size_t kSampleRows = 1000;
constexpr std::size_t kSampleBytes = 4 << 20;

std::string joined(std::span<const std::string_view> cells) {
  std::string text;
  for (std::size_t i = 0; i < cells.size() && text.size() < 200; ++i) text.append(i == 0 ? "" : ",").append(cells[i]);
  return text;
}

}  // namespace

TableBuilder::TableBuilder(QString fileName, CsvOptions options)
    : m_fileName(std::move(fileName)), m_options(std::move(options)) {}

bool TableBuilder::add(const CsvRecord& record) {
  if (!checkWidth(record)) return true;
  if (m_isDecided) {
    convert(record.line, record.cells);
  } else {
    SampleRow row{record.line, {record.cells.begin(), record.cells.end()}};
    for (const std::string& cell : row.cells) m_sampleBytes += cell.size() + sizeof(std::string);
    m_sample.push_back(std::move(row));
    if (m_sample.size() > kSampleRows || m_sampleBytes > kSampleBytes ||
        (m_options.maxRows > 0 && std::int64_t(m_sample.size()) > m_options.maxRows))
      decide();
  }
  return m_options.maxRows == 0 || m_raw->rows < m_options.maxRows;
}

bool TableBuilder::checkWidth(const CsvRecord& record) {
  if (m_width == 0) m_width = record.cells.size();
  if (record.cells.size() == m_width) return true;
  if (m_options.skipBadRows) {
    ++m_skipped;
    return false;
  }
  const std::size_t found = record.cells.size();
  throw cellError(m_fileName, record.line, std::int64_t(std::min(found, m_width)) + 1, {},
                  "this row has " + grouped(std::int64_t(found)) + (found == 1 ? " cell" : " cells") +
                      ", the first row has " + grouped(std::int64_t(m_width)),
                  joined(record.cells));
}

void TableBuilder::decide() {
  m_isDecided = true;
  std::vector<std::vector<std::string>> rows;
  for (const SampleRow& row : m_sample) rows.push_back(row.cells);
  const bool hasHeader = m_options.header == CsvOptions::Header::Guess ? looksLikeHeader(rows)
                                                                       : m_options.header == CsvOptions::Header::Yes;
  m_raw->columns.resize(m_width);
  m_textIndices.resize(m_width);
  nameColumns(hasHeader && !m_sample.empty());
  for (std::size_t column = 0; column < m_width; ++column) decideKind(column);
  const std::vector<SampleRow> sample = std::exchange(m_sample, {});
  for (const SampleRow& row : sample) {
    if (m_options.maxRows > 0 && m_raw->rows >= m_options.maxRows) break;
    convert(row.line, std::vector<std::string_view>(row.cells.begin(), row.cells.end()));
  }
}

void TableBuilder::nameColumns(bool hasHeader) {
  m_raw->hasColumnNames = hasHeader;
  QStringList taken;
  for (std::size_t i = 0; i < m_width; ++i) {
    QString name = hasHeader ? decoded(m_sample.front().cells[i]).simplified() : QString();
    if (name.isEmpty()) name = QStringLiteral("column%1").arg(i + 1);
    m_raw->columns[i].name = name;
  }
  QHash<QString, int> seen;
  for (auto& column : m_raw->columns) {
    const int times = ++seen[column.name];
    if (times == 1) continue;
    const QString unique = QStringLiteral("%1_%2").arg(column.name).arg(times);
    m_raw->remarks << QStringLiteral("Column `%1` comes twice; the later one is called `%2`.").arg(column.name, unique);
    column.name = unique;
  }
  if (hasHeader) m_sample.erase(m_sample.begin());
}

void TableBuilder::decideKind(std::size_t column) {
  std::int64_t numbers = 0, others = 0, decimalCommas = 0;
  const SampleRow* firstDecimalComma = nullptr;
  for (const SampleRow& row : m_sample) {
    const std::string& cell = row.cells[column];
    if (isMissingText(cell)) continue;
    if (numberFromText(cell)) {
      ++numbers;
    } else if (isDecimalCommaNumber(cell)) {
      ++decimalCommas;
      if (!firstDecimalComma) firstDecimalComma = &row;
    } else {
      ++others;
    }
  }
  const QString& name = m_raw->columns[column].name;
  if (m_options.textColumns.contains(name)) {
    m_raw->columns[column].isNumeric = false;
    return;
  }
  if (decimalCommas > others)
    throw cellError(m_fileName, firstDecimalComma->line, std::int64_t(column) + 1, name,
                    "a number needs a decimal point, not a comma", firstDecimalComma->cells[column]);
  others += decimalCommas;
  m_raw->columns[column].isNumeric =
      others == 0 || (numbers > others && others <= std::max<std::int64_t>(1, (numbers + others) / 10));
}

bool TableBuilder::isReadable(std::int64_t line, std::span<const std::string_view> cells) const {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (!m_raw->columns[i].isNumeric || isMissingText(cells[i]) || numberFromText(cells[i])) continue;
    if (m_options.skipBadRows) return false;
    throw cellError(m_fileName, line, std::int64_t(i) + 1, m_raw->columns[i].name,
                    isDecimalCommaNumber(cells[i]) ? "a number needs a decimal point, not a comma"
                                                   : "a number is expected in this column",
                    cells[i]);
  }
  return true;
}

void TableBuilder::convert(std::int64_t line, std::span<const std::string_view> cells) {
  if (!isReadable(line, cells)) {
    ++m_skipped;
    return;
  }
  for (std::size_t i = 0; i < cells.size(); ++i) {
    RawData::Column& column = m_raw->columns[i];
    const bool isMissing = isMissingText(cells[i]);
    if (isMissing) ++column.missing;
    if (column.isNumeric)
      column.numbers.push_back(isMissing ? std::numeric_limits<double>::quiet_NaN() : *numberFromText(cells[i]));
    else
      column.numbers.push_back(isMissing ? -1 : textIndex(i, cells[i]));
  }
  ++m_raw->rows;
}

double TableBuilder::textIndex(std::size_t column, std::string_view cell) {
  auto& indices = m_textIndices[column];
  const auto key = QByteArray::fromRawData(cell.data(), qsizetype(cell.size()));
  if (const auto found = indices.constFind(key); found != indices.constEnd()) return *found;
  const int index = int(indices.size());
  indices.insert(QByteArray(cell.data(), qsizetype(cell.size())), index);
  m_raw->columns[column].texts.append(decoded(cell));
  return index;
}

std::shared_ptr<const RawData> TableBuilder::finish() {
  if (m_width == 0) throw dataError(m_fileName, "the file is empty; there are no rows to read.");
  if (!m_isDecided) decide();
  if (m_raw->rows == 0) throw dataError(m_fileName, "there are no rows below the header.");
  if (m_skipped > 0) m_raw->remarks << QStringLiteral("%1 rows could not be read; they are left out.").arg(m_skipped);
  for (RawData::Column& column : m_raw->columns) {
    const auto isPresent = [&](double value) { return column.isNumeric ? value == value : value >= 0; };
    const auto first = std::ranges::find_if(column.numbers, isPresent);
    column.isConstant =
        std::all_of(first, column.numbers.end(), [&](double value) { return !isPresent(value) || value == *first; });
  }
  return std::move(m_raw);
}

}  // namespace layersmith
