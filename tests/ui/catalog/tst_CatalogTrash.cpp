// The Trash: entries told apart, restored, and deleted for good after a question.
#include "tests/support/Patience.h"
#include "tests/ui/catalog/CatalogFixture.h"
#include "ui/catalog/CatalogQuestions.h"
#include "ui/catalog/TrashModel.h"

#include <QApplication>
#include <QLabel>
#include <QPushButton>

using namespace layersmith;
using namespace layersmith::testing;

class tst_CatalogTrash : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }

  void equalNamesAreToldApart();
  void theTimeIsToldOfEveryDay();
  void foldersAreToldByTheirPath();
  void oneGoesForGoodAfterAQuestion();
  void severalAtOnce();
  void stepsEndOnlyWhereTheyNeedIt();
  void theListHasTheFocus();
  void theListKeepsTheFocus();

 private:
  /// As many models of one name, removed one after the other.
  static bool removeMany(Catalog& catalog, int count) {
    return catalog.work([count](ModelLibrary& library) {
      const ModelArtifacts moons = artifactsFromDocument(makeTemplate(QStringLiteral("twoMoons")));
      for (int i = 0; i < count; ++i) {
        library.save(kMoons, moons);
        library.remove(kMoons);
      }
    });
  }
  static void showTrash(Catalog& catalog) {
    catalog.window.show();
    catalog.page->places()->choose(QStringLiteral("trash"));
  }
  static QTableView* list(Catalog& catalog) {
    return catalog.window.findChild<QTableView*>(QStringLiteral("trash.table"));
  }
  static QString cell(Catalog& catalog, int row, int column) {
    return list(catalog)->model()->index(row, column).data().toString();
  }
  static QPushButton* button(Catalog& catalog, const char* name) {
    return catalog.window.findChild<QPushButton*>(QString::fromLatin1(name));
  }
  static QDialog* question(Catalog& catalog) {
    return catalog.window.findChild<QDialog*>(QStringLiteral("purgeDialog"));
  }
};

