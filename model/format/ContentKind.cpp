#include "model/format/ContentKind.h"

#include "model/core/Error.h"

namespace layersmith {

namespace {

Error webPage(const QString& source, int httpStatus) {
  if (!source.contains(QStringLiteral("://")))
    return {
        ErrorKind::Format,
        QStringLiteral(
            "%1 holds a web page, not a model: what was saved is a server's answer. Download the file itself again.")
            .arg(source)
            .toStdString(),
        "E101", source.toStdString()};
  const QString status = httpStatus ? QStringLiteral(" (status %1)").arg(httpStatus) : QString();
  return {ErrorKind::Format,
          QStringLiteral("%1 returned a web page%2, not a model. Check the address; open it in a browser.")
              .arg(source, status)
              .toStdString(),
          "E101", source.toStdString()};
}

Error wrongKind(const QString& source, ContentKind kind, const QString& expected) {
  QString advice;
  switch (kind) {
    case ContentKind::GitLfsPointer: advice = QStringLiteral("Fetch the real file with `git lfs pull`."); break;
    case ContentKind::Gzip: advice = QStringLiteral("Unpack it first (gunzip)."); break;
    case ContentKind::Zip: advice = QStringLiteral("Unpack it first, then open the model.json inside."); break;
    case ContentKind::Hdf5:
      advice = QStringLiteral("Convert the Keras file with tensorflowjs_converter, then open the result.");
      break;
    case ContentKind::Pickle: advice = QStringLiteral("Pickles can hold code and are never opened."); break;
    default: advice = QStringLiteral("Copy or download it again."); break;
  }
  return {ErrorKind::Format,
          QStringLiteral("%1 is a %2, not %3. %4").arg(source, displayName(kind), expected, advice).toStdString(),
          "E102", source.toStdString()};
}

}  // namespace

ContentKind sniffContent(QByteArrayView bytes) {
  const auto startsWith = [&](QByteArrayView prefix) { return bytes.startsWith(prefix); };
  if (bytes.isEmpty()) return ContentKind::Empty;
  if (startsWith("\x1f\x8b\x08")) return ContentKind::Gzip;
  if (startsWith("PK\x03\x04")) return ContentKind::Zip;
  if (startsWith("\x89HDF\r\n\x1a\n")) return ContentKind::Hdf5;
  if (bytes.size() > 2 && bytes[0] == '\x80' && bytes[1] >= 2 && bytes[1] <= 5) return ContentKind::Pickle;
  if (startsWith("version https://git-lfs")) return ContentKind::GitLfsPointer;

  if (startsWith("\xef\xbb\xbf")) bytes = bytes.sliced(3);
  while (!bytes.isEmpty() && (bytes[0] == ' ' || bytes[0] == '\n' || bytes[0] == '\r' || bytes[0] == '\t'))
    bytes = bytes.sliced(1);
  if (bytes.isEmpty()) return ContentKind::Empty;
  if (bytes[0] == '{' || bytes[0] == '[') return ContentKind::JsonText;
  if (bytes[0] == '<') {
    const QByteArray head = bytes.first(qMin<qsizetype>(bytes.size(), 64)).toByteArray().toLower();
    for (const char* tag : {"<!doctype", "<html", "<head", "<body", "<?xml", "<title", "<!--"})
      if (head.startsWith(tag)) return ContentKind::Html;
  }
  return ContentKind::Unknown;
}

QString displayName(ContentKind kind) {
  switch (kind) {
    case ContentKind::JsonText: return QStringLiteral("JSON text");
    case ContentKind::Html: return QStringLiteral("web page");
    case ContentKind::GitLfsPointer: return QStringLiteral("git-lfs pointer");
    case ContentKind::Gzip: return QStringLiteral("gzip file");
    case ContentKind::Zip: return QStringLiteral("zip archive");
    case ContentKind::Hdf5: return QStringLiteral("Keras HDF5 file");
    case ContentKind::Pickle: return QStringLiteral("Python pickle");
    case ContentKind::Empty: return QStringLiteral("file without content");
    case ContentKind::Unknown: return QStringLiteral("file of an unknown kind");
  }
  return {};
}

void requireModelJson(QByteArrayView bytes, const QString& source, int httpStatus) {
  const ContentKind kind = sniffContent(bytes);
  if (kind == ContentKind::Html) throw webPage(source, httpStatus);
  if (kind != ContentKind::JsonText && kind != ContentKind::Unknown)
    throw wrongKind(source, kind, QStringLiteral("a model.json"));
}

void requireWeights(QByteArrayView bytes, const QString& source, int httpStatus) {
  const ContentKind kind = sniffContent(bytes);
  if (kind == ContentKind::Html) throw webPage(source, httpStatus);
  for (const ContentKind other : {ContentKind::GitLfsPointer, ContentKind::Gzip, ContentKind::Zip, ContentKind::Hdf5})
    if (kind == other) throw wrongKind(source, kind, QStringLiteral("a weight file"));
}

}  // namespace layersmith
