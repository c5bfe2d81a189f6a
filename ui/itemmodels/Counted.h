#pragma once

#include <QLocale>
#include <QString>

namespace layersmith {

/// "1 row", "2,400 rows": both words translated by the caller, `many` with %1.
inline QString counted(qint64 number, const QString& one, const QString& many) {
  return number == 1 ? one : many.arg(QLocale().toString(number));
}

}  // namespace layersmith
