#include "model/server/HttpMessage.h"
#include "model/server/MultipartParser.h"
#include "tests/support/ModelFixtures.h"

#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTest>

using namespace layersmith;
using namespace layersmith::fixtures;

namespace {

/// What was found, as one text a person can read.
class Recorder final : public FormReceiver {
 public:
  QByteArray text;
  void beginPart(const FormPart& part) override {
    text += "[" + QByteArray::fromStdString(part.name) + "|" + QByteArray::fromStdString(part.fileName) + "|" +
            QByteArray::fromStdString(part.contentType) + "]";
  }
  void partData(std::string_view bytes) override { text.append(bytes.data(), qsizetype(bytes.size())); }
  void endPart() override { text += "[/]"; }
};

/// The parts of a body that comes in pieces of these sizes, or "status message" of the refusal.
QByteArray parse(const QByteArray& body, const std::function<qsizetype()>& pieceSize, std::string_view boundary = "B") {
  Recorder recorder;
  try {
    MultipartParser parser(boundary, recorder);
    for (qsizetype at = 0; at < body.size();) {
      const qsizetype size = qMin(pieceSize(), body.size() - at);
      parser.write(std::string_view(body.constData() + at, std::size_t(size)));
      at += size;
    }
    parser.finish();
  } catch (const Refusal& refusal) {
    return QByteArray::number(refusal.status) + ' ' + QByteArray::fromStdString(refusal.message);
  }
  return recorder.text;
}

QByteArray parseWhole(const QByteArray& body) {
  return parse(body, [&] { return body.size(); });
}

QByteArray part(const QByteArray& head, const QByteArray& data) {
  return "--B\r\n" + head + "\r\n\r\n" + data + "\r\n";
}

const QByteArray kNamed = "Content-Disposition: form-data; name=\"a\"";

}  // namespace

class TestMultipartParser : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void finds_data();
  void finds();
  void refuses_data();
  void refuses();
  void takesCapturesInAnySplit_data();
  void takesCapturesInAnySplit();
  void refusesCutCaptures();
  void holdsLittle();
  void boundaries_data();
  void boundaries();
};

void TestMultipartParser::finds_data() {
  QTest::addColumn<QByteArray>("body");
  QTest::addColumn<QByteArray>("found");
  QTest::newRow("one") << part(kNamed, "data") + "--B--\r\n" << QByteArray("[a||]data[/]");
  QTest::newRow("no line end at the end") << part(kNamed, "data") + "--B--" << QByteArray("[a||]data[/]");
  QTest::newRow("empty part") << part(kNamed, "") + "--B--" << QByteArray("[a||][/]");
  QTest::newRow("two") << part(kNamed, "x") + part(kNamed + "; filename=\"f\"\r\nContent-Type: t/u", "y") + "--B--"
                       << QByteArray("[a||]x[/][a|f|t/u]y[/]");
  QTest::newRow("almost boundaries") << part(kNamed, "\r\n--\r\n--A\r\n-\r\r\n--") + "--B--"
                                     << QByteArray("[a||]\r\n--\r\n--A\r\n-\r\r\n--[/]");
  QTest::newRow("line ends in data") << part(kNamed, "\r\n\r\n") + "--B--" << QByteArray("[a||]\r\n\r\n[/]");
  QTest::newRow("preamble") << "read this\r\n" + part(kNamed, "x") + "--B--" << QByteArray("[a||]x[/]");
  QTest::newRow("space after boundary") << "--B \t\r\n" + kNamed + "\r\n\r\nx\r\n--B--" << QByteArray("[a||]x[/]");
  QTest::newRow("unquoted name") << part("Content-Disposition: form-data; name=a", "x") + "--B--"
                                 << QByteArray("[a||]x[/]");
  QTest::newRow("escaped name") << part("content-disposition:form-data;name=\"a\\\"b;c\"", "x") + "--B--"
                                << QByteArray("[a\"b;c||]x[/]");
  QTest::newRow("a path as file name") << part(kNamed + "; filename=\"../../etc/passwd\"", "x") + "--B--"
                                       << QByteArray("[a|../../etc/passwd|]x[/]");
  QTest::newRow("binary encoding") << part(kNamed + "\r\nContent-Transfer-Encoding: binary", "x") + "--B--"
                                   << QByteArray("[a||]x[/]");
  QTest::newRow("words after the end") << part(kNamed, "x") + "--B--\r\nepilogue" << QByteArray("[a||]x[/]");
}

