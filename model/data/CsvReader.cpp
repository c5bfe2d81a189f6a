#include "model/core/Limits.h"
#include "model/data/CsvDialect.h"
#include "model/data/CsvParser.h"
#include "model/data/DataErrors.h"
#include "model/data/Readers.h"
#include "model/data/TableBuilder.h"

#include <QFile>
#include <QFileInfo>

namespace layersmith {

namespace {

constexpr qint64 kPieceBytes = 1 << 20;
constexpr qint64 kFirstPieceBytes = 1 << 16;  // a preview needs no more
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

QByteArray nextPiece(QFile& file, qint64 bytes) {
  QByteArray piece = file.read(bytes);
  if (piece.isEmpty() && file.error() != QFileDevice::NoError) throw openError(file.fileName(), file.errorString());
  return piece;
}

}  // namespace

std::shared_ptr<const RawData> readCsv(const QString& path, const CsvOptions& options, const ReadProgress& progress) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) throw openError(path, file.errorString());
  const QString name = QFileInfo(path).fileName();
  if (file.size() > limits::kCsvBytes)
    throw limitError(name, "the file's size in bytes", file.size(), limits::kCsvBytes);

  QByteArray piece = nextPiece(file, kFirstPieceBytes);
  std::string_view head(piece.constData(), std::size_t(piece.size()));
  if (const auto kind = foreignKind(head); !kind.empty())
    throw wrongKindError(name, kind, "a CSV table", "Choose a file with rows of text, saved as UTF-8.");
  if (head.starts_with(kByteOrderMark)) head.remove_prefix(kByteOrderMark.size());

  TableBuilder table(name, options);
  CsvParser parser(name, options.delimiter ? options.delimiter : guessDelimiter(head),
                   [&](const CsvRecord& record) { return table.add(record); });
  qint64 bytesRead = 0;
  bool wantsMore = true;
  while (!piece.isEmpty() && wantsMore) {
    wantsMore = parser.feed(head);
    bytesRead += piece.size();
    if (bytesRead > limits::kCsvBytes) throw limitError(name, "the file's size in bytes", bytesRead, limits::kCsvBytes);
    if (progress && !progress(bytesRead, std::max(bytesRead, file.size()))) return table.finish();
    if (wantsMore) piece = nextPiece(file, kPieceBytes);
    head = {piece.constData(), std::size_t(piece.size())};
  }
  parser.finish();
  return table.finish();
}

}  // namespace layersmith
