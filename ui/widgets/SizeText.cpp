#include "ui/widgets/SizeText.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>

namespace layersmith {

namespace {

/// One decimal while the number before the unit is below ten, and says something.
QString textOf(std::int64_t bytes, double kilo, QLocale::DataSizeFormats format) {
  double amount = static_cast<double>(bytes);
  while (amount >= kilo) amount /= kilo;
  const bool hasDecimal = static_cast<double>(bytes) >= kilo && amount < 9.95 && std::lround(amount * 10) % 10 != 0;
  return QLocale().formattedDataSize(bytes, hasDecimal ? 1 : 0, format);
}

}  // namespace

QString sizeText(std::int64_t bytes) {
  return textOf(bytes, 1000, QLocale::DataSizeSIFormat);
}

QString usageText(std::int64_t used, std::int64_t quota) {
  const auto text = [](std::int64_t bytes) { return textOf(bytes, 1024, QLocale::DataSizeTraditionalFormat); };
  return QCoreApplication::translate("SizeText", "%1 of %2").arg(text(used), text(quota));
}

}  // namespace layersmith
