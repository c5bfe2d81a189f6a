#include "model/core/Error.h"
#include "model/data/Generators.h"
#include "model/data/Readers.h"
#include "model/data/Samples.h"

#include <QCryptographicHash>
#include <QTest>

#include <cmath>

using namespace layersmith;

namespace {

/// Of what a person would see: points in units of 1e-4, pixels.
QByteArray hashOf(const RawData& raw) {
  QCryptographicHash hash(QCryptographicHash::Sha256);
  for (const auto& column : raw.columns)
    for (double value : column.numbers) hash.addData(QByteArray::number(qint64(std::llround(value * 1e4))) + ',');
  hash.addData(QByteArrayView(raw.pixels.data(), qsizetype(raw.pixels.size())));
  return hash.result().toHex().left(16);
}

}  // namespace

class tst_Generators : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void isDeterministic_data();
  void isDeterministic();
  void pointsHaveTheirShape();
  void digitsDifferWithinAClass();
  void refusesBadArguments();
  void irisIsBundled();
  void samplesComeAgain_data();
  void samplesComeAgain();
};

void tst_Generators::isDeterministic_data() {
  QTest::addColumn<QString>("name");
  QTest::addColumn<QByteArray>("golden");
  QTest::newRow("twoMoons") << QStringLiteral("twoMoons") << QByteArray("7b9d981c74221f21");
  QTest::newRow("xor") << QStringLiteral("xor") << QByteArray("f940b98c857b0fb2");
  QTest::newRow("spirals") << QStringLiteral("spirals") << QByteArray("c62c73fa05814358");
  QTest::newRow("circles") << QStringLiteral("circles") << QByteArray("7aa5737b4fdb6fe0");
  QTest::newRow("digits") << QStringLiteral("digits") << QByteArray("24ee1fac252bcf37");
}

void tst_Generators::isDeterministic() {
  QFETCH(QString, name);
  QFETCH(QByteArray, golden);
  QCOMPARE(hashOf(*generate(name, 200, 0.1, 42).raw), golden);
  QVERIFY(hashOf(*generate(name, 200, 0.1, 43).raw) != golden);
}

void tst_Generators::pointsHaveTheirShape() {
  const Dataset circles = generate(QStringLiteral("circles"), 100, 0, 1);
  const Dataset crosses = generate(QStringLiteral("xor"), 100, 0, 1);
  for (std::size_t i = 0; i < 100; ++i) {
    const auto& round = circles.raw->columns;
    const double radius = std::hypot(round[0].numbers[i], round[1].numbers[i]);
    QVERIFY(std::abs(radius - (round[2].numbers[i] == 0 ? 1 : 0.5)) < 1e-3);
    const auto& cross = crosses.raw->columns;
    QCOMPARE(cross[0].numbers[i] * cross[1].numbers[i] < 0, cross[2].numbers[i] == 1);
  }
  const Dataset moons = generate(QStringLiteral("twoMoons"), 400, 0.15, 42);
  QCOMPARE(moons.training.xs[0].shape, (Shape{320, 2}));
  QCOMPARE(moons.training.ys[0].shape, (Shape{320, 1}));
  QCOMPARE(moons.validation.ys[0].shape, (Shape{80, 1}));
  QCOMPARE(moons.recipe.classNames.size(), 2);
}

void tst_Generators::digitsDifferWithinAClass() {
  const Dataset digits = generate(QStringLiteral("digits"), 200, 0, 42);
  QCOMPARE(digits.raw->imageShape, (std::vector<std::int64_t>{12, 12, 1}));
  QCOMPARE(digits.training.xs[0].shape, (Shape{160, 12, 12, 1}));
  QCOMPARE(digits.training.ys[0].shape, (Shape{160, 10}));
  const auto& pixels = digits.raw->pixels;
  for (std::size_t digit = 0; digit < 10; ++digit) {
    const auto image = [&](std::size_t index) {
      return std::vector(pixels.begin() + long(index * 144), pixels.begin() + long(index * 144 + 144));
    };
    QVERIFY(image(digit) != image(digit + 10));
    int ink = 0;
    for (std::uint8_t value : image(digit)) ink += value > 100;
    QVERIFY2(ink >= 8 && ink <= 70, qPrintable(QStringLiteral("digit %1 has %2 dark pixels").arg(digit).arg(ink)));
  }
}

void tst_Generators::refusesBadArguments() {
  QVERIFY_EXCEPTION_THROWN(generate(QStringLiteral("nothing"), 100, 0, 1), Error);
  QVERIFY_EXCEPTION_THROWN(generate(QStringLiteral("xor"), 0, 0, 1), Error);
  QVERIFY_EXCEPTION_THROWN(generate(QStringLiteral("xor"), 100, NAN, 1), Error);
  QVERIFY_EXCEPTION_THROWN(loadSample(QStringLiteral("nothing")), Error);
}

void tst_Generators::irisIsBundled() {
  const Dataset iris = loadSample(QStringLiteral("iris"));
  QCOMPARE(iris.raw->rows, std::int64_t(150));
  QCOMPARE(iris.raw->columns[0].name, QStringLiteral("sepalLength"));
  QCOMPARE(iris.recipe.classNames,
           (QStringList{QStringLiteral("setosa"), QStringLiteral("versicolor"), QStringLiteral("virginica")}));
  QCOMPARE(iris.training.xs[0].shape, (Shape{120, 4}));
  QCOMPARE(iris.validation.ys[0].shape, (Shape{30, 3}));
}

void tst_Generators::samplesComeAgain_data() {
  QTest::addColumn<QString>("name");
  for (const QString& name : sampleNames()) QTest::newRow(qPrintable(name)) << name;
}

void tst_Generators::samplesComeAgain() {
  QFETCH(QString, name);
  const Dataset made = loadSample(name, 7, 0.25);
  const DataRecipe recipe = DataRecipe::fromFields(made.recipe.toFields());
  const FieldMap& by = recipe.generator;
  const auto raw = by.empty() ? readBundledCsv(recipe.source)
                              : generate(QString::fromStdString(by.stringAt("name")), int(by.intAt("samples", 0)),
                                         by.numberAt("noise", 0), std::uint64_t(by.intAt("seed", 0)))
                                    .raw;
  const Dataset again = prepare(raw, recipe, true);
  QCOMPARE(again.validationRows, made.validationRows);
  QCOMPARE(again.validation.xs[0].values, made.validation.xs[0].values);
  QCOMPARE(again.validation.ys[0].values, made.validation.ys[0].values);
}

QTEST_GUILESS_MAIN(tst_Generators)
#include "tst_Generators.moc"
