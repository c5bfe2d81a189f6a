// profileNetwork(): every layer is there, steps are counted once, and the network is left as it was.
#include "model/benchmark/Profile.h"
#include "model/benchmark/WorkloadRun.h"
#include "model/benchmark/Workloads.h"
#include "model/core/Error.h"

#include <QTest>

#include <cmath>

using namespace layersmith;

namespace {

const LayerProfile& layerOf(const NetworkProfile& profile, const char* className) {
  return *std::ranges::find(profile.layers, className, &LayerProfile::className);
}

}  // namespace

class ProfileTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void tellsWhatALayerCosts() {
    const Graph graph = findWorkload("W4")->makeGraph();
    Network network(graph, {}, 1);
    const TrainingData data = makeWorkloadData(graph, 4);
    const NetworkProfile profile = profileNetwork(network, data.xs, PlanMode::Training, 2);
    QCOMPARE(profile.layers.size(), graph.layers.size() - 1);

    const LayerProfile& conv = layerOf(profile, "Conv2D");
    QCOMPARE(conv.name, "conv2d_1");
    QCOMPARE(conv.outputShape, (Shape{4, 32, 32, 32}));
    QCOMPARE(conv.weightBytes, 4 * (3 * 3 * 3 * 32 + 32));
    QCOMPARE(conv.outputBytes, 4 * 4 * 32 * 32 * 32);
    // Multiplications and additions: 27 of each for a value.
    QVERIFY(std::abs(conv.forward.flops / (2.0 * 27 * 4 * 32 * 32 * 32) - 1) < 0.1);
    QVERIFY(conv.forward.bytes >= 4.0 * (4 * 32 * 32 * 3 + 4 * 32 * 32 * 32));
    QVERIFY(!conv.forward.kernel.empty());

    double flops = 0, forward = 0, backward = 0;
    for (const LayerProfile& layer : profile.layers) {
      flops += layer.forward.flops + layer.backward.flops;
      forward += layer.forward.ms;
      backward += layer.backward.ms;
    }
    // The workload's own count, less the data gradient of the first layer, which nobody needs.
    const double expected = 5.103e9 / 32 * 4;
    QVERIFY2(flops > 0.9 * expected && flops < 1.05 * expected, qPrintable(QString::number(flops / expected)));
    QVERIFY(forward > 0 && forward <= profile.forwardMs * 1.001);
    QVERIFY(backward > 0 && backward <= profile.backwardMs * 1.001);
    QCOMPARE(profile.weightBytes, std::int64_t(4 * 2'168'362));
    QVERIFY(profile.arenaBytes > layerOf(profile, "Conv2D").outputBytes);
  }

  void predictionsHaveNoBackward() {
    const Graph graph = findWorkload("W3s")->makeGraph();
    Network network(graph, {}, 1);
    const NetworkProfile profile = profileNetwork(network, makeWorkloadData(graph, 2).xs, PlanMode::Inference, 1);
    QCOMPARE(profile.samples, std::int64_t(2));
    QCOMPARE(profile.backwardMs, 0.0);
    for (const LayerProfile& layer : profile.layers) QCOMPARE(layer.backward.steps, 0);
    QVERIFY(layerOf(profile, "Dense").forward.steps > 0);
  }

  void leavesTheNetworkAsItWas() {
    const Graph graph = findWorkload("W3s")->makeGraph();
    Network network(graph, {}, 1);
    const TrainingData data = makeWorkloadData(graph, 2);
    const std::vector<Tensor> before = network.predict(data.xs);
    profileNetwork(network, makeWorkloadData(graph, 2).xs, PlanMode::Training, 2);
    profileNetwork(network, makeWorkloadData(graph, 2).xs, PlanMode::Inference, 2);
    QCOMPARE(network.predict(data.xs).front().values, before.front().values);
  }

  void refusesWhatDoesNotFit() {
    Network network(findWorkload("W2")->makeGraph(), {}, 1);
    const std::vector<Tensor> wrong = {Tensor({2, 5})};
    QVERIFY_EXCEPTION_THROWN(profileNetwork(network, wrong, PlanMode::Inference), Error);
  }
};

QTEST_GUILESS_MAIN(ProfileTest)
#include "tst_Profile.moc"
