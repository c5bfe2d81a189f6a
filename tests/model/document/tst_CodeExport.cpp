#include "model/document/CodeExport.h"
#include "model/document/Templates.h"

#include <QTest>

using namespace layersmith;

class TestCodeExport : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void commandLineRepeatsTheTraining() {
    const QString line = trainCommandLine(makeTemplate(QStringLiteral("iris")), QStringLiteral("indexeddb://my iris"),
                                          QStringLiteral("out"));
    QVERIFY2(
        line.startsWith(QStringLiteral("layersmith-cli train 'indexeddb://my iris' --data iris.csv --target species")),
        qPrintable(line));
    QVERIFY(line.contains(QStringLiteral(
        "--epochs 60 --batch-size 16 --optimizer adam --learning-rate 0.02 --loss categoricalCrossentropy")));
    QVERIFY(line.endsWith(QStringLiteral("--save out --include-optimizer")));
  }

  void quotesCannotLeaveTheirWord() {
    const QString line = trainCommandLine(makeTemplate(QStringLiteral("twoMoons")), QStringLiteral("a'; rm -r b"),
                                          QStringLiteral("out"));
    QVERIFY2(line.contains(QStringLiteral("'a'\\''; rm -r b'")), qPrintable(line));
  }

  void pageHoldsTheRecipe() {
    const QString page = tensorflowJsPage(makeTemplate(QStringLiteral("iris")), QStringLiteral("iris <1>"));
    QVERIFY(page.contains(QStringLiteral("tf.loadLayersModel('model.json')")));
    QVERIFY(page.contains(QStringLiteral("\"setosa\"")));
    QVERIFY(page.contains(QStringLiteral("iris &lt;1&gt;")));
    const QString image = tensorflowJsPage(makeTemplate(QStringLiteral("digits")), QStringLiteral("digits"));
    QVERIFY(image.contains(QStringLiteral("tf.zeros([1, 12, 12, 1])")));
  }
};

QTEST_GUILESS_MAIN(TestCodeExport)
#include "tst_CodeExport.moc"
