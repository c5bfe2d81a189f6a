// Every item model passes Qt's own tester, and says what it should.
#include "model/data/Generators.h"
#include "model/data/Readers.h"
#include "ui/itemmodels/ColumnModel.h"
#include "ui/itemmodels/DataTableModel.h"
#include "ui/itemmodels/HistoryModel.h"
#include "ui/itemmodels/MistakesModel.h"

#include <QAbstractItemModelTester>
#include <QImage>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace layersmith;

namespace {

constexpr auto kMode = QAbstractItemModelTester::FailureReportingMode::QtTest;

std::shared_ptr<const Dataset> moons(int rows = 400) {
  return std::make_shared<const Dataset>(generate(QStringLiteral("twoMoons"), rows, 0.15, 42));
}

std::shared_ptr<const Dataset> digits() {
  return std::make_shared<const Dataset>(generate(QStringLiteral("digits"), 300, 0.1, 42));
}

EpochLog epoch(int index) {
  return {index, 0.5, {{"loss", 1.0 / (index + 1)}, {"acc", 0.5}, {"val_loss", std::nan("")}}};
}

std::shared_ptr<const EvaluationReport> report() {
  EvaluationReport made;
  made.classNames = {QStringLiteral("a"), QStringLiteral("b")};
  made.confusion = {{1, 2}, {0, 1}};
  made.rows = {
      {0, 0, 0, 0.9, 0.1, 0, 0}, {1, 0, 1, 0.8, 1.6, 0, 0}, {2, 0, 1, 0.99, 4.6, 0, 0}, {3, 1, 1, 0.7, 0.3, 0, 0}};
  return std::make_shared<const EvaluationReport>(made);
}

}  // namespace

class tst_ItemModels : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void dataTable() {
    DataTableModel model;
    QCOMPARE(model.rowCount(), 0);
    model.setDataset(moons(2500));
    QCOMPARE(model.columnCount(), 3);
    QCOMPARE(model.rowCount(), 100);
    while (model.canFetchMore({})) model.fetchMore({});
    QCOMPARE(model.rowCount(), DataTableModel::kMaxRows);
    QCOMPARE(model.index(0, 0).data(DataTableModel::ClassRole).toInt(), -1);
    QVERIFY(model.index(0, 2).data(DataTableModel::ClassRole).toInt() >= 0);
    model.setRowFilter(std::vector<std::int64_t>{7, 2400});
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.headerData(1, Qt::Vertical, Qt::DisplayRole).toLongLong(), 2401);
    model.setDataset(digits());
    QCOMPARE(model.columnCount(), 1);
    QCOMPARE(model.index(0, 0).data(DataTableModel::ImageRole).value<QImage>().size(), QSize(12, 12));
    model.setDataset(nullptr);
    QCOMPARE(model.rowCount(), 0);
  }

  void dataTableKeepsTheRules() {
    for (const auto& dataset : {moons(2500), digits()}) {
      DataTableModel model;
      model.setDataset(dataset);
      while (model.canFetchMore({})) model.fetchMore({});
      QCOMPARE(model.rowCount(), int(std::min<std::int64_t>(dataset->raw->rows, DataTableModel::kMaxRows)));
      QAbstractItemModelTester tester(&model, kMode);  // fetches within its own checks: let there be nothing to fetch
      model.setRowFilter(std::vector<std::int64_t>{1, 2, 7});
      QCOMPARE(model.rowCount(), 3);
      model.setDataset(nullptr);
    }
  }

  void columns() {
    ColumnModel model;
    QAbstractItemModelTester tester(&model, kMode);
    model.setDataset(moons());
    QCOMPARE(model.rowCount(), 3);
    DataRecipe edited;
    connect(&model, &ColumnModel::recipeEdited, this, [&edited](const DataRecipe& recipe) { edited = recipe; });
    QVERIFY(model.setData(model.index(0, ColumnModel::Scaling), int(ColumnScaling::MinMax)));
    QCOMPARE(edited.columns[0].scaling, ColumnScaling::MinMax);
    QVERIFY(model.setData(model.index(0, ColumnModel::Use), int(ColumnRole::Target)));
    QCOMPARE(edited.columns[0].role, ColumnRole::Target);
    QCOMPARE(edited.columns[2].role, ColumnRole::Feature);
    QVERIFY(!model.setData(model.index(0, ColumnModel::Use), 7));
    QVERIFY(!model.setData(model.index(0, ColumnModel::Name), 1));
    QVERIFY(!(model.flags(model.index(2, ColumnModel::Scaling)) & Qt::ItemIsEditable));
  }

  void history() {
    HistoryModel model;
    QAbstractItemModelTester tester(&model, kMode);
    for (int i = 0; i < 3; ++i) model.append(epoch(i));
    QCOMPARE(model.rowCount(), 3);
    QCOMPARE(model.columnCount(), 4);
    QCOMPARE(model.index(2, 0).data().toInt(), 3);
    QCOMPARE(model.index(1, 1).data(HistoryModel::ValueRole).toDouble(), 0.5);
    QCOMPARE(model.index(1, 3).data().toString(), QStringLiteral("not a number"));
    QVERIFY(model.csv().startsWith(QStringLiteral("epoch,seconds,loss,acc,val_loss\n1,0.5,1,0.5,nan\n")));
    model.setHistory({});
    QCOMPARE(model.rowCount(), 0);
  }

  void mistakes() {
    MistakesModel model;
    QAbstractItemModelTester tester(&model, kMode);
    model.setReport(report(), moons());
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.reportRow(0).row, std::int64_t(2));
    model.setCell(MistakesModel::Cell{1, 1});
    QCOMPARE(model.rawRows(), std::vector<std::int64_t>{3});
    model.setCell(std::nullopt);
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.index(0, 0).data(DataTableModel::CaptionRole).toString(), QStringLiteral("a → b"));
  }
};

QTEST_MAIN(tst_ItemModels)
#include "tst_ItemModels.moc"
