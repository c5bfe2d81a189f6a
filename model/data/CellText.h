#pragma once

#include <QString>

#include <optional>
#include <string>
#include <string_view>

namespace layersmith {

/// What the text of one table cell means. No locale: a decimal point, never a comma.

std::string_view trimmed(std::string_view text);

/// Empty, NA, N/A, NaN, null or ?, in any case.
bool isMissingText(std::string_view text);

/// The whole of `text` as a finite number, else nothing. A leading + is fine, "inf" is not.
std::optional<double> numberFromText(std::string_view text);

/// "3,14": a number if the comma were a point.
bool isDecimalCommaNumber(std::string_view text);

/// The shortest text that reads back as the same number: "1", "0.1".
QString textFromNumber(double value);

/// For messages: at most 40 characters, control characters as spaces, "..." where cut.
std::string shortened(std::string_view text);

/// UTF-8, or Latin-1 where it is not.
QString decoded(std::string_view text);

/// 1234567 -> "1,234,567", for messages.
std::string grouped(std::int64_t number);

}  // namespace layersmith
