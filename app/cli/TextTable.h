#pragma once

#include <QString>
#include <QStringList>

#include <vector>

namespace layersmith {

class Output;

/// Rows under headings, in columns as wide as their content. Columns named in `rightAligned` hold numbers.
void printTable(Output& output, const QStringList& headings, const std::vector<QStringList>& rows,
                const std::vector<int>& rightAligned = {});

}  // namespace layersmith
