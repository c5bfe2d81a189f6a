#include "model/data/DataErrors.h"

#include "model/data/CellText.h"

#include <QFileInfo>

#include <algorithm>
#include <array>
#include <utility>

namespace layersmith {

Error cellError(const QString& file, std::int64_t row, std::int64_t column, const QString& name,
                std::string_view reason, std::string_view found) {
  std::string text = file.toStdString() + ", row " + grouped(row);
  if (column > 0) text += ", column " + std::to_string(column);
  if (!name.isEmpty()) text += " (`" + name.toStdString() + "`)";
  text += ": " + std::string(reason) + "; found '" + shortened(found) + "'.";
  return {ErrorKind::Format, text, "E140", file.toStdString()};
}

Error dataError(const QString& file, std::string_view reason) {
  return {ErrorKind::Format, file.toStdString() + ": " + std::string(reason), "E140", file.toStdString()};
}

Error wrongKindError(const QString& file, std::string_view kind, std::string_view expected, std::string_view hint) {
  const std::string name = file.toStdString();
  return {ErrorKind::Format, name + " is " + std::string(kind) + ", not " + std::string(expected) + ".", "E102", name,
          std::string(hint)};
}

Error limitError(const QString& file, std::string_view what, std::int64_t found, std::int64_t limit) {
  return {ErrorKind::LimitExceeded,
          file.toStdString() + ": " + std::string(what) + " is " + grouped(found) + "; the limit is " + grouped(limit) +
              ".",
          "E130", file.toStdString()};
}

Error openError(const QString& path, const QString& systemText) {
  const std::string name = path.toStdString();
  if (!QFileInfo::exists(path)) return {ErrorKind::NotFound, "There is no file " + name + ".", {}, name};
  if (QFileInfo(path).isDir()) return {ErrorKind::Format, name + " is a folder, not a data file.", "E102", name};
  return {ErrorKind::Io, name + " could not be read: " + systemText.toStdString() + ".", "E201", name};
}

std::string_view foreignKind(std::string_view head) {
  using namespace std::string_view_literals;
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kMagic = {{
      {"\x1f\x8b"sv, "gzip-compressed"sv},
      {"PK\x03\x04"sv, "a zip archive (or a spreadsheet)"sv},
      {"\x89HDF\r\n\x1a\n"sv, "an HDF5 file"sv},
      {"\x89PNG"sv, "a PNG image"sv},
      {"\xff\xd8\xff"sv, "a JPEG image"sv},
      {"\x93NUMPY"sv, "a NumPy file"sv},
      {"%PDF"sv, "a PDF document"sv},
      {"SQLite format 3"sv, "an SQLite database"sv},
      {"version https://git-lfs"sv, "a Git LFS pointer"sv},
      {"\xff\xfe"sv, "UTF-16 text"sv},
      {"\xfe\xff"sv, "UTF-16 text"sv},
  }};
  for (const auto& [magic, kind] : kMagic)
    if (head.starts_with(magic)) return kind;
  std::string start(head.substr(0, 512));
  std::ranges::transform(start, start.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  const auto first = start.find_first_not_of(" \t\r\n\xef\xbb\xbf");
  const std::string_view body = first == std::string::npos ? ""sv : std::string_view(start).substr(first);
  if (body.starts_with("<!doctype html") || body.starts_with("<html")) return "a web page (HTML)";
  if (body.starts_with("<?xml") || body.starts_with("<svg")) return "an XML document";
  if (body.starts_with("{\"") || body.starts_with("[{\"")) return "a JSON document";
  return {};
}

}  // namespace layersmith
