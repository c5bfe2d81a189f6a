#pragma once

#include "model/core/Error.h"

#include <QString>

#include <cstdint>
#include <string_view>

namespace layersmith {

/// E140 "{f}, row {r}, column {c}: {reason}; found '{text}'." `column` counts from 1; 0 leaves it out. `name` may be
/// empty.
Error cellError(const QString& file, std::int64_t row, std::int64_t column, const QString& name,
                std::string_view reason, std::string_view found);

/// E140 about a file as a whole: "{f}: {reason}"
Error dataError(const QString& file, std::string_view reason);

/// E102 "{f} is {kind}, not {expected}. {hint}"
Error wrongKindError(const QString& file, std::string_view kind, std::string_view expected, std::string_view hint);

/// E130 "{what} is {found}; the limit is {limit}."
Error limitError(const QString& file, std::string_view what, std::int64_t found, std::int64_t limit);

/// NotFound or Io (E201), by why the file could not be opened.
Error openError(const QString& path, const QString& systemText);

/// Names a wrong kind of file by its first bytes ("a web page (HTML)"); empty for what may be text.
std::string_view foreignKind(std::string_view head);

}  // namespace layersmith
