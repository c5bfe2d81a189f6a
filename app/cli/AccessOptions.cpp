#include "app/cli/AccessOptions.h"

#include "app/cli/Program.h"
#include "model/storage/http/HttpRequest.h"

namespace layersmith {

void AccessOptions::addTo(CLI::App& command, const char* group) {
  const std::string where = m_prefix == "--" ? "an http(s):// place" : "the second of two servers";
  command.add_option(option("header"), m_headers, "Send this header to " + where + " (repeatable)")
      ->type_name("KEY:VALUE")
      ->allow_extra_args(false)
      ->group(group);
  command
      .add_option(option("auth-env"), m_variable,
                  "Environment variable that holds the token or Authorization value for " + where)
      ->type_name("VARIABLE")
      ->group(group);
  command
      .add_option(option("auth"), m_kind,
                  "How to send it: bearer, basic (USER:PASSWORD), or the name of a header of your own")
      ->type_name("KIND")
      ->capture_default_str()
      ->group(group);
}

void AccessOptions::applyTo(HttpOptions& options) const {
  options.headers.clear();
  for (const std::string& header : m_headers) options.headers.append(headerIn(header));
  if (m_variable.empty() && m_kind != kBearer)
    throw usageError(option("auth ") + m_kind + " says how to send a secret, but none was named.",
                     "Put it into an environment variable and name that: " + option("auth-env") + " VARIABLE.");
  if (!m_variable.empty()) addSecret(options);
}

std::pair<QString, QString> AccessOptions::headerIn(const std::string& text) const {
  const auto colon = text.find(':');
  if (colon == std::string::npos || colon == 0)
    throw usageError(option("header") + " needs the form KEY:VALUE; found '" + text + "'.");
  const QString key = QString::fromStdString(text.substr(0, colon)).trimmed();
  if (isSecretHeader(key))
    throw usageError("A secret does not belong on the command line, where others can read it.",
                     "Put it into an environment variable and name that: " + option("auth-env") + " VARIABLE" +
                         (key.compare(QLatin1String("authorization"), Qt::CaseInsensitive) == 0
                              ? "."
                              : " " + option("auth ") + key.toStdString() + "."));
  // Not trimmed before it is checked: a line break at the end is one too.
  const QString value = QString::fromStdString(text.substr(colon + 1));
  if (const QString problem = headerProblem(key, value); !problem.isEmpty()) throw usageError(problem.toStdString());
  return {key, value.trimmed()};
}

void AccessOptions::addSecret(HttpOptions& options) const {
  const QString value = qEnvironmentVariable(m_variable.c_str());
  if (value.isEmpty()) throw usageError("The environment variable " + m_variable + " is not set.");
  const bool isOwn = m_kind != "basic" && m_kind != kBearer;
  const QString name = isOwn ? QString::fromStdString(m_kind) : QStringLiteral("Authorization");
  if (const QString problem = headerProblem(name, value); !problem.isEmpty())
    throw usageError(problem.toStdString(),
                     "See " + option("auth") + ", and what the variable " + m_variable + " holds.");
  if (m_kind == "basic") {
    const qsizetype colon = value.indexOf(QLatin1Char(':'));
    if (colon < 0) throw usageError(option("auth") + " basic needs USER:PASSWORD in " + m_variable + ".");
    options.setBasicAuth(value.left(colon), value.mid(colon + 1));
  } else if (isOwn) {
    options.headers.append({name, value});
  } else if (value.contains(QLatin1Char(' '))) {
    options.headers.append({QStringLiteral("Authorization"), value});
  } else {
    options.setBearerToken(value);
  }
}

}  // namespace layersmith
