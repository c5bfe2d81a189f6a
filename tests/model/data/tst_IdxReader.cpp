#include "model/core/Error.h"
#include "model/data/Readers.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <zlib.h>
#include <optional>

using namespace layersmith;

namespace {

QByteArray header(std::initializer_list<quint32> dims, char type = 8) {
  QByteArray bytes("\0\0", 2);
  bytes += type;
  bytes += char(dims.size());
  for (quint32 dim : dims)
    for (int shift = 24; shift >= 0; shift -= 8) bytes += char(dim >> shift);
  return bytes;
}

QByteArray gzip(const QByteArray& bytes) {
  z_stream stream = {};
  deflateInit2(&stream, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
  QByteArray out(qsizetype(deflateBound(&stream, uLong(bytes.size()))), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.constData()));
  stream.avail_in = uInt(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = uInt(out.size());
  deflate(&stream, Z_FINISH);
  out.truncate(qsizetype(stream.total_out));
  deflateEnd(&stream);
  return out;
}

}  // namespace

class tst_IdxReader : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void readsPairs_data();
  void readsPairs();
  void refusesBadFiles_data();
  void refusesBadFiles();
  void namesAMissingFile();
  void readsMnist();

 private:
  QString write(const char* name, const QByteArray& bytes) {
    const QString path = m_folder.filePath(QString::fromLatin1(name));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) qFatal("cannot write %s", name);
    return path;
  }

  QTemporaryDir m_folder;
};

void tst_IdxReader::readsPairs_data() {
  QTest::addColumn<QByteArray>("images");
  QTest::addColumn<QByteArray>("labels");
  QTest::addColumn<qint64>("channels");
  const QByteArray images = header({2, 2, 3}) + QByteArray("abcdefABCDEF");
  const QByteArray labels = header({2}) + QByteArray("\x01\x07");
  QTest::newRow("plain") << images << labels << qint64(1);
  QTest::newRow("gzip") << gzip(images) << gzip(labels) << qint64(1);
  QTest::newRow("one packed") << gzip(images) << labels << qint64(1);
  QTest::newRow("channels") << header({2, 2, 1, 3}) + QByteArray("abcdefABCDEF") << labels << qint64(3);
}

void tst_IdxReader::readsPairs() {
  QFETCH(QByteArray, images);
  QFETCH(QByteArray, labels);
  QFETCH(qint64, channels);
  const auto raw = readIdx(write("images", images), write("labels", labels));
  QCOMPARE(raw->rows, std::int64_t(2));
  QCOMPARE(raw->imageShape[2], channels);
  QCOMPARE(raw->pixels.size(), std::size_t(12));
  QCOMPARE(raw->pixels[6], std::uint8_t('A'));
  QCOMPARE(raw->labels, (std::vector<std::int32_t>{1, 7}));
  const DataRecipe recipe = guessRecipe(*raw, QStringLiteral("images"));
  QCOMPARE(recipe.kind, QStringLiteral("idx"));
  QCOMPARE(recipe.classNames.size(), 8);
}

void tst_IdxReader::refusesBadFiles_data() {
  QTest::addColumn<QByteArray>("images");
  QTest::addColumn<QByteArray>("labels");
  QTest::addColumn<QString>("code");
  QTest::addColumn<QString>("text");
  const QByteArray pixels("abcdefABCDEF");
  const QByteArray images = header({2, 2, 3}) + pixels;
  const QByteArray labels = header({2}) + QByteArray("\x01\x07");
  const auto row = [](const char* name, const QByteArray& i, const QByteArray& l, const char* code, const char* text) {
    QTest::newRow(name) << i << l << QString::fromLatin1(code) << QString::fromLatin1(text);
  };
  row("empty", "", labels, "E140", "too short");
  row("not IDX", "<!DOCTYPE html>", labels, "E102", "not an IDX file");
  row("truncated", images.chopped(1), labels, "E110", "names 12 values, the file holds only 11");
  row("surplus", images + "x", labels, "E110", "names 12 values, the file holds more");
  row("header cut", images.left(9), labels, "E140", "ends within its header");
  row("lying count", header({4'000'000, 28, 28}) + pixels, labels, "E110",
      "names 3,136,000,000 values, the file holds only 12");
  row("overflowing count", header({0xffffffff, 0xffffffff, 0xffffffff}) + pixels, labels, "E130", "the limit is");
  row("floats", header({2, 2, 3}, 0x0d) + pixels, labels, "E140", "type 13");
  row("no axes", header({}) + pixels, labels, "E140", "names 0 axes");
  row("nine axes", header({1, 1, 1, 1, 1, 1, 1, 1, 12}) + pixels, labels, "E140", "names 9 axes");
  row("images with one axis", header({12}) + pixels, labels, "E140", "images need 3 axes");
  row("labels are images", images, images, "E140", "labels need 1 axis");
  row("other number of labels", images, header({3}) + QByteArray("\1\2\3"), "E140", "3 labels for 2 images");
  row("no images", header({0, 28, 28}), header({0}), "E140", "no images");
  row("gzip cut", gzip(images).chopped(10), labels, "E140", "ends early");
  row("gzip damaged", gzip(images).chopped(8) + "wrongsum", labels, "E140", "damaged");
  row("gzip bomb", gzip(header({16, 1024, 1024}) + QByteArray(16 << 20, '\0')), labels, "E130", "ratio");
}

void tst_IdxReader::refusesBadFiles() {
  QFETCH(QByteArray, images);
  QFETCH(QByteArray, labels);
  QFETCH(QString, code);
  QFETCH(QString, text);
  std::optional<Error> error;
  try {
    readIdx(write("images", images), write("labels", labels));
  } catch (const Error& caught) {
    error = caught;
  }
  QVERIFY2(error, "the files were accepted");
  const QString message = QString::fromStdString(error->message());
  QVERIFY2(message.contains(text), qPrintable(message));
  QCOMPARE(QString::fromStdString(error->code()), code);
}

void tst_IdxReader::namesAMissingFile() {
  try {
    readIdx(QStringLiteral("/nowhere/images"), QStringLiteral("/nowhere/labels"));
    QFAIL("a missing file was read");
  } catch (const Error& error) {
    QCOMPARE(int(error.kind()), int(ErrorKind::NotFound));
  }
}

void tst_IdxReader::readsMnist() {
  const QString shared = qEnvironmentVariable("LAYERSMITH_SHARED");
  if (shared.isEmpty()) QSKIP("LAYERSMITH_SHARED is not set");
  const QString folder = shared + QStringLiteral("/data/mnist-t10k/");
  const auto raw = readIdx(folder + QStringLiteral("t10k-images-idx3-ubyte.gz"),
                           folder + QStringLiteral("t10k-labels-idx1-ubyte.gz"));
  QCOMPARE(raw->rows, std::int64_t(10'000));
  QCOMPARE(raw->imageShape, (std::vector<std::int64_t>{28, 28, 1}));
  QCOMPARE(raw->labels[0], 7);
  const Dataset dataset = prepare(raw, guessRecipe(*raw, QStringLiteral("mnist")));
  QCOMPARE(dataset.training.xs[0].shape, (Shape{8000, 28, 28, 1}));
  QCOMPARE(dataset.validation.ys[0].shape, (Shape{2000, 10}));
}

QTEST_GUILESS_MAIN(tst_IdxReader)
#include "tst_IdxReader.moc"
