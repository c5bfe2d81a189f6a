#include "model/core/Error.h"
#include "model/data/Readers.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <clocale>
#include <cmath>
#include <optional>

using namespace layersmith;

class tst_CsvReader : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void readsDialects_data();
  void readsDialects();
  void refusesBadFiles_data();
  void refusesBadFiles();
  void countsMissingValues();
  void keepsQuotedCells();
  void namesColumns();
  void numbersIgnoreTheLocale();
  void skipsBadRowsWhenAsked();
  void readsNumbersAsTextWhenAsked();
  void previewsALargeFileAtOnce();
  void stopsWhenToldTo();
  void guessesRoles();

 private:
  QString write(const QByteArray& bytes) {
    const QString path = m_folder.filePath(QStringLiteral("table.csv"));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
      qFatal("cannot write %s", qPrintable(path));
    return path;
  }
  std::shared_ptr<const RawData> read(const QByteArray& bytes, const CsvOptions& options = {}) {
    return readCsv(write(bytes), options);
  }

  QTemporaryDir m_folder;
};

void tst_CsvReader::readsDialects_data() {
  QTest::addColumn<QByteArray>("bytes");
  QTest::addColumn<bool>("hasHeader");
  const QByteArray plain = "a,b,kind\n1,2.5,x\n-3,4e2,y\n";
  QTest::newRow("plain") << plain << true;
  QTest::newRow("no line end at the end") << plain.chopped(1) << true;
  QTest::newRow("CRLF") << QByteArray(plain).replace("\n", "\r\n") << true;
  QTest::newRow("CR") << QByteArray(plain).replace("\n", "\r") << true;
  QTest::newRow("byte order mark") << QByteArray("\xef\xbb\xbf" + plain) << true;
  QTest::newRow("semicolon") << QByteArray(plain).replace(",", ";") << true;
  QTest::newRow("tab") << QByteArray(plain).replace(",", "\t") << true;
  QTest::newRow("bar") << QByteArray(plain).replace(",", "|") << true;
  QTest::newRow("quotes") << QByteArray("\"a\",\"b\",\"kind\"\n\"1\",\"2.5\",\"x\"\n\"-3\",\"4e2\",\"y\"\n") << true;
  QTest::newRow("spaces") << QByteArray("a, b, kind\n 1 , 2.5, x\n-3,+400 , \"y\"\n") << true;
  QTest::newRow("blank lines") << QByteArray("\na,b,kind\n\n1,2.5,x\n  \n-3,4e2,y\n\n") << true;
  QTest::newRow("no header") << QByteArray("1,2.5,x\n-3,4e2,y\n") << false;
}

void tst_CsvReader::readsDialects() {
  QFETCH(QByteArray, bytes);
  QFETCH(bool, hasHeader);
  const auto raw = read(bytes);
  QCOMPARE(raw->rows, std::int64_t(2));
  QCOMPARE(raw->columns.size(), std::size_t(3));
  QCOMPARE(raw->hasColumnNames, hasHeader);
  QCOMPARE(raw->columns[2].name, hasHeader ? QStringLiteral("kind") : QStringLiteral("column3"));
  QCOMPARE(raw->columns[0].numbers, (std::vector<double>{1, -3}));
  QCOMPARE(raw->columns[1].numbers, (std::vector<double>{2.5, 400}));
  QVERIFY(!raw->columns[2].isNumeric);
  QCOMPARE(raw->columns[2].texts, (QStringList{QStringLiteral("x"), QStringLiteral("y")}));
  QCOMPARE(raw->columns[2].numbers, (std::vector<double>{0, 1}));
}

