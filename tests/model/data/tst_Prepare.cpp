#include "model/core/Error.h"
#include "model/data/Dataset.h"
#include "model/data/Readers.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <optional>

using namespace layersmith;

namespace {

RawData::Column numbers(const char* name, std::vector<double> values) {
  RawData::Column column;
  column.name = QString::fromLatin1(name);
  column.missing = std::ranges::count_if(values, [](double value) { return std::isnan(value); });
  column.numbers = std::move(values);
  return column;
}

RawData::Column texts(const char* name, const QStringList& values) {
  RawData::Column column;
  column.name = QString::fromLatin1(name);
  column.isNumeric = false;
  for (const QString& value : values) {
    if (!column.texts.contains(value)) column.texts << value;
    column.numbers.push_back(double(column.texts.indexOf(value)));
  }
  return column;
}

/// 100 rows: a number 0..99, a colour, a class (80 a, 20 b).
std::shared_ptr<RawData> table() {
  auto raw = std::make_shared<RawData>();
  raw->rows = 100;
  std::vector<double> x;
  QStringList colours, classes;
  for (int i = 0; i < 100; ++i) {
    x.push_back(i);
    colours << (i % 3 == 0 ? QStringLiteral("red") : i % 3 == 1 ? QStringLiteral("green") : QStringLiteral("blue"));
    classes << (i % 5 == 0 ? QStringLiteral("b") : QStringLiteral("a"));
  }
  raw->columns = {numbers("x", x), texts("colour", colours), texts("kind", classes)};
  return raw;
}

std::optional<Error> errorOf(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

}  // namespace

class tst_Prepare : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void splitIsStratifiedAndReproducible();
  void scalesOnTrainingRowsOnly();
  void encodesFeaturesAndTargets();
  void leavesIncompleteRowsOut();
  void recipeSurvivesTheRoundTrip();
  void encodesOneRowAsInTraining();
  void appliesTheRecipeToOtherData();
  void refusesNonsense();
};

void tst_Prepare::splitIsStratifiedAndReproducible() {
  const auto raw = table();
  DataRecipe recipe = guessRecipe(*raw, QStringLiteral("t.csv"));
  recipe.validationFraction = 0.3;
  const Dataset first = prepare(raw, recipe);
  QCOMPARE(first.validationRows.size(), std::size_t(30));
  QCOMPARE(std::ranges::count_if(first.validationRows, [](auto row) { return row % 5 == 0; }), 6);
  std::vector<std::int64_t> all = first.trainingRows;
  all.insert(all.end(), first.validationRows.begin(), first.validationRows.end());
  std::ranges::sort(all);
  for (std::int64_t i = 0; i < 100; ++i) QCOMPARE(all[std::size_t(i)], i);
  QCOMPARE(prepare(raw, recipe).validationRows, first.validationRows);
  recipe.seed = 43;
  QVERIFY(prepare(raw, recipe).validationRows != first.validationRows);
  recipe.isStratified = false;
  QCOMPARE(prepare(raw, recipe).validationRows.size(), std::size_t(30));
  recipe.validationFraction = 0;
  QVERIFY(prepare(raw, recipe).validation.xs.empty());
}

void tst_Prepare::scalesOnTrainingRowsOnly() {
  const auto raw = table();
  const Dataset dataset = prepare(raw, guessRecipe(*raw, QStringLiteral("t.csv")));
  double sum = 0, squares = 0;
  const Tensor& xs = dataset.training.xs[0];
  for (std::int64_t i = 0; i < xs.batch(); ++i) sum += xs.sample(i)[0];
  for (std::int64_t i = 0; i < xs.batch(); ++i) squares += std::pow(xs.sample(i)[0], 2);
  QVERIFY(std::abs(sum / double(xs.batch())) < 1e-6);
  QVERIFY(std::abs(squares / double(xs.batch()) - 1) < 1e-5);
  const ColumnRecipe& column = dataset.recipe.columns[0];
  const auto row = double(dataset.validationRows[3]);
  QVERIFY(std::abs(dataset.validation.xs[0].sample(3)[0] - (row - column.offset) / column.scale) < 1e-6);

  DataRecipe minMax = guessRecipe(*raw, QStringLiteral("t.csv"));
  minMax.columns[0].scaling = ColumnScaling::MinMax;
  const Dataset scaled = prepare(raw, minMax);
  QCOMPARE(scaled.recipe.columns[0].offset, double(scaled.trainingRows.front()));
  QCOMPARE(scaled.recipe.columns[0].scale, double(scaled.trainingRows.back() - scaled.trainingRows.front()));
}

