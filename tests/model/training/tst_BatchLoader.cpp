// Batches: every sample once, in order, the last one smaller; with and without the thread that runs ahead.
#include "model/nn/Threads.h"
#include "model/training/BatchLoader.h"

#include <QTest>

#include <numeric>

using namespace layersmith;

class BatchLoaderTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void batches_data() {
    QTest::addColumn<qint64>("values");
    QTest::addColumn<int>("samples");
    QTest::addColumn<int>("batchSize");
    for (const qint64 values : {3, 5000})  // 5000 values: a batch that is worth the thread
      for (const int samples : {1, 31, 32, 100})
        QTest::addRow("%d samples of %d values", samples, int(values)) << values << samples << 32;
  }

  void batches() {
    QFETCH(qint64, values);
    QFETCH(int, samples);
    QFETCH(int, batchSize);
    TrainingData data{{Tensor({samples, values})}, {Tensor({samples, 1})}};
    for (int i = 0; i < samples; ++i) {
      std::fill_n(data.xs[0].values.begin() + i * values, values, Scalar(i));
      data.ys[0].values[std::size_t(i)] = Scalar(-i);
    }
    std::vector<std::uint32_t> order(static_cast<std::size_t>(samples));
    std::iota(order.rbegin(), order.rend(), 0u);
    BatchLoader loader{std::size_t(batchSize)};
    for (int pass = 0; pass < 3; ++pass) {
      loader.start(data, order);
      std::size_t at = 0;
      while (const Batch* batch = loader.next()) {
        QVERIFY(batch->count == std::min(std::size_t(batchSize), order.size() - at));
        for (std::size_t i = 0; i < batch->count; ++i, ++at) {
          QCOMPARE(batch->xs[0][qint64(i) * values], Scalar(order[at]));
          QCOMPARE(batch->xs[0][qint64(i) * values + values - 1], Scalar(order[at]));
          QCOMPARE(batch->ys[0][i], -Scalar(order[at]));
        }
      }
      QCOMPARE(at, order.size());
      QVERIFY(!loader.next());
    }
    loader.start(data, order);
    QVERIFY(loader.next());  // left in the middle: the destructor ends the thread
  }
};

QTEST_GUILESS_MAIN(BatchLoaderTest)
#include "tst_BatchLoader.moc"
