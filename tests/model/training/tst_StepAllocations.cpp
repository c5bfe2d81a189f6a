// A step of training, and a run of a plan for prediction, allocate nothing: every buffer is planned.
// oneDNN's own execute() makes a few map nodes in each call, and without AVX-512 a panel of a product, which its
// interface gives no way around: they are counted apart, and must stay small.
#include "model/core/Random.h"
#include "model/nn/NetworkImpl.h"
#include "model/nn/Threads.h"
#include "model/training/Trainer.h"
#include "tests/support/AllocationWatch.h"
#include "tests/support/EngineFixtures.h"

#include <QTest>

using namespace layersmith;
using fixtures::chain;

namespace {

constexpr std::int64_t kBatch = 32;
constexpr int kBatches = 6;
constexpr std::size_t kSmall = 32 * 1024;  // bytes: without AVX-512 a product of oneDNN's takes a panel of 16 KiB

using Layers = std::vector<std::pair<std::string, FieldMap>>;

FieldMap conv(int filters, int size, const char* padding = "same") {
  return {{"filters", filters}, {"kernelSize", size}, {"padding", padding}, {"activation", "relu"}};
}

const FieldMap kSoftmax = {{"units", 4}, {"activation", "softmax"}};
const FieldMap kRegularized = {
    {"units", 6},
    {"activation", "gelu"},
    {"kernelRegularizer", FieldMap{{"className", "L1L2"}, {"config", FieldMap{{"l1", 0.01}, {"l2", 0.01}}}}}};

TrainingData noise(const Shape& sample, std::int64_t samples) {
  Shape shape = sample;
  shape.insert(shape.begin(), samples);
  TrainingData data{{Tensor(shape)}, {Tensor({samples, 4})}};
  const Random random(4);
  for (std::size_t i = 0; i < data.xs[0].values.size(); ++i) data.xs[0].values[i] = Scalar(random.normal(i));
  for (std::int64_t i = 0; i < samples; ++i) data.ys[0].values[std::size_t(4 * i + i % 4)] = 1;
  return data;
}

}  // namespace

class StepAllocationsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void steps_data() {
    QTest::addColumn<Shape>("sample");
    QTest::addColumn<Layers>("layers");
    QTest::addColumn<int>("threads");
    for (const int threads : {1, 2}) {
      const auto row = [&](const char* name, const Shape& sample, const Layers& layers) {
        QTest::addRow("%s, %d threads", name, threads) << sample << layers << threads;
      };
      row("small", {4}, {{"Dense", {{"units", 10}, {"activation", "relu"}}}, {"Dense", kSoftmax}});
      row("large", {784}, {{"Dense", {{"units", 300}, {"activation", "relu"}}}, {"Dense", kSoftmax}});
      row("recurrent", {9, 20}, {{"LSTM", {{"units", 48}, {"dropout", 0.2}}}, {"Dense", kSoftmax}});
      row("regularized, dropped", {20}, {{"Dense", kRegularized}, {"Dropout", {{"rate", 0.3}}}, {"Dense", kSoftmax}});
      row("few channels", {20, 20, 1},
          {{"Conv2D", conv(8, 5)},
           {"MaxPooling2D", {}},
           {"Conv2D", conv(16, 5)},
           {"Flatten", {}},
           {"Dense", kSoftmax}});
      row("winograd, batch norm", {16, 16, 3},
          {{"Conv2D", conv(16, 3)},
           {"Conv2D", conv(32, 3)},
           {"BatchNormalization", {}},
           {"ReLU", {}},
           {"AveragePooling2D", {}},
           {"GlobalAveragePooling2D", {}},
           {"Dense", kSoftmax}});
      row("depthwise", {14, 14, 16},
          {{"DepthwiseConv2D", {{"kernelSize", 3}}},
           {"SeparableConv2D", conv(24, 3)},
           {"ZeroPadding2D", {}},
           {"Conv2D", conv(24, 1)},
           {"GlobalAveragePooling2D", {}},
           {"Dense", kSoftmax}});
    }
  }

  void steps() {
    QFETCH(Shape, sample);
    QFETCH(Layers, layers);
    QFETCH(int, threads);
    setThreadCount(threads);
    const allocations::Count count = allocationsOf(sample, layers, false);
    QVERIFY2(count.ours == 0, (std::to_string(count.ours) + " allocations, the first in\n" + count.first).c_str());
    QCOMPARE(count.maps, 0L);
    QVERIFY2(count.largest <= kSmall, std::to_string(count.largest).c_str());
    setThreadCount(0);
  }

  void aPlantedOneIsCaught() {
    const allocations::Count count =
        allocationsOf({4}, {{"Dense", {{"units", 10}, {"activation", "relu"}}}, {"Dense", kSoftmax}}, true);
    QCOMPARE(count.ours, long(kBatches - 2));
  }

  void prediction() {
    Network network(
        chain({16, 16, 3}, {{"Conv2D", conv(16, 3)}, {"BatchNormalization", {}}, {"Flatten", {}}, {"Dense", kSoftmax}}),
        {});
    Plan& plan = network.impl().plan(std::vector<Shape>{{8, 16, 16, 3}}, PlanMode::Inference);
    const StepContext context = network.impl().context();
    plan.forward(context);
    allocations::arm();
    for (int i = 0; i < 5; ++i) plan.forward(context);
    const allocations::Count count = allocations::disarm();
    QVERIFY2(count.ours == 0, count.first.c_str());
    QCOMPARE(count.maps, 0L);
    QVERIFY(count.largest <= kSmall);
  }

 private:
  /// Armed from the end of the second batch to that of the last: all whole steps, with everything between them.
  static allocations::Count allocationsOf(const Shape& sample, const Layers& layers, bool isPlanted) {
    Network network(chain(sample, layers), {}, 1);
    TrainingConfig config;
    config.optimizer = "adam";
    config.losses = {"categoricalCrossentropy"};
    config.metrics = {"accuracy"};
    Trainer trainer(network, config);
    const TrainingData data = noise(sample, kBatch * kBatches);
    allocations::Count count;
    std::vector<std::unique_ptr<int>> planted;
    planted.reserve(kBatches);
    TrainerCallbacks callbacks;
    callbacks.batchFinished = [&](const BatchLog& log) {
      if (isPlanted && log.batch >= 2) planted.push_back(std::make_unique<int>(1));
      if (log.batch == 1) allocations::arm();
      if (log.batch == kBatches - 1) count = allocations::disarm();
      return true;
    };
    FitOptions options;
    options.batchSize = int(kBatch);
    trainer.fit(data, nullptr, options, callbacks);
    return count;
  }
};

QTEST_GUILESS_MAIN(StepAllocationsTest)
#include "tst_StepAllocations.moc"
