#pragma once

#include "model/data/CsvParser.h"
#include "model/data/Readers.h"

#include <QHash>

#include <memory>
#include <string>
#include <vector>

namespace layersmith {

/// Makes a table of CSV records: keeps the first rows as text, decides from them what is a header and what a number,
/// then converts each further row as it comes.
class TableBuilder {
 public:
  TableBuilder(QString fileName, CsvOptions options);

  bool add(const CsvRecord& record);  ///< false: enough rows
  std::shared_ptr<const RawData> finish();

 private:
  struct SampleRow {
    std::int64_t line;
    std::vector<std::string> cells;
  };

  bool checkWidth(const CsvRecord& record);  ///< false: ragged, and to be skipped
  void decide();
  void nameColumns(bool hasHeader);
  void decideKind(std::size_t column);
  void convert(std::int64_t line, std::span<const std::string_view> cells);
  bool isReadable(std::int64_t line, std::span<const std::string_view> cells) const;
  double textIndex(std::size_t column, std::string_view cell);

  QString m_fileName;
  CsvOptions m_options;
  std::shared_ptr<RawData> m_raw = std::make_shared<RawData>();
  std::vector<SampleRow> m_sample;
  std::size_t m_sampleBytes = 0;
  std::size_t m_width = 0;
  bool m_isDecided = false;
  std::int64_t m_skipped = 0;
  std::vector<QHash<QByteArray, int>> m_textIndices;
};

}  // namespace layersmith
