// What is said of a smaller save is what one finds when it is read back.
#include "model/document/DocumentIo.h"
#include "model/document/Edits.h"
#include "model/document/Templates.h"
#include "model/nn/Network.h"
#include "model/session/QuantizationEffect.h"

#include <QTest>

#include <cmath>

using namespace layersmith;

namespace {

DocumentState trained(const char* key) {
  DocumentState state = makeTemplate(QString::fromLatin1(key));
  Network network(state.graph, {}, 1);
  Trainer(network, state.training).fit(state.dataset->training, nullptr, state.fit);
  return edits::setWeights(state, network.weights(), {}, nullptr);
}

}  // namespace

class TestQuantizationEffect : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void isWhatReadingBackGives_data() {
    QTest::addColumn<DType>("storedAs");
    QTest::addColumn<double>("atMost");
    QTest::newRow("float16") << DType::Float16 << 5e-3;
    QTest::newRow("uint16") << DType::UInt16 << 5e-3;
    QTest::newRow("uint8") << DType::UInt8 << 0.3;
  }

  void isWhatReadingBackGives() {
    QFETCH(DType, storedAs);
    QFETCH(double, atMost);
    const DocumentState state = trained("iris");
    const QuantizationEffect effect = quantizationEffect(state, storedAs);
    QCOMPARE(effect.samples, state.dataset->validation.samples());
    QVERIFY2(effect.largest > 0 && effect.largest < atMost, qPrintable(QString::number(effect.largest)));
    QVERIFY(effect.otherAnswers >= 0 && effect.otherAnswers <= 2);
    QVERIFY(effect.weights.bytesAfter * 2 <= effect.weights.bytesBefore);

    SaveContents contents;
    contents.includeOptimizer = false;
    contents.storedAs = storedAs;
    const ModelArtifacts saved = artifactsFromDocument(state, contents);
    QCOMPARE(saved.weightData->size(), effect.weights.bytesAfter);
    const DocumentState read = documentFromArtifacts(saved).state;
    const std::vector<Tensor>& xs = state.dataset->validation.xs;
    const Tensor before = Network(state.graph, state.weights).predict(xs).front();
    const Tensor after = Network(read.graph, read.weights).predict(xs).front();
    double largest = 0;
    for (std::size_t i = 0; i < before.values.size(); ++i)
      largest = std::max(largest, std::abs(double(before.values[i]) - double(after.values[i])));
    QCOMPARE(float(effect.largest), float(largest));
  }

  void withoutDataOnlyWeightsAreCompared() {
    DocumentState state = trained("twoMoons");
    state.dataset = nullptr;
    const QuantizationEffect effect = quantizationEffect(state, DType::UInt8);
    QCOMPARE(effect.samples, 0);
    QVERIFY(effect.weights.largest > 0);
  }
};

QTEST_GUILESS_MAIN(TestQuantizationEffect)
#include "tst_QuantizationEffect.moc"
