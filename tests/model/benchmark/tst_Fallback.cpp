// Shapes and processors for which the library has no kernel of its own: computed all the same, right, and the profile
// names what runs.
#include "model/benchmark/GraphSketch.h"
#include "model/benchmark/Profile.h"
#include "model/benchmark/WorkloadRun.h"

#include <QTest>

#include <cmath>
#include <cstdlib>

using namespace layersmith;

namespace {

struct Odd {
  const char* className;
  FieldMap config;
};

/// Windows that vector code is seldom written for: odd channels, several outputs a channel, dilated, longer than wide.
std::vector<Odd> oddLayers() {
  const auto pair = [](int y, int x) { return FieldArray{y, x}; };
  const std::string same = "same";
  return {
      {"Conv2D", {{"filters", 7}, {"kernelSize", pair(5, 2)}, {"dilationRate", pair(2, 3)}, {"padding", same}}},
      {"Conv2D", {{"filters", 5}, {"kernelSize", pair(1, 6)}, {"strides", pair(3, 4)}}},
      {"DepthwiseConv2D", {{"kernelSize", pair(3, 2)}, {"depthMultiplier", 2}, {"dilationRate", pair(2, 3)}}},
      {"SeparableConv2D", {{"filters", 3}, {"kernelSize", pair(2, 5)}, {"strides", pair(2, 2)}, {"padding", same}}},
      {"MaxPooling2D", {{"poolSize", pair(7, 5)}, {"strides", pair(2, 1)}, {"padding", same}}},
      {"AveragePooling2D", {{"poolSize", pair(7, 5)}, {"strides", pair(2, 1)}, {"padding", same}}},
  };
}

Graph graphOf(const Odd& odd) {
  GraphSketch sketch;
  TensorRef x = sketch.apply(odd.className, odd.config, sketch.input({13, 11, 3}));
  x = sketch.apply("Flatten", {}, x);
  return sketch.finish(sketch.apply("Dense", {{"units", 4}}, x));
}

}  // namespace

class FallbackTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void oddShapes_data() {
    QTest::addColumn<int>("index");
    for (int i = 0; i < int(oddLayers().size()); ++i)
      QTest::addRow("%s %d", oddLayers()[std::size_t(i)].className, i) << i;
  }

  void oddShapes() {
    QFETCH(int, index);
    const Graph graph = graphOf(oddLayers()[std::size_t(index)]);
    const TrainingData data = makeWorkloadData(graph, 5);
    Network fast(graph, {}, 3, ComputePath::Fast);
    Network plain(graph, {}, 3, ComputePath::Reference);
    const Tensor y = fast.predict(data.xs).front(), expected = plain.predict(data.xs).front();
    QCOMPARE(y.shape, expected.shape);
    for (std::size_t i = 0; i < y.values.size(); ++i)
      QVERIFY(std::abs(y.values[i] - expected.values[i]) <= 1e-5 * std::max(1.0, double(std::abs(expected.values[i]))));

    // Windows copied into a matrix are the slowest there is: never the library's plain loops.
    const LayerProfile fastLayer = profileNetwork(fast, data.xs, PlanMode::Training, 1).layers.front();
    QVERIFY(!fastLayer.forward.kernel.empty());
    QVERIFY2(!fastLayer.forward.isReference() && !fastLayer.backward.isReference(), fastLayer.forward.kernel.c_str());
    const LayerProfile plainLayer = profileNetwork(plain, data.xs, PlanMode::Training, 1).layers.front();
    QVERIFY2(plainLayer.forward.isReference(), plainLayer.forward.kernel.c_str());
  }
};

int main(int argc, char** argv) {
  setenv("ONEDNN_MAX_CPU_ISA", "SSE41", 1);  // few kernels, and the same on every machine
  FallbackTest test;
  return QTest::qExec(&test, argc, argv);
}

#include "tst_Fallback.moc"
