#include "app/cli/TextTable.h"

#include "app/cli/Output.h"

#include <algorithm>

namespace layersmith {

void printTable(Output& output, const QStringList& headings, const std::vector<QStringList>& rows,
                const std::vector<int>& rightAligned) {
  if (!output.isText()) return;
  std::vector<qsizetype> widths;
  for (const QString& heading : headings) widths.push_back(heading.size());
  for (const QStringList& row : rows)
    for (qsizetype i = 0; i < row.size() && i < headings.size(); ++i)
      widths[std::size_t(i)] = std::max(widths[std::size_t(i)], row[i].size());

  const auto format = [&](const QStringList& cells) {
    QString text;
    for (qsizetype i = 0; i < cells.size(); ++i) {
      const bool isRight = std::ranges::find(rightAligned, int(i)) != rightAligned.end();
      const qsizetype width = widths[std::size_t(i)];
      text += isRight ? cells[i].rightJustified(width) : cells[i].leftJustified(width);
      text += QStringLiteral("  ");
    }
    while (text.endsWith(QLatin1Char(' '))) text.chop(1);
    return text;
  };
  output.line(output.bold(format(headings)));
  for (const QStringList& row : rows) output.line(format(row));
}

}  // namespace layersmith
