#include "model/core/Error.h"
#include "model/data/Readers.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <optional>

using namespace layersmith;

namespace {

QByteArray npy(const QByteArray& dict, const QByteArray& values) {
  const QByteArray header = dict.leftJustified(117) + '\n';
  return QByteArray("\x93NUMPY\x01\x00", 8) + char(header.size() & 0xff) + char(header.size() >> 8) + header + values;
}

QByteArray dict(const char* descr, const char* shape, const char* order = "False") {
  return QByteArray("{'descr': '") + descr + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }";
}

template <class T>
QByteArray bytesOf(std::initializer_list<T> values) {
  return QByteArray(reinterpret_cast<const char*>(values.begin()), qsizetype(values.size() * sizeof(T)));
}

}  // namespace

class tst_NpyReader : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void readsTypes_data();
  void readsTypes();
  void refusesBadFiles_data();
  void refusesBadFiles();

 private:
  Tensor read(const QByteArray& bytes) {
    const QString path = m_folder.filePath(QStringLiteral("x.npy"));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) qFatal("cannot write");
    file.close();
    return readNpy(path);
  }

  QTemporaryDir m_folder;
};

void tst_NpyReader::readsTypes_data() {
  QTest::addColumn<QByteArray>("bytes");
  QTest::newRow("float32") << npy(dict("<f4", "(2, 2)"), bytesOf<float>({1, 2, 3, -4}));
  QTest::newRow("float64") << npy(dict("<f8", "(2, 2)"), bytesOf<double>({1, 2, 3, -4}));
  QTest::newRow("int32") << npy(dict("<i4", "(2, 2)"), bytesOf<std::int32_t>({1, 2, 3, -4}));
  QTest::newRow("int64") << npy(dict("<i8", "(2, 2)"), bytesOf<std::int64_t>({1, 2, 3, -4}));
  QTest::newRow("int8") << npy(dict("|i1", "(2, 2)"), bytesOf<std::int8_t>({1, 2, 3, -4}));
}

void tst_NpyReader::readsTypes() {
  QFETCH(QByteArray, bytes);
  const Tensor tensor = read(bytes);
  QCOMPARE(tensor.shape, (Shape{2, 2}));
  QCOMPARE(tensor.values, (std::vector<Scalar>{1, 2, 3, -4}));
}

void tst_NpyReader::refusesBadFiles_data() {
  QTest::addColumn<QByteArray>("bytes");
  QTest::addColumn<QString>("code");
  const QByteArray values = bytesOf<float>({1, 2, 3, 4});
  const QByteArray good = npy(dict("<f4", "(2, 2)"), values);
  const auto row = [](const char* name, const QByteArray& bytes, const char* code) {
    QTest::newRow(name) << bytes << QString::fromLatin1(code);
  };
  row("empty", "", "E102");
  row("a page", "<!DOCTYPE html>", "E102");
  row("cut", good.chopped(1), "E110");
  row("surplus", good + "x", "E110");
  row("cut in the header", good.left(40), "E140");
  row("lying shape", npy(dict("<f4", "(1000000, 1000000)"), values), "E110");
  row("huge axis", npy(dict("<f4", "(99999999999999999999,)"), values), "E130");
  row("nine axes", npy(dict("<f4", "(1, 1, 1, 1, 1, 1, 1, 1, 4)"), values), "E130");
  row("objects", npy(dict("|O", "(2, 2)"), values), "E140");
  row("big endian", npy(dict(">f4", "(2, 2)"), values), "E140");
  row("Fortran order", npy(dict("<f4", "(2, 2)", "True"), values), "E140");
  row("code in the shape", npy(dict("<f4", "(exit(),)"), values), "E140");
  row("no shape", npy("{'descr': '<f4', 'fortran_order': False}", values), "E140");
}

void tst_NpyReader::refusesBadFiles() {
  QFETCH(QByteArray, bytes);
  QFETCH(QString, code);
  std::optional<Error> error;
  try {
    read(bytes);
  } catch (const Error& caught) {
    error = caught;
  }
  QVERIFY2(error, "the file was accepted");
  QVERIFY2(QString::fromStdString(error->code()) == code, error->what());
}

QTEST_GUILESS_MAIN(tst_NpyReader)
#include "tst_NpyReader.moc"