void tst_Prepare::encodesFeaturesAndTargets() {
  const auto raw = table();
  DataRecipe recipe = guessRecipe(*raw, QStringLiteral("t.csv"));
  recipe.columns[0].scaling = ColumnScaling::None;
  recipe.validationFraction = 0;
  const Dataset asIndex = prepare(raw, recipe);
  QCOMPARE(asIndex.training.xs[0].shape, (Shape{100, 4}));
  QCOMPARE(asIndex.recipe.inputShape, (std::vector<std::int64_t>{4}));
  const auto sample = asIndex.training.xs[0].sample(7);
  QCOMPARE(std::vector(sample.begin(), sample.end()), (std::vector<Scalar>{7, 0, 1, 0}));
  QCOMPARE(asIndex.training.ys[0].shape, (Shape{100, 1}));
  QCOMPARE(asIndex.recipe.classNames, (QStringList{QStringLiteral("b"), QStringLiteral("a")}));
  QCOMPARE(asIndex.training.ys[0].values[5], Scalar(0));
  QCOMPARE(asIndex.training.ys[0].values[6], Scalar(1));

  recipe.targetEncoding = TargetEncoding::OneHot;
  const Dataset oneHot = prepare(raw, recipe);
  QCOMPARE(oneHot.training.ys[0].shape, (Shape{100, 2}));
  QCOMPARE(oneHot.training.ys[0].values[10], Scalar(1));
  QCOMPARE(oneHot.training.ys[0].values[12], Scalar(0));

  recipe.columns[2].role = ColumnRole::Ignore;
  recipe.columns[0].role = ColumnRole::Target;
  recipe.targetEncoding = TargetEncoding::Number;
  const Dataset regression = prepare(raw, recipe);
  QVERIFY(!regression.recipe.isClassification());
  QCOMPARE(regression.training.ys[0].values[42], Scalar(42));
}

void tst_Prepare::leavesIncompleteRowsOut() {
  auto raw = table();
  raw->columns[0] = numbers("x", [] {
    std::vector<double> values(100);
    for (int i = 0; i < 100; ++i) values[std::size_t(i)] = i % 10 == 3 ? NAN : i;
    return values;
  }());
  raw->columns.push_back(numbers("same", std::vector<double>(100, 5)));
  raw->columns.back().isConstant = true;
  DataRecipe recipe = guessRecipe(*raw, QStringLiteral("t.csv"));
  recipe.columns[2].role = ColumnRole::Target;
  recipe.columns[3].role = ColumnRole::Feature;
  const Dataset dataset = prepare(raw, recipe);
  QCOMPARE(dataset.skippedRows, std::int64_t(10));
  QCOMPARE(dataset.trainingRows.size() + dataset.validationRows.size(), std::size_t(90));
  QVERIFY(dataset.remarks.contains(QStringLiteral("10 rows have no value in `x`; they are left out.")));
  QVERIFY(dataset.remarks.contains(QStringLiteral("Column `same` is constant; nothing can be learned from it.")));
}

void tst_Prepare::recipeSurvivesTheRoundTrip() {
  const auto raw = table();
  DataRecipe recipe = prepare(raw, guessRecipe(*raw, QStringLiteral("t.csv"))).recipe;
  recipe.generator = {{"name", "twoMoons"}, {"samples", 400}};
  recipe.pixelScale = 0.5;
  const FieldMap fields = recipe.toFields();
  const DataRecipe again = DataRecipe::fromFields(fields);
  QVERIFY(again.toFields() == fields);
  QCOMPARE(again.columns[1].categories, recipe.columns[1].categories);
  QCOMPARE(again.columns[0].offset, recipe.columns[0].offset);
  QCOMPARE(int(again.columns[2].role), int(ColumnRole::Target));

  FieldMap bad = fields;
  bad.set("targetEncoding", "riddle");
  QVERIFY(errorOf([&] { DataRecipe::fromFields(bad); }));
  bad = fields;
  bad.set("columns", "text");
  QVERIFY(errorOf([&] { DataRecipe::fromFields(bad); }));
  bad.set("columns", FieldArray{FieldMap{{"name", "x"}, {"scale", 0.0}}});
  QVERIFY(errorOf([&] { DataRecipe::fromFields(bad); }));
}

