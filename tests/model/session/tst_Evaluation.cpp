#include "model/core/Error.h"
#include "model/document/Edits.h"
#include "model/document/Templates.h"
#include "model/nn/Network.h"
#include "model/session/Evaluation.h"

#include <QTest>

#include <numeric>

using namespace layersmith;

namespace {

DocumentState trained(const char* key) {
  DocumentState state = makeTemplate(QString::fromLatin1(key));
  Network network(state.graph, {}, 1);
  Trainer trainer(network, state.training);
  trainer.fit(state.dataset->training, nullptr, state.fit);
  return edits::setWeights(state, network.weights(), {}, nullptr);
}

}  // namespace

class TestEvaluation : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void confusionCountsEveryRowOnce() {
    const DocumentState state = trained("iris");
    const EvaluationReport report = evaluateModel(state);
    QCOMPARE(report.classNames.size(), 3);
    int total = 0, right = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      total += std::accumulate(report.confusion[i].begin(), report.confusion[i].end(), 0);
      right += report.confusion[i][i];
    }
    QCOMPARE(total, int(state.dataset->validation.samples()));
    QCOMPARE(report.rows.size(), std::size_t(total));
    double accuracy = -1;
    for (const MetricValue& value : report.values)
      if (value.name == "acc") accuracy = value.value;
    QVERIFY(std::abs(accuracy - double(right) / total) < 1e-6);
  }

  void boundaryFollowsTheModel() {
    const DocumentState state = trained("twoMoons");
    const BoundaryField field = boundaryField(state, state.weights, 32);
    QCOMPARE(field.values.size(), std::size_t(32 * 32));
    const auto [low, high] = std::ranges::minmax(field.values);
    QVERIFY(low < 0.1f && high > 0.9f);
    QVERIFY_EXCEPTION_THROWN(boundaryField(trained("iris"), {}, 16), Error);
  }

  void oneRowIsPredictedAsTheWhole() {
    const DocumentState state = trained("iris");
    Tensor row(Shape{1, 4});
    std::ranges::copy(state.dataset->validation.xs.front().sample(0), row.values.begin());
    const std::vector<float> output = predictOne(state, row);
    QCOMPARE(output.size(), std::size_t(3));
    const EvaluationReport report = evaluateModel(state);
    QVERIFY(std::abs(*std::ranges::max_element(output) - float(report.rows.front().confidence)) < 1e-5f);
  }
};

QTEST_GUILESS_MAIN(TestEvaluation)
#include "tst_Evaluation.moc"
