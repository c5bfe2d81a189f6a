#pragma once

#include <QString>

class QVBoxLayout;

namespace layersmith {

class TextLabel;

/// Adds a line of a name and a value, the names one under the other; gives the value's label. A long value wraps, a
/// short one is elided.
TextLabel* addFact(QVBoxLayout& column, const QString& name, const QString& value = {}, bool isLong = false);

}  // namespace layersmith
