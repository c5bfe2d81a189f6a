// The catalog's model and what is done through it.
#include "model/document/DocumentIo.h"
#include "model/document/Templates.h"
#include "tests/support/Patience.h"
#include "tests/ui/main/StudioFixture.h"
#include "ui/catalog/CatalogController.h"
#include "ui/catalog/CatalogFilter.h"
#include "ui/catalog/TrashModel.h"
#include "ui/widgets/Toast.h"

#include <QAbstractItemModelTester>
#include <QAbstractItemView>
#include <QPushButton>

using namespace layersmith;
using namespace layersmith::testing;

namespace {

ModelEntry entryOf(const char* url, std::int64_t bytes) {
  ModelEntry entry;
  entry.url = QString::fromLatin1(url);
  entry.name = entry.url.section(QLatin1Char('/'), -1);
  entry.info.weightDataBytes = bytes;
  entry.info.dateSaved = QDateTime::currentDateTime().addSecs(-bytes);
  return entry;
}

}  // namespace

class tst_Catalog : public QObject {
  Q_OBJECT

 private:
  static void keepModel(Studio& studio, const QString& url) {
    bool isDone = false;
    studio.stores.run(
        studio.window.get(),
        [url](ModelLibrary& library) {
          return library.save(url, artifactsFromDocument(makeTemplate(QStringLiteral("twoMoons")))).url;
        },
        [&](const Outcome<QString>& outcome) { isDone = outcome.isOk(); });
    QVERIFY(QTest::qWaitFor([&] { return isDone; }, 20'000));
    studio.window->catalog().refresh();
  }

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }

  void modelsKeepTheRules() {
    CatalogModel model;
    CatalogFilter filter;
    filter.setSourceModel(&model);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QAbstractItemModelTester filterTester(&filter, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setEntries({entryOf("indexeddb://a", 5), entryOf("indexeddb://b", 3000), entryOf("localstorage://c", 40)});
    QCOMPARE(filter.rowCount(), 3);
    model.setEntries({entryOf("indexeddb://b", 3000), entryOf("localstorage://d", 7)});
    QCOMPARE(filter.rowCount(), 2);
    filter.setWords(QStringLiteral("D"));
    QVERIFY(filter.rowCount() > 0);
    filter.setWords({});
    filter.setPlace(QStringLiteral("indexeddb"));
    QCOMPARE(filter.rowCount(), 1);
    model.setEntries({});
    QCOMPARE(filter.rowCount(), 0);

    TrashModel trash;
    const QAbstractItemModelTester trashTester(&trash, QAbstractItemModelTester::FailureReportingMode::QtTest);
    trash.setEntries(
        {{QStringLiteral("1"), QStringLiteral("indexeddb://a"), QStringLiteral("a"), QDateTime::currentDateTime(), 5}});
    QCOMPARE(trash.rowCount(), 1);
  }

  void sizesSortAsNumbers() {
    CatalogModel model;
    CatalogFilter filter;
    filter.setSourceModel(&model);
    model.setEntries({entryOf("indexeddb://large", 20'000'000), entryOf("indexeddb://small", 900),
                      entryOf("indexeddb://middle", 5'000)});
    filter.sort(CatalogModel::Size, Qt::AscendingOrder);
    QCOMPARE(filter.index(0, 0).data().toString(), QStringLiteral("small"));
    QCOMPARE(filter.index(2, 0).data().toString(), QStringLiteral("large"));
  }

  void deleteUndoAndRename() {
    Studio studio;
    studio.window->start({}, QStringLiteral("twoMoons"));
    studio.window->show();
    keepModel(studio, QStringLiteral("indexeddb://moons"));
    CatalogModel& model = studio.window->catalog().model();
    QTRY_COMPARE_WITH_TIMEOUT(model.rowCount(), 1, kPatienceMs);

    QVERIFY(model.setData(model.index(0, CatalogModel::Name), QStringLiteral("two-moons"), Qt::EditRole));
    QTRY_COMPARE_WITH_TIMEOUT(model.index(0, 0).data().toString(), QStringLiteral("two-moons"), kPatienceMs);

    studio.window->catalog().remove({model.entry(0).url});
    QTRY_COMPARE_WITH_TIMEOUT(model.rowCount(), 0, kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(studio.window->catalog().trash().size(), std::size_t(1), kPatienceMs);
    auto* undo = studio.find<QPushButton>("toastAction");
    QVERIFY(undo);
    undo->click();
    QTRY_COMPARE_WITH_TIMEOUT(model.rowCount(), 1, kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(studio.window->catalog().trash().empty(), kPatienceMs);
  }

  void editMenuFollowsTheFocus() {
    Studio studio;
    studio.window->start({}, QStringLiteral("twoMoons"));
    studio.window->show();
    keepModel(studio, QStringLiteral("indexeddb://moons"));
    CatalogModel& model = studio.window->catalog().model();
    QTRY_COMPARE_WITH_TIMEOUT(model.rowCount(), 1, kPatienceMs);
    QVERIFY(studio.addLayer());
    studio.window->catalog().remove({model.entry(0).url});
    QTRY_COMPARE_WITH_TIMEOUT(model.rowCount(), 0, kPatienceMs);
    QAction* undo = studio.window->actions()[ActionId::Undo];
    QVERIFY2(undo->text().contains(QStringLiteral("insert")), qPrintable(undo->text()));
    studio.trigger(ActionId::LayoutCatalog);
    QApplication::setActiveWindow(studio.window.get());
    studio.find<QWidget>("places.list")->setFocus();
    QTRY_VERIFY2_WITH_TIMEOUT(undo->text().contains(QStringLiteral("delete moons")), qPrintable(undo->text()),
                              kPatienceMs);
    undo->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(model.rowCount(), 1, kPatienceMs);
    QVERIFY(studio.current().undoStack().canUndo());  // the document keeps its step
    auto* table = studio.find<QAbstractItemView>("catalogPage.table");
    table->setFocus();
    table->selectAll();
    studio.trigger(ActionId::Delete);
    QTRY_COMPARE_WITH_TIMEOUT(model.rowCount(), 0, kPatienceMs);
  }

  void copyOffersUndo() {
    Studio studio;
    keepModel(studio, QStringLiteral("indexeddb://moons"));
    CatalogModel& model = studio.window->catalog().model();
    QTRY_COMPARE_WITH_TIMEOUT(model.rowCount(), 1, kPatienceMs);
    studio.window->catalog().transfer({QStringLiteral("indexeddb://moons")}, QStringLiteral("localstorage"), false);
    QTRY_COMPARE_WITH_TIMEOUT(model.rowCount(), 2, kPatienceMs);
    QVERIFY(model.rowOf(QStringLiteral("localstorage://moons")) >= 0);
    QTRY_VERIFY_WITH_TIMEOUT(studio.find<QPushButton>("toastAction"), kPatienceMs);
  }
};

QTEST_MAIN(tst_Catalog)
#include "tst_Catalog.moc"
