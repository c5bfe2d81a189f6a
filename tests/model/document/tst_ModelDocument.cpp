#include "model/document/Edits.h"
#include "model/document/ModelDocument.h"
#include "model/document/Templates.h"

#include <QTest>

using namespace layersmith;

class TestModelDocument : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void tellsWhatAChangeTouched() {
    ModelDocument document(makeTemplate(QStringLiteral("twoMoons")));
    DocumentChange last;
    int count = 0;
    connect(&document, &ModelDocument::changed, this, [&](const DocumentChange& change) {
      last = change;
      ++count;
    });
    const LayerId hidden = document.state().graph.findByName("hidden")->id;

    document.setState(edits::setField(document.state(), {hidden}, "units", 4));
    QVERIFY(last.layers && !last.structure && !last.training && !last.data);
    QCOMPARE(document.report().layers.at(hidden).parameters, 12);

    document.setState(
        edits::insertLayer(document.state(), "Dropout", {edits::InsertPlace::Kind::AfterLayer, hidden, 0, {}}));
    QVERIFY(last.structure);

    document.setState(edits::setPosition(document.state(), hidden, CardPosition{1, 2}));
    QVERIFY(last.positions && !last.layers);

    FitOptions fit = document.state().fit;
    fit.epochs = 7;
    document.setState(edits::setTraining(document.state(), document.state().training, fit));
    QVERIFY(last.training && !last.layers && !last.weights);
    QCOMPARE(count, 4);
  }

  void reportHoldsTheIssuesOfDataToo() {
    ModelDocument document(makeTemplate(QStringLiteral("twoMoons")));
    QVERIFY(document.report().issues.empty());
    const LayerId out = document.state().graph.findByName("out")->id;
    document.setState(edits::setField(document.state(), {out}, "units", 5));
    QCOMPARE(document.report().issues.size(), std::size_t(1));
    QVERIFY(!document.report().canRun);
  }
};

QTEST_GUILESS_MAIN(TestModelDocument)
#include "tst_ModelDocument.moc"