void tst_CatalogTrash::equalNamesAreToldApart() {
  TrashModel model;
  std::vector<TrashEntry> entries;
  const QDateTime noon(QDate::currentDate().addDays(-3), QTime(12, 0, 5));
  for (int i = 0; i < 5; ++i)
    entries.push_back(
        {QString::number(i), kMoons, QStringLiteral("moons"), noon.addSecs(i < 3 ? i : 3'600).addMSecs(i), 832});
  model.setEntries(entries);
  QSet<QString> rows;
  for (int row = 0; row < model.rowCount(); ++row) {
    QStringList cells;
    for (int column = 0; column < model.columnCount(); ++column) cells << model.index(row, column).data().toString();
    rows.insert(cells.join(QLatin1Char('|')));
  }
  QCOMPARE(rows.size(), 5);
  const auto deleted = [&](const char* id) {
    return model.index(model.rowOf(QString::fromLatin1(id)), TrashModel::Deleted).data().toString();
  };
  QVERIFY2(deleted("0").endsWith(QStringLiteral("12:00:05")), qPrintable(deleted("0")));
  QVERIFY2(deleted("4").endsWith(QStringLiteral("13:00:05.004")), qPrintable(deleted("4")));
}

void tst_CatalogTrash::theTimeIsToldOfEveryDay() {
  TrashModel model;
  const QDateTime old(QDate(2023, 5, 4), QTime(9, 41)), today(QDate::currentDate(), QTime(0, 1));
  model.setEntries({{QStringLiteral("a"), kMoons, QStringLiteral("moons"), old, 1},
                    {QStringLiteral("b"), kMoons, QStringLiteral("moons"), today, 1}});
  QCOMPARE(model.index(0, TrashModel::Deleted).data().toString(), QStringLiteral("Today 00:01"));
  QCOMPARE(model.index(1, TrashModel::Deleted).data().toString(), QStringLiteral("2023-05-04 09:41"));
  QVERIFY(model.index(1, 0).data(Qt::ToolTipRole).toString().contains(kMoons));
}

void tst_CatalogTrash::foldersAreToldByTheirPath() {
  Catalog catalog;
  const QString folder = catalog.folder(QStringLiteral("Class 7b"));
  catalog.settings.setFolders({folder});
  const QString url = parsePlace(folder + QStringLiteral("/moons")).url();
  QVERIFY(catalog.keep(url) && settle(catalog));
  catalog.controller->remove({url});
  QVERIFY(settle(catalog));
  showTrash(catalog);
  QCOMPARE(cell(catalog, 0, TrashModel::Name), QStringLiteral("moons"));
  QCOMPARE(cell(catalog, 0, TrashModel::Where), folder);
  QVERIFY(!cell(catalog, 0, TrashModel::Size).isEmpty());
}

void tst_CatalogTrash::oneGoesForGoodAfterAQuestion() {
  Catalog catalog;
  QVERIFY(removeMany(catalog, 5) && settle(catalog));
  showTrash(catalog);
  QCOMPARE(list(catalog)->model()->rowCount(), 5);
  QVERIFY(!button(catalog, "trash.purge")->isEnabled());
  list(catalog)->selectRow(2);
  const QString id = list(catalog)->model()->index(2, 0).data(TrashModel::kIdRole).toString();
  QVERIFY(button(catalog, "trash.purge")->isEnabled());
  QCOMPARE(button(catalog, "trash.purge")->text(), QStringLiteral("Delete for good..."));

  QTest::keyClick(list(catalog), Qt::Key_Delete);
  QVERIFY(question(catalog));
  QStringList words;
  for (const QLabel* label : question(catalog)->findChildren<QLabel*>()) words << label->text();
  const QString size = cell(catalog, 2, TrashModel::Size);
  QVERIFY2(words.contains(QStringLiteral("Delete moons for good?")), qPrintable(words.join(QLatin1Char('|'))));
  QVERIFY2(words.contains(QStringLiteral("It frees %1. There is no way back after that.").arg(size)),
           qPrintable(words.join(QLatin1Char('|'))));
  QTest::keyClick(question(catalog), Qt::Key_Return);  // Return alone does not
  QTRY_VERIFY_WITH_TIMEOUT(!question(catalog), kPatienceMs);
  QVERIFY(settle(catalog));
  QCOMPARE(catalog.controller->trash().size(), std::size_t(5));

  button(catalog, "trash.purge")->click();
  QVERIFY(question(catalog));
  QSignalSpy noted(catalog.controller, &CatalogController::noted);
  button(catalog, "purgeDialog.go")->click();
  QTRY_COMPARE_WITH_TIMEOUT(catalog.controller->trash().size(), std::size_t(4), kPatienceMs);
  for (const TrashEntry& entry : catalog.controller->trash()) QVERIFY(entry.id != id);
  QTRY_COMPARE_WITH_TIMEOUT(noted.size(), 1, kPatienceMs);
  QCOMPARE(noted[0][0].toString(), QStringLiteral("Deleted 1 model for good. That freed %1.").arg(size));
}

void tst_CatalogTrash::severalAtOnce() {
  Catalog catalog;
  QVERIFY(removeMany(catalog, 4) && settle(catalog));
  showTrash(catalog);
  list(catalog)->selectRow(0);
  list(catalog)->selectionModel()->select(list(catalog)->model()->index(2, 0),
                                          QItemSelectionModel::Select | QItemSelectionModel::Rows);
  button(catalog, "trash.purge")->click();
  QVERIFY(question(catalog));
  button(catalog, "purgeDialog.go")->click();
  QTRY_COMPARE_WITH_TIMEOUT(catalog.controller->trash().size(), std::size_t(2), kPatienceMs);
}

/// A step that would bring a purged model back ends all; others stay.
void tst_CatalogTrash::stepsEndOnlyWhereTheyNeedIt() {
  Catalog catalog;
  QVERIFY(removeMany(catalog, 1) && catalog.keep(kMoons) && settle(catalog));
  const QString before = catalog.controller->trash()[0].id;
  catalog.controller->remove({kMoons});
  QVERIFY(settle(catalog));
  QCOMPARE(catalog.controller->trash().size(), std::size_t(2));
  catalog.controller->purge({before});
  QVERIFY(settle(catalog));
  QVERIFY(catalog.steps().canUndo());
  catalog.controller->purge({catalog.controller->trash()[0].id});
  QVERIFY(settle(catalog));
  QVERIFY(!catalog.steps().canUndo() && catalog.controller->trash().empty());
}

void tst_CatalogTrash::theListHasTheFocus() {
  Catalog catalog;
  QVERIFY(removeMany(catalog, 2) && catalog.keep(kMoons) && settle(catalog));
  catalog.window.show();
  QApplication::setActiveWindow(&catalog.window);
  catalog.table().setFocus();
  QTRY_VERIFY_WITH_TIMEOUT(catalog.table().hasFocus(), kPatienceMs);
  catalog.page->places()->choose(QStringLiteral("trash"));
  QCOMPARE(QApplication::focusWidget(), list(catalog));
  QTest::keyClick(list(catalog), Qt::Key_Tab);  // nothing is selected: the first button of use
  QCOMPARE(QApplication::focusWidget(), button(catalog, "trash.empty"));
  QTest::keyClick(QApplication::focusWidget(), Qt::Key_Backtab, Qt::ShiftModifier);
  QCOMPARE(QApplication::focusWidget(), list(catalog));

  catalog.page->places()->view().setFocus();
  catalog.page->places()->choose({});
  catalog.page->places()->choose(QStringLiteral("trash"));
  QCOMPARE(QApplication::focusWidget(), &catalog.page->places()->view());  // arrows go on there
  QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
  QWidget* next = QApplication::focusWidget();
  while (next && !list(catalog)->parentWidget()->parentWidget()->isAncestorOf(next)) {
    QTest::keyClick(next, Qt::Key_Tab);
    if (QApplication::focusWidget() == next) break;
    next = QApplication::focusWidget();
  }
  QCOMPARE(next, list(catalog));
}

/// After something was done the focus does not fall on the button that empties all.
void tst_CatalogTrash::theListKeepsTheFocus() {
  Catalog catalog;
  QVERIFY(removeMany(catalog, 3) && settle(catalog));
  showTrash(catalog);
  QApplication::setActiveWindow(&catalog.window);
  list(catalog)->setFocus();
  list(catalog)->selectRow(0);
  button(catalog, "trash.purge")->setFocus();
  button(catalog, "trash.purge")->click();
  button(catalog, "purgeDialog.go")->click();
  QTRY_COMPARE_WITH_TIMEOUT(list(catalog)->model()->rowCount(), 2, kPatienceMs);
  QApplication::setActiveWindow(&catalog.window);
  QTRY_COMPARE_WITH_TIMEOUT(QApplication::focusWidget(), static_cast<QWidget*>(list(catalog)), kPatienceMs);
  QCOMPARE(list(catalog)->selectionModel()->selectedRows().size(), 1);  // the one in its place
  button(catalog, "trash.restore")->setFocus();
  button(catalog, "trash.restore")->click();
  QTRY_COMPARE_WITH_TIMEOUT(list(catalog)->model()->rowCount(), 1, kPatienceMs);
  QCOMPARE(QApplication::focusWidget(), list(catalog));
}

QTEST_MAIN(tst_CatalogTrash)
#include "tst_CatalogTrash.moc"