void TestMultipartParser::finds() {
  QFETCH(QByteArray, body);
  QFETCH(QByteArray, found);
  QCOMPARE(parseWhole(body), found);
  for (qsizetype size = 1; size < 12; ++size) QCOMPARE(parse(body, [&] { return size; }), found);
}

void TestMultipartParser::refuses_data() {
  QTest::addColumn<QByteArray>("body");
  QTest::addColumn<QByteArray>("said");
  const QByteArray end = "--B--";
  QTest::newRow("nothing") << QByteArray("x") << QByteArray("400 .*ends too early");
  QTest::newRow("no end") << part(kNamed, "x") << QByteArray("400 .*ends too early");
  QTest::newRow("only an end") << QByteArray("--B") << QByteArray("400 .*ends too early");
  QTest::newRow("another boundary") << QByteArray(20'000, 'x') << QByteArray("400 .*does not begin");
  QTest::newRow("glued boundary") << part(kNamed, "x") + "--BB\r\n" << QByteArray("400 .*followed by something");
  QTest::newRow("no disposition") << part("Content-Type: a/b", "x") + end << QByteArray("400 .*does not say what");
  QTest::newRow("no header") << "--B\r\n\r\nx\r\n" + end << QByteArray("400 .*does not say what");
  QTest::newRow("no name") << part("Content-Disposition: form-data", "x") + end << QByteArray("400 .*no name");
  QTest::newRow("attachment") << part("Content-Disposition: attachment; name=\"a\"", "x") + end
                              << QByteArray("400 .*not form-data");
  QTest::newRow("two dispositions") << part(kNamed + "\r\n" + kNamed, "x") + end << QByteArray("400 .*twice");
  QTest::newRow("two names") << part(kNamed + "; name=\"b\"", "x") + end << QByteArray("400 .*two names");
  QTest::newRow("open quote") << part("Content-Disposition: form-data; name=\"a", "x") + end
                              << QByteArray("400 .*does not end");
  QTest::newRow("base64") << part(kNamed + "\r\nContent-Transfer-Encoding: base64", "x") + end
                          << QByteArray("400 .*encoded");
  QTest::newRow("no colon") << part(kNamed + "\r\nnonsense", "x") + end << QByteArray("400 .*no name");
  QTest::newRow("folded line") << part(kNamed + "\r\n more", "x") + end << QByteArray("400 .*no name");
  QTest::newRow("control character") << part(kNamed + "\r\nX: a\x01", "x") + end << QByteArray("400 .*control");
  QTest::newRow("long header") << part(kNamed + "\r\nX: " + QByteArray(9'000, 'x'), "x") + end
                               << QByteArray("413 .*header of a part");
  QTest::newRow("endless header") << "--B\r\nX: " + QByteArray(20'000, 'x') << QByteArray("413 .*header of a part");
  QTest::newRow("many parts") << part(kNamed, "x").repeated(17) + end << QByteArray("413 .*number of parts");
  QTest::newRow("long epilogue") << part(kNamed, "x") + end + QByteArray(20'000, 'x') << QByteArray("400 .*goes on");
}

void TestMultipartParser::refuses() {
  QFETCH(QByteArray, body);
  QFETCH(QByteArray, said);
  const QRegularExpression pattern(QString::fromLatin1(said));
  const auto matches = [&](const QByteArray& answer) { return pattern.match(QString::fromLatin1(answer)).hasMatch(); };
  QVERIFY2(matches(parseWhole(body)), parseWhole(body).constData());
  QVERIFY2(matches(parse(body, [] { return 1; })), parse(body, [] { return 1; }).constData());
}

void TestMultipartParser::takesCapturesInAnySplit_data() {
  QTest::addColumn<QString>("suffix");
  QTest::newRow("plain") << "";
  QTest::newRow("optimizer") << "_optimizer";
}

/// What Chromium sent, in 300 random splits: always the very bytes of the two parts.
void TestMultipartParser::takesCapturesInAnySplit() {
  QFETCH(QString, suffix);
  const QByteArray body = bytesOf(path(QStringLiteral("captures/multipart_body") + suffix + QStringLiteral(".bin")));
  const QByteArray boundary = body.mid(2, body.indexOf("\r\n") - 2);
  const QString name = suffix.isEmpty() ? QStringLiteral("plain") : QStringLiteral("optimizer");
  const QByteArray weights =
      bytesOf(path(QStringLiteral("captures/downloads/") + name + QStringLiteral(".weights.bin")));
  QByteArray json = bytesOf(path(QStringLiteral("captures/downloads/") + name + QStringLiteral(".json")));
  json.replace("./" + name.toLatin1() + ".weights.bin", "./model.weights.bin");
  const QByteArray expected = "[model.json|model.json|application/json]" + json +
                              "[/][model.weights.bin|model.weights.bin|application/octet-stream]" + weights + "[/]";
  QRandomGenerator random(7);
  for (int round = 0; round < 300; ++round) {
    const int most = 1 << random.bounded(12);
    const QByteArray found = parse(
        body, [&] { return 1 + random.bounded(most); }, boundary.toStdString());
    QCOMPARE(found, expected);
  }
}

void TestMultipartParser::refusesCutCaptures() {
  const QByteArray body = bytesOf(path(QStringLiteral("captures/multipart_body.bin")));
  const QByteArray boundary = body.mid(2, body.indexOf("\r\n") - 2);
  const qsizetype whole = body.trimmed().size();
  for (qsizetype size = 0; size < whole; ++size) {
    const QByteArray cut = body.left(size);
    QVERIFY2(parse(
                 cut, [&] { return qMax<qsizetype>(1, size); }, boundary.toStdString())
                 .startsWith("400 "),
             qPrintable(QString::number(size)));
  }
}

/// Data goes on as it comes: after each piece, all but what might begin a boundary was handed over.
void TestMultipartParser::holdsLittle() {
  Recorder recorder;
  MultipartParser parser("B", recorder);
  parser.write((part(kNamed, "x").toStdString()).substr(0, 5 + std::size_t(kNamed.size()) + 4));
  const qsizetype before = recorder.text.size();
  const std::string piece(65'536, '\r');
  for (int i = 1; i <= 20; ++i) {
    parser.write(piece);
    QVERIFY(recorder.text.size() - before >= i * 65'536 - 4);
  }
}

void TestMultipartParser::boundaries_data() {
  QTest::addColumn<QByteArray>("contentType");
  QTest::addColumn<QByteArray>("boundary");
  QTest::newRow("Chromium") << QByteArray("multipart/form-data; boundary=----WebKitFormBoundaryJc1KB9FNoX18lY5q")
                            << QByteArray("----WebKitFormBoundaryJc1KB9FNoX18lY5q");
  QTest::newRow("quoted") << QByteArray("Multipart/Form-Data; charset=x; Boundary=\"a b\"") << QByteArray("a b");
  QTest::newRow("none") << QByteArray("multipart/form-data") << QByteArray();
  QTest::newRow("two") << QByteArray("multipart/form-data; boundary=a; boundary=b") << QByteArray();
  QTest::newRow("another type") << QByteArray("multipart/mixed; boundary=a") << QByteArray();
  QTest::newRow("octets") << QByteArray("application/octet-stream") << QByteArray();
  QTest::newRow("too long") << "multipart/form-data; boundary=" + QByteArray(71, 'a') << QByteArray();
  QTest::newRow("longest") << "multipart/form-data; boundary=" + QByteArray(70, 'a') << QByteArray(70, 'a');
  QTest::newRow("bad letters") << QByteArray("multipart/form-data; boundary=\"a\r\nb\"") << QByteArray();
  QTest::newRow("empty") << QByteArray("multipart/form-data; boundary=\"\"") << QByteArray();
}

void TestMultipartParser::boundaries() {
  QFETCH(QByteArray, contentType);
  QFETCH(QByteArray, boundary);
  QCOMPARE(QByteArray::fromStdString(formBoundary(contentType.toStdString())), boundary);
}

QTEST_GUILESS_MAIN(TestMultipartParser)
#include "tst_MultipartParser.moc"
