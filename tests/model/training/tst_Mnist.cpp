// A fixed small convnet on MNIST: 8,000 images to train, 2,000 held back; 97 % within 5 epochs.
// One seed; with LAYERSMITH_LONG=1 five, and their median counts.
#include "model/nn/Threads.h"
#include "model/training/Trainer.h"
#include "tests/support/EngineFixtures.h"

#include <QDir>
#include <QTest>

#include <zlib.h>

#include <algorithm>

using namespace layersmith;

namespace {

std::vector<std::uint8_t> readGzip(const QString& path) {
  gzFile file = gzopen(path.toUtf8().constData(), "rb");
  if (!file) return {};
  std::vector<std::uint8_t> bytes(16 << 20);
  const int count = gzread(file, bytes.data(), unsigned(bytes.size()));
  gzclose(file);
  bytes.resize(std::size_t(std::max(count, 0)));
  return bytes;
}

TrainingData part(const std::vector<std::uint8_t>& images, const std::vector<std::uint8_t>& labels, std::size_t first,
                  std::size_t count) {
  TrainingData data{{Tensor({std::int64_t(count), 28, 28, 1})}, {Tensor({std::int64_t(count), 10})}};
  for (std::size_t i = 0; i < count * 784; ++i) data.xs[0].values[i] = Scalar(images[16 + first * 784 + i]) / 255;
  for (std::size_t i = 0; i < count; ++i) data.ys[0].values[i * 10 + labels[8 + first + i]] = 1;
  return data;
}

Graph convnet() {
  return fixtures::chain({28, 28, 1}, {{"Conv2D", {{"filters", 16}, {"kernelSize", 3}, {"activation", "relu"}}},
                                       {"MaxPooling2D", {}},
                                       {"Conv2D", {{"filters", 32}, {"kernelSize", 3}, {"activation", "relu"}}},
                                       {"MaxPooling2D", {}},
                                       {"Flatten", {}},
                                       {"Dropout", {{"rate", 0.2}}},
                                       {"Dense", {{"units", 64}, {"activation", "relu"}}},
                                       {"Dense", {{"units", 10}, {"activation", "softmax"}}}});
}

}  // namespace

class MnistTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void learns() {
    const QString shared = qEnvironmentVariable("LAYERSMITH_SHARED");
    if (shared.isEmpty()) QSKIP("LAYERSMITH_SHARED is not set");
    const QDir folder(shared + QStringLiteral("/data/mnist-t10k"));
    std::vector<std::uint8_t> images, labels;
    for (const QString& name : folder.entryList(QDir::Files)) {
      if (name.contains(QLatin1String("images"))) images = readGzip(folder.filePath(name));
      if (name.contains(QLatin1String("labels"))) labels = readGzip(folder.filePath(name));
    }
    QCOMPARE(images.size(), std::size_t(16 + 10'000 * 784));
    QCOMPARE(labels.size(), std::size_t(8 + 10'000));
    const TrainingData training = part(images, labels, 0, 8000), held = part(images, labels, 8000, 2000);

    const int seeds = qEnvironmentVariableIntValue("LAYERSMITH_LONG") ? 5 : 1;
    std::vector<double> accuracies;
    for (int seed = 1; seed <= seeds; ++seed) {
      Network network(convnet(), {}, std::uint64_t(seed));
      Trainer trainer(network, {"adam", {{"learningRate", 0.002}}, {"categoricalCrossentropy"}, {"accuracy"}, {}});
      const FitResult result =
          trainer.fit(training, &held, {.epochs = 5, .batchSize = 64, .seed = std::uint64_t(seed)});
      double best = 0;
      for (const EpochLog& log : result.history) {
        best = std::max(best, log.valueOf("val_acc"));
        qInfo("seed %d epoch %d: %.2f s, loss %.4f, val_loss %.4f, val_acc %.4f", seed, log.epoch + 1, log.seconds,
              log.valueOf("loss"), log.valueOf("val_loss"), log.valueOf("val_acc"));
      }
      accuracies.push_back(best);
    }
    std::ranges::sort(accuracies);
    const double median = accuracies[accuracies.size() / 2];
    qInfo("%d threads, median of %d: %.4f", threadCount(), seeds, median);
    QVERIFY(median >= 0.97);
  }
};

QTEST_GUILESS_MAIN(MnistTest)
#include "tst_Mnist.moc"
