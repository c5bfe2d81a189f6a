#pragma once

#include "model/core/Error.h"
#include "model/format/ModelArtifacts.h"

#include <QString>

#include <string>
#include <vector>

namespace layersmith {

/// What the program says. As text: lines on standard output, warnings and progress on standard error. With --json:
/// exactly one object {"ok", "command", "result", "warnings", "error"} on standard output.
class Output {
 public:
  enum class Progress { None, Lines, Bar, JsonLines };

  void configure(bool isJson, bool isQuiet, const std::string& progress);

  void line(const QString& text = {});  ///< nothing with --json or --quiet
  void print(const QByteArray& text);   ///< a line on standard output, always
  void requireWhole() const;            ///< Errors: Io when some of standard output could not be written
  void warn(const std::string& message);
  /// What a person must know also with --quiet or --json: a line on standard error.
  void tell(const std::string& message);
  void finish(const std::string& command, const Json& result);
  void fail(const std::string& command, const Error& error);

  Progress progress() const { return m_progress; }
  bool isJson() const { return m_isJson; }
  bool isText() const { return !m_isJson && !m_isQuiet; }
  QString bold(const QString& text) const;  ///< only on a terminal, unless NO_COLOR is set
  QString dim(const QString& text) const;
  static bool isColoured(int fileDescriptor);

 private:
  bool m_isJson = false;
  bool m_isQuiet = false;
  bool m_isColoured = false;
  Progress m_progress = Progress::Lines;
  std::vector<std::string> m_warnings;
  int m_loss = 0;  ///< errno of the first write to standard output that failed
};

/// "1,234,567"
QString groupedText(std::int64_t number);

/// "12.3 KB"
QString sizeText(std::int64_t bytes);

/// Four significant digits: "0.9667", "1.2e-07".
QString numberText(double value);

}  // namespace layersmith
