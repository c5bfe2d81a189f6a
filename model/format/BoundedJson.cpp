#include "model/format/BoundedJson.h"

#include "model/core/Error.h"

#include <string>
#include <unordered_set>
#include <vector>

namespace layersmith {

namespace {

/// Builds the tree while it counts. Members are appended without nlohmann's linear search for the key, which is
/// quadratic; the set of keys per open object refuses duplicates instead.
class TreeBuilder {
 public:
  TreeBuilder(const QString& fileName, const JsonLimits& jsonLimits) : m_fileName(fileName), m_limits(jsonLimits) {}

  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(std::int64_t value) { return add(value); }
  bool number_unsigned(std::uint64_t value) { return add(value); }
  bool number_float(double value, const std::string&) { return add(value); }
  bool binary(Json::binary_t&) { return false; }
  bool string(std::string& value) {
    requireAtMost("a text", std::int64_t(value.size()), m_limits.stringBytes, "json.stringBytes");
    return add(std::move(value));
  }

  bool start_object(std::size_t) {
    m_keys.emplace_back();
    return open(Json::object());
  }
  bool end_object() {
    m_keys.pop_back();
    m_open.pop_back();
    return true;
  }
  bool start_array(std::size_t) { return open(Json::array()); }
  bool end_array() {
    m_open.pop_back();
    return true;
  }

  bool key(std::string& name) {
    requireAtMost("a key", std::int64_t(name.size()), m_limits.stringBytes, "json.stringBytes");
    if (!m_keys.back().insert(name).second) {
      m_duplicateKey = name;
      return false;
    }
    m_pendingKey = std::move(name);
    return true;
  }

  template <class Exception>
  bool parse_error(std::size_t position, const std::string&, const Exception& exception) {
    m_errorPosition = position;
    m_reason = exception.what();
    return false;
  }

  Json& root() { return m_root; }
  const std::string& duplicateKey() const { return m_duplicateKey; }
  std::size_t errorPosition() const { return m_errorPosition; }
  std::string reason() const {
    const std::size_t start = m_reason.find("syntax error ");
    std::string text = start == std::string::npos ? m_reason : m_reason.substr(start + 13);
    if (text.starts_with("while ")) text.erase(0, 6);
    return text;
  }

 private:
  void requireAtMost(const char* what, std::int64_t found, std::int64_t limit, const char* key) const {
    if (found <= limit) return;
    throw Error(ErrorKind::LimitExceeded,
                QStringLiteral("%1: %2 is %3; the limit is %4%5.")
                    .arg(m_fileName, QString::fromLatin1(what))
                    .arg(found)
                    .arg(limit)
                    .arg(key ? QStringLiteral(" (setting %1)").arg(QLatin1String(key)) : QString())
                    .toStdString(),
                "E130", m_fileName.toStdString());
  }

  template <class Value>
  Json* place(Value&& value) {
    requireAtMost("the number of values", ++m_values, m_limits.values, "json.values");
    if (m_open.empty()) {
      m_root = std::forward<Value>(value);
      return &m_root;
    }
    Json& parent = *m_open.back();
    if (parent.is_array()) {
      parent.push_back(std::forward<Value>(value));
      return &parent.back();
    }
    auto& members = static_cast<Json::object_t::Container&>(parent.get_ref<Json::object_t&>());
    return &members.emplace_back(std::move(m_pendingKey), std::forward<Value>(value)).second;
  }

  template <class Value>
  bool add(Value&& value) {
    place(Json(std::forward<Value>(value)));
    return true;
  }

  bool open(Json container) {
    requireAtMost("the nesting depth", std::int64_t(m_open.size()) + 1, m_limits.depth, nullptr);
    m_open.push_back(place(std::move(container)));
    return true;
  }

  const QString& m_fileName;
  const JsonLimits& m_limits;
  Json m_root;
  std::vector<Json*> m_open;
  std::vector<std::unordered_set<std::string>> m_keys;
  std::string m_pendingKey;
  std::int64_t m_values = 0;
  std::string m_duplicateKey;
  std::size_t m_errorPosition = 0;
  std::string m_reason;
};

Error broken(QByteArrayView text, const QString& fileName, std::size_t position, const std::string& reason) {
  const QByteArrayView before = text.first(qMin<qsizetype>(text.size(), qsizetype(position)));
  const qsizetype line = before.count('\n') + 1;
  const qsizetype column = before.size() - (before.lastIndexOf('\n') + 1);
  return {ErrorKind::Format,
          QStringLiteral("%1, line %2, column %3: %4.")
              .arg(fileName)
              .arg(line)
              .arg(qMax<qsizetype>(column, 1))
              .arg(QString::fromStdString(reason))
              .toStdString(),
          "E103", fileName.toStdString()};
}

}  // namespace

Json parseBoundedJson(QByteArrayView text, const QString& fileName, const JsonLimits& jsonLimits) {
  if (text.size() > jsonLimits.bytes)
    throw Error(ErrorKind::LimitExceeded,
                QStringLiteral("%1 is %2 bytes; the limit is %3 (setting json.bytes).")
                    .arg(fileName)
                    .arg(text.size())
                    .arg(jsonLimits.bytes)
                    .toStdString(),
                "E130", fileName.toStdString());
  TreeBuilder builder(fileName, jsonLimits);
  if (Json::sax_parse(text.begin(), text.end(), &builder)) return std::move(builder.root());
  if (!builder.duplicateKey().empty()) {
    const QByteArray quoted = '"' + QByteArray::fromStdString(builder.duplicateKey()) + '"';
    const qsizetype first = text.indexOf(quoted);
    const qsizetype second = first < 0 ? -1 : text.indexOf(quoted, first + 1);
    throw broken(text, fileName, std::size_t(qMax<qsizetype>(second < 0 ? first : second, 0)) + 1,
                 "the key \"" + builder.duplicateKey() + "\" stands twice in one object");
  }
  throw broken(text, fileName, builder.errorPosition(), builder.reason());
}

}  // namespace layersmith