void tst_Prepare::encodesOneRowAsInTraining() {
  const auto raw = table();
  const Dataset dataset = prepare(raw, guessRecipe(*raw, QStringLiteral("t.csv")));
  QCOMPARE(dataset.recipe.featureNames(), (QStringList{QStringLiteral("x"), QStringLiteral("colour")}));
  const std::int64_t row = dataset.trainingRows[11];
  const Tensor one = encodeRow(
      dataset.recipe, {QString::number(row), raw->columns[1].texts[int(raw->columns[1].numbers[std::size_t(row)])]});
  QCOMPARE(one.shape, (Shape{1, 4}));
  const auto sample = dataset.training.xs[0].sample(11);
  QCOMPARE(one.values, std::vector(sample.begin(), sample.end()));

  const auto wrongClass = errorOf([&] { encodeRow(dataset.recipe, {QStringLiteral("1"), QStringLiteral("pink")}); });
  QVERIFY(wrongClass);
  QCOMPARE(wrongClass->code(), std::string("E140"));
  QCOMPARE(wrongClass->message(), std::string("Column `colour`: one of red, green, blue is expected; found 'pink'."));
  QVERIFY(errorOf([&] { encodeRow(dataset.recipe, {QStringLiteral("1,5"), QStringLiteral("red")}); }));
  QVERIFY(errorOf([&] { encodeRow(dataset.recipe, {QStringLiteral("1")}); }));
}

void tst_Prepare::appliesTheRecipeToOtherData() {
  const auto raw = table();
  const DataRecipe recipe = prepare(raw, guessRecipe(*raw, QStringLiteral("t.csv"))).recipe;
  auto other = std::make_shared<RawData>();
  other->rows = 2;
  other->columns = {texts("kind", {QStringLiteral("a"), QStringLiteral("b")}),
                    texts("colour", {QStringLiteral("blue"), QStringLiteral("red")}), numbers("x", {1000, 0})};
  DataRecipe whole = recipe;
  whole.validationFraction = 0;
  const Dataset dataset = prepare(other, whole, true);
  QCOMPARE(dataset.recipe.columns[0].offset, recipe.columns[0].offset);
  QVERIFY(std::abs(dataset.training.xs[0].values[0] - (1000 - recipe.columns[0].offset) / recipe.columns[0].scale) <
          1e-4);
  QCOMPARE(dataset.training.ys[0].values, (std::vector<Scalar>{1, 0}));

  other->columns[1] = texts("colour", {QStringLiteral("pink"), QStringLiteral("red")});
  const auto unknown = errorOf([&] { prepare(other, whole, true); });
  QVERIFY(unknown);
  QCOMPARE(unknown->message(),
           std::string("t.csv, row 2, column 2 (`colour`): this is not one of the classes that the recipe knows (red, "
                       "green, blue); found 'pink'."));
  other->columns[2].name = QStringLiteral("y");
  QCOMPARE(int(errorOf([&] { prepare(other, whole, true); })->kind()), int(ErrorKind::NotFound));
}

void tst_Prepare::refusesNonsense() {
  const auto raw = table();
  const DataRecipe good = guessRecipe(*raw, QStringLiteral("t.csv"));
  DataRecipe recipe = good;
  recipe.columns[2].role = ColumnRole::Feature;
  QCOMPARE(int(errorOf([&] { prepare(raw, recipe); })->kind()), int(ErrorKind::InvalidConfig));
  recipe = good;
  recipe.columns[0].role = recipe.columns[1].role = ColumnRole::Ignore;
  QCOMPARE(int(errorOf([&] { prepare(raw, recipe); })->kind()), int(ErrorKind::InvalidConfig));
  recipe = good;
  recipe.validationFraction = 1;
  QVERIFY(errorOf([&] { prepare(raw, recipe); }));
  recipe = good;
  recipe.columns[1].role = ColumnRole::Target;
  QVERIFY(errorOf([&] { prepare(raw, recipe); }));
}

QTEST_GUILESS_MAIN(tst_Prepare)
#include "tst_Prepare.moc"
