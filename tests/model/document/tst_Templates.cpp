#include "model/core/Error.h"
#include "model/document/Edits.h"
#include "model/document/Templates.h"
#include "model/nn/Network.h"
#include "model/training/Trainer.h"

#include <QTest>

using namespace layersmith;

class TestTemplates : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyTemplateIsWithoutProblems_data() {
    QTest::addColumn<QString>("key");
    for (const TemplateType& type : templateTypes()) QTest::newRow(qPrintable(type.key)) << type.key;
  }
  void everyTemplateIsWithoutProblems() {
    QFETCH(QString, key);
    const DocumentState state = makeTemplate(key);
    const GraphReport report = analyse(state.graph);
    for (const Issue& issue : report.issues) QVERIFY2(issue.severity != Severity::Error, issue.message.c_str());
    for (const Issue& issue : edits::dataIssues(state, report)) QVERIFY2(false, issue.message.c_str());
  }

  void samplesLearn_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<double>("accuracy");
    QTest::newRow("two moons") << QStringLiteral("twoMoons") << 0.95;
    QTest::newRow("xor") << QStringLiteral("xor") << 0.9;
    QTest::newRow("circles") << QStringLiteral("circles") << 0.9;
    QTest::newRow("spirals") << QStringLiteral("spirals") << 0.9;
    QTest::newRow("iris") << QStringLiteral("iris") << 0.9;
    QTest::newRow("digits") << QStringLiteral("digits") << 0.9;
  }
  void samplesLearn() {
    QFETCH(QString, key);
    QFETCH(double, accuracy);
    const DocumentState state = makeTemplate(key);
    Network network(state.graph, state.weights, state.fit.seed);
    const FitResult result =
        Trainer(network, state.training).fit(state.dataset->training, &state.dataset->validation, state.fit);
    const EpochLog& last = result.history.back();
    qInfo("%s: loss %.4f, validation accuracy %.3f", qPrintable(key), last.valueOf("loss"), last.valueOf("val_acc"));
    QVERIFY(last.valueOf("val_acc") >= accuracy);
    QVERIFY(last.valueOf("loss") < 0.5 * result.history.front().valueOf("loss"));
  }

  void anUnknownKeyIsRefused() { QVERIFY_EXCEPTION_THROWN(makeTemplate(QStringLiteral("nothing")), Error); }
};

QTEST_GUILESS_MAIN(TestTemplates)
#include "tst_Templates.moc"