void tst_CsvReader::refusesBadFiles_data() {
  QTest::addColumn<QByteArray>("bytes");
  QTest::addColumn<QString>("code");
  QTest::addColumn<QString>("message");
  const auto row = [](const char* name, const QByteArray& bytes, const char* code, const char* message) {
    QTest::newRow(name) << bytes << QString::fromLatin1(code) << QString::fromLatin1(message);
  };
  row("short row", "a,b,c\n1,2,3\n4,5\n7,8,9\n", "E140",
      "table.csv, row 3, column 3: this row has 2 cells, the first row has 3; found '4,5'.");
  row("long row", "a,b\n1,2\n\n4,5,6\n", "E140",
      "table.csv, row 4, column 3: this row has 3 cells, the first row has 2; found '4,5,6'.");
  row("text in a number column", "a,b\n1,2\n3,4\n5,six\n", "E140",
      "table.csv, row 4, column 2 (`b`): a number is expected in this column; found 'six'.");
  row("infinity", "a,b\n1,2\n3,4\n5,inf\n", "E140",
      "table.csv, row 4, column 2 (`b`): a number is expected in this column; found 'inf'.");
  row("long text is cut", "a,b\n1,2\n3,4\n5," + QByteArray(100, 'x') + "\n", "E140",
      "table.csv, row 4, column 2 (`b`): a number is expected in this column; found "
      "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...'.");
  row("unclosed quote", "a,b\n1,2\n3,\"four\n5,6\n", "E140",
      "table.csv, row 3, column 2: a quote opens here and is never closed; found 'four 5,6 '.");
  row("text behind a quote", "a,b\n1,\"2\"x\n", "E140",
      "table.csv, row 2, column 2: text after a closing quote; found 'x'.");
  row("decimal comma", "a;b\n1,5;2\n3,25;4\n", "E140",
      "table.csv, row 2, column 1 (`a`): a number needs a decimal point, not a comma; found '1,5'.");
  row("decimal comma without header", "1,5;2,5\n3,5;4,5\n", "E140",
      "table.csv, row 1, column 1 (`column1`): a number needs a decimal point, not a comma; found '1,5'.");
  row("empty", "", "E140", "table.csv: the file is empty; there are no rows to read.");
  row("blank", "\n \n\r\n", "E140", "table.csv: the file is empty; there are no rows to read.");
  row("header only", "a,b\n", "E140", "table.csv: there are no rows below the header.");
  row("HTML", "<!DOCTYPE html><html><body>404</body></html>", "E102",
      "table.csv is a web page (HTML), not a CSV table.");
  row("gzip", QByteArray("\x1f\x8b\x08\x00", 4), "E102", "table.csv is gzip-compressed, not a CSV table.");
  row("spreadsheet", "PK\x03\x04rest", "E102", "table.csv is a zip archive (or a spreadsheet), not a CSV table.");
  row("UTF-16",
      QByteArray("\xff\xfe"
                 "a\0,\0",
                 6),
      "E102", "table.csv is UTF-16 text, not a CSV table.");
  row("binary", QByteArray("1,2\n3,\0\0\1\n", 11), "E102", "table.csv is binary data, not a CSV table.");
  row("huge cell", "a,b\n1," + QByteArray((1 << 20) + 1, '7') + "\n", "E130",
      "table.csv: a cell's length in bytes is 1,048,577; the limit is 1,048,576.");
  row("too many columns", QByteArray(100'001, ','), "E130",
      "table.csv: the number of columns is 100,001; the limit is 100,000.");
}

void tst_CsvReader::refusesBadFiles() {
  QFETCH(QByteArray, bytes);
  QFETCH(QString, code);
  QFETCH(QString, message);
  std::optional<Error> error;
  try {
    read(bytes);
  } catch (const Error& caught) {
    error = caught;
  }
  QVERIFY2(error, "the file was accepted");
  QCOMPARE(QString::fromStdString(error->message()), message);
  QCOMPARE(QString::fromStdString(error->code()), code);
}

void tst_CsvReader::countsMissingValues() {
  const auto raw = read("a,b,c\n1,NA,\n,x,\n?,null,\n4,y,\nNaN,y,n/a\n");
  QCOMPARE(raw->columns[0].missing, std::int64_t(3));
  QVERIFY(std::isnan(raw->columns[0].numbers[1]));
  QCOMPARE(raw->columns[1].missing, std::int64_t(2));
  QCOMPARE(raw->columns[1].numbers, (std::vector<double>{-1, 0, -1, 1, 1}));
  QCOMPARE(raw->columns[2].missing, std::int64_t(5));
  QVERIFY(raw->columns[2].isConstant);
  QVERIFY(!raw->columns[0].isConstant);
}

void tst_CsvReader::keepsQuotedCells() {
  const auto raw =
      read("name,n\n\"Smith, J.\",1\n\"say \"\"hi\"\"\",2\n\"two\nlines\",3\nGr\xc3\xbc\xc3\x9f,4\n\xe9t\xe9,5\n");
  QCOMPARE(raw->columns[0].texts,
           (QStringList{QStringLiteral("Smith, J."), QStringLiteral("say \"hi\""), QStringLiteral("two\nlines"),
                        QStringLiteral("Grüß"), QStringLiteral("été")}));
}

void tst_CsvReader::namesColumns() {
  const auto raw = read("a,,a\n1,2,3\n");
  QCOMPARE(raw->columns[1].name, QStringLiteral("column2"));
  QCOMPARE(raw->columns[2].name, QStringLiteral("a_2"));
  QCOMPARE(raw->remarks.size(), 1);
  CsvOptions options;
  options.header = CsvOptions::Header::No;
  QCOMPARE(read("1,2\n3,4\n", options)->rows, std::int64_t(2));
  options.header = CsvOptions::Header::Yes;
  QCOMPARE(read("1,2\n3,4\n", options)->columns[0].name, QStringLiteral("1"));
}

void tst_CsvReader::numbersIgnoreTheLocale() {
  const QByteArray before = std::setlocale(LC_ALL, nullptr);
  std::setlocale(LC_ALL, "de_DE.UTF-8");
  const auto raw = read("a,b\n1.5,2.5e-3\n");
  std::setlocale(LC_ALL, before.constData());
  QCOMPARE(raw->columns[0].numbers[0], 1.5);
  QCOMPARE(raw->columns[1].numbers[0], 0.0025);
}

void tst_CsvReader::skipsBadRowsWhenAsked() {
  CsvOptions options;
  options.skipBadRows = true;
  const auto raw = read("a,b\n1,2\n3\n4,five\n6,7\n8,9\n", options);
  QCOMPARE(raw->columns[0].numbers, (std::vector<double>{1, 6, 8}));
  QCOMPARE(raw->remarks, QStringList{QStringLiteral("2 rows could not be read; they are left out.")});
}

void tst_CsvReader::readsNumbersAsTextWhenAsked() {
  CsvOptions options;
  options.textColumns = {QStringLiteral("zip")};
  const auto raw = read("zip,b\n01234,2\n01235,3\n", options);
  QCOMPARE(raw->columns[0].texts, (QStringList{QStringLiteral("01234"), QStringLiteral("01235")}));
}

void tst_CsvReader::previewsALargeFileAtOnce() {
  const QString path = m_folder.filePath(QStringLiteral("large.csv"));
  QFile file(path);
  QVERIFY(file.open(QIODevice::WriteOnly));
  file.write("a,b,c,label\n");
  const QByteArray block = QByteArray("0.1234567,1.2345678,-2.3456789,1\n").repeated(32 * 1024);
  for (int i = 0; i < 100; ++i) file.write(block);
  file.close();
  QVERIFY(file.size() > 100'000'000);
  CsvOptions options;
  options.maxRows = 100;
  QElapsedTimer timer;
  timer.start();
  std::int64_t read = 0;
  const auto raw = readCsv(path, options, [&](std::int64_t bytes, std::int64_t) {
    read = bytes;
    return true;
  });
  qInfo("preview of %lld MB: %lld ms, %lld bytes read", file.size() / 1'000'000, timer.elapsed(), (long long)read);
  QCOMPARE(raw->rows, std::int64_t(100));
  QVERIFY(read <= 65'536);
  file.remove();
}

void tst_CsvReader::stopsWhenToldTo() {
  const QString path = write("a,b\n" + QByteArray("1,2\n").repeated(1'000'000));
  const auto raw = readCsv(path, {}, [](std::int64_t, std::int64_t) { return false; });
  QVERIFY(raw->rows > 1000 && raw->rows < 1'000'000);
}

void tst_CsvReader::guessesRoles() {
  QByteArray bytes = "id,size,colour,note,same,species\n";
  for (int i = 1; i <= 60; ++i)
    bytes += QByteArray::number(i) + "," + QByteArray::number(i * 0.5) + (i % 2 ? ",red,note" : ",blue,note") +
             QByteArray::number(i) + ",7," +
             (i % 3 == 0   ? "a"
              : i % 3 == 1 ? "b"
                           : "c") +
             "\n";
  const DataRecipe recipe = guessRecipe(*read(bytes), QStringLiteral("x.csv"));
  QCOMPARE(recipe.columns[0].role, ColumnRole::Ignore);
  QCOMPARE(recipe.columns[1].role, ColumnRole::Feature);
  QCOMPARE(recipe.columns[1].scaling, ColumnScaling::Standard);
  QVERIFY(recipe.columns[2].isCategorical);
  QCOMPARE(recipe.columns[3].role, ColumnRole::Ignore);
  QCOMPARE(recipe.columns[4].role, ColumnRole::Ignore);
  QCOMPARE(recipe.columns[5].role, ColumnRole::Target);
  QCOMPARE(recipe.classNames, (QStringList{QStringLiteral("b"), QStringLiteral("c"), QStringLiteral("a")}));
  QCOMPARE(recipe.targetEncoding, TargetEncoding::OneHot);

  const DataRecipe binary = guessRecipe(*read("a,b\n1,0\n2,1\n3,0\n4,1\n"), QString());
  QCOMPARE(binary.targetEncoding, TargetEncoding::ClassIndex);
  QCOMPARE(binary.classNames, (QStringList{QStringLiteral("0"), QStringLiteral("1")}));
  const DataRecipe regression = guessRecipe(*read("a,b\n1,0.5\n2,1\n3,0\n4,1\n"), QString());
  QCOMPARE(regression.targetEncoding, TargetEncoding::Number);
  QVERIFY(!regression.isClassification());
}

QTEST_GUILESS_MAIN(tst_CsvReader)
#include "tst_CsvReader.moc"
