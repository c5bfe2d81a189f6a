// The data panel reads, prepares and changes data, and says what is wrong with a file.
#include "ui/data/DataPanel.h"

#include "tests/support/Patience.h"
#include "tests/ui/training/PanelFixture.h"
#include "ui/widgets/MessageStrip.h"

#include <QDragEnterEvent>
#include <QDropEvent>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>

using namespace layersmith;
using namespace layersmith::testing;

namespace {

QByteArray goodCsv() {
  QByteArray text = "height,weight,kind\n";
  for (int i = 0; i < 60; ++i)
    text += QByteArray::number(i * 0.5) + "," + QByteArray::number(100 - i) + (i % 2 ? ",cat\n" : ",dog\n");
  return text;
}

}  // namespace

class tst_DataPanel : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir m_folder;

  QString write(const QString& name, const QByteArray& text) {
    QFile file(m_folder.filePath(name));
    if (!file.open(QIODevice::WriteOnly)) qFatal("cannot write %s", qPrintable(name));
    file.write(text);
    return file.fileName();
  }

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }

  void opensATable() {
    OpenDocument document("mlp");
    DataPanel panel;
    panel.setContext(&document.context);
    panel.show();
    QSignalSpy applied(&panel, &DataPanel::dataApplied);
    panel.openCsv(write(QStringLiteral("pets.csv"), goodCsv()));
    QVERIFY(applied.wait(kPatienceMs));
    const DocumentState& state = document.context.state();
    QCOMPARE(state.dataset->raw->rows, std::int64_t(60));
    QCOMPARE(state.recipe.classNames.size(), 2);
    QCOMPARE(panel.rows().rowCount(), 60);
    QCOMPARE(panel.columns().rowCount(), 3);
    QCOMPARE(document.context.undoStack().count(), 1);
    document.context.undoStack().undo();
    QVERIFY(!document.context.state().dataset);
    QCOMPARE(panel.rows().rowCount(), 0);
  }

  void roleIsOneUndoStep() {
    OpenDocument document("mlp");
    DataPanel panel;
    panel.setContext(&document.context);
    panel.show();
    QSignalSpy applied(&panel, &DataPanel::dataApplied);
    panel.openCsv(write(QStringLiteral("pets.csv"), goodCsv()));
    QVERIFY(applied.wait(kPatienceMs));
    const int before = document.context.undoStack().count();
    QVERIFY(panel.columns().setData(panel.columns().index(1, ColumnModel::Use), int(ColumnRole::Ignore)));
    QVERIFY(applied.wait(kPatienceMs));
    QCOMPARE(document.context.undoStack().count(), before + 1);
    QCOMPARE(document.context.state().recipe.columns[1].role, ColumnRole::Ignore);
    QCOMPARE(document.context.state().recipe.inputShape, (std::vector<std::int64_t>{1}));
    document.context.undoStack().undo();
    QCOMPARE(document.context.state().recipe.columns[1].role, ColumnRole::Feature);
    QCOMPARE(panel.columns().index(1, ColumnModel::Use).data(Qt::EditRole).toInt(), int(ColumnRole::Feature));

    QVERIFY(panel.columns().setData(panel.columns().index(0, ColumnModel::Use), int(ColumnRole::Target)));
    QVERIFY(applied.wait(kPatienceMs));
    QCOMPARE(document.context.state().recipe.columns[2].role, ColumnRole::Feature);
    QVERIFY(document.context.state().recipe.classNames.isEmpty());
  }

  void splitChangesTheRows() {
    OpenDocument document("twoMoons");
    DataPanel panel;
    panel.setContext(&document.context);
    panel.show();
    panel.showView(DataPanel::Split);
    QSignalSpy applied(&panel, &DataPanel::dataApplied);
    panel.findChild<QSpinBox*>(QStringLiteral("validationPercent"))->setValue(50);
    QVERIFY(applied.wait(kPatienceMs));
    QCOMPARE(document.context.state().dataset->validationRows.size(), std::size_t(200));
    QCOMPARE(document.context.undoStack().count(), 1);
    panel.findChild<QSpinBox*>(QStringLiteral("sampleCount"))->setValue(100);
    QVERIFY(applied.wait(kPatienceMs));
    QCOMPARE(document.context.state().dataset->raw->rows, std::int64_t(100));
  }

  void badTableSaysWhere_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("found");
    QByteArray ragged = goodCsv();
    ragged.insert(ragged.indexOf("1.5,"), "7,8\n");
    QTest::newRow("ragged") << ragged << QStringLiteral("row 5");
    QTest::newRow("html") << QByteArray("<!DOCTYPE html><html></html>\n") << QStringLiteral("HTML");
    QTest::newRow("empty") << QByteArray() << QStringLiteral("bad.csv");
  }

  void badTableSaysWhere() {
    QFETCH(QByteArray, text);
    QFETCH(QString, found);
    OpenDocument document("twoMoons");
    DataPanel panel;
    panel.setContext(&document.context);
    panel.show();
    QSignalSpy failed(&panel, &DataPanel::loadFailed);
    panel.openCsv(write(QStringLiteral("bad.csv"), text));
    QVERIFY(failed.wait(kPatienceMs));
    QVERIFY(panel.strip()->isVisible());
    qInfo("%s", qPrintable(panel.strip()->text()));
    QVERIFY2(panel.strip()->text().contains(found), qPrintable(panel.strip()->text()));
    QCOMPARE(document.context.undoStack().count(), 0);
    QVERIFY(document.context.state().dataset);
  }

  void badRowsCanBeSkipped() {
    OpenDocument document("twoMoons");
    DataPanel panel;
    panel.setContext(&document.context);
    panel.show();
    QByteArray ragged = goodCsv();
    ragged.insert(ragged.indexOf("1.5,"), "7,8\n");
    QSignalSpy failed(&panel, &DataPanel::loadFailed);
    panel.openCsv(write(QStringLiteral("bad.csv"), ragged));
    QVERIFY(failed.wait(kPatienceMs));
    QSignalSpy applied(&panel, &DataPanel::dataApplied);
    for (QPushButton* button : panel.strip()->findChildren<QPushButton*>())
      if (button->text() == QLatin1String("Skip such rows")) {
        button->click();
        break;
      }
    QVERIFY(applied.wait(kPatienceMs));
    QCOMPARE(document.context.state().dataset->raw->rows, std::int64_t(60));
    QVERIFY(panel.strip()->isVisible());  // says how many were left out
  }

  void missingFileIsSaid() {
    OpenDocument document("twoMoons");
    DataPanel panel;
    panel.setContext(&document.context);
    panel.show();
    QSignalSpy failed(&panel, &DataPanel::loadFailed);
    panel.openCsv(m_folder.filePath(QStringLiteral("nowhere.csv")));
    QVERIFY(failed.wait(kPatienceMs));
    QVERIFY(panel.strip()->text().contains(QLatin1String("nowhere.csv")));
  }

  void samplesReplaceTheData() {
    OpenDocument document("twoMoons");
    DataPanel panel;
    panel.setContext(&document.context);
    panel.show();
    QCOMPARE(panel.findChild<QLabel*>(QStringLiteral("dataName"))->text(), QStringLiteral("Two moons"));
    QSignalSpy applied(&panel, &DataPanel::dataApplied);
    panel.useGenerator(QStringLiteral("spirals"));
    QVERIFY(applied.wait(kPatienceMs));
    QCOMPARE(document.context.state().recipe.generator.stringAt("name"), std::string("spirals"));
    QCOMPARE(panel.findChild<QLabel*>(QStringLiteral("dataName"))->text(), QStringLiteral("Spirals"));
    panel.useIris();
    QVERIFY(applied.wait(kPatienceMs));
    QCOMPARE(document.context.state().dataset->raw->rows, std::int64_t(150));
  }

  void refusesWhileTraining() {
    OpenDocument document("twoMoons");
    DataPanel panel;
    panel.setContext(&document.context);
    panel.show();
    document.context.session().start(document.context.state());
    panel.useIris();
    QTRY_VERIFY_WITH_TIMEOUT(panel.strip()->isVisible(), kPatienceMs);
    QCOMPARE(document.context.state().dataset->raw->rows, std::int64_t(400));
    document.context.session().stop();
    QTRY_VERIFY_WITH_TIMEOUT(!document.context.session().isActive(), kPatienceMs);
  }

  void droppedTableIsOpened() {
    OpenDocument document("mlp");
    DataPanel panel;
    panel.resize(500, 300);
    panel.setContext(&document.context);
    panel.show();
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(write(QStringLiteral("pets.csv"), goodCsv()))});
    QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&panel, &enter);
    QVERIFY(enter.isAccepted());
    QSignalSpy applied(&panel, &DataPanel::dataApplied);
    QDropEvent drop(QPointF(50, 50), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&panel, &drop);
    QVERIFY(applied.wait(kPatienceMs));

    QMimeData other;
    other.setUrls({QUrl::fromLocalFile(QStringLiteral("/tmp/model.json"))});
    QDragEnterEvent refused(QPoint(50, 50), Qt::CopyAction, &other, Qt::LeftButton, Qt::NoModifier);
    refused.ignore();
    QApplication::sendEvent(&panel, &refused);
    QVERIFY(!refused.isAccepted());
  }

  void chosenRowsAreShown() {
    OpenDocument document("twoMoons");
    DataPanel panel;
    panel.setContext(&document.context);
    panel.show();
    panel.showRows({5, 17, 399});
    QCOMPARE(panel.rows().rowCount(), 3);
    QCOMPARE(panel.rows().rawRow(2), std::int64_t(399));
  }

  void readingCanBeCancelled() {
    QByteArray big = "a,b,c\n";
    for (int i = 0; i < 400'000; ++i) big += "1.25,2.5,3.75\n";
    OpenDocument document("mlp");
    DataPanel panel;
    panel.setContext(&document.context);
    panel.show();
    QSignalSpy applied(&panel, &DataPanel::dataApplied);
    panel.openCsv(write(QStringLiteral("big.csv"), big));
    panel.findChild<QPushButton*>(QStringLiteral("busyCancel"))->click();
    QTRY_VERIFY_WITH_TIMEOUT(!panel.isBusy(), kPatienceMs);
    if (applied.count() == 0)
      QVERIFY(panel.strip()->isVisible());
    else
      QVERIFY(document.context.state().dataset->raw->rows < 400'000);
  }
};

QTEST_MAIN(tst_DataPanel)
#include "tst_DataPanel.moc"
