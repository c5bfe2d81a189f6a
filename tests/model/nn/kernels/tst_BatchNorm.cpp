// Sums over channels: exact far from 0, for all numbers of channels, and the same bits in every run.
#include "model/core/Random.h"
#include "model/nn/Threads.h"
#include "model/nn/kernels/BatchNorm.h"

#include <QTest>

#include <cmath>
#include <utility>
#include <vector>

using namespace layersmith;

namespace {

constexpr double kCentre = 500;  // 500 deviations away from 0: where E(x * x) - E(x) * E(x) has no digit left

std::vector<Scalar> normalValues(std::int64_t count, double centre, std::uint64_t seed) {
  const Random random(seed);
  std::vector<Scalar> values;
  for (std::int64_t i = 0; i < count; ++i) values.push_back(Scalar(centre + random.normal(std::uint64_t(i))));
  return values;
}

}  // namespace

class BatchNormTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void cleanup() { setThreadCount(0); }

  void sums_data() {
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("channels");
    const std::pair<int, int> sizes[] = {{1, 5}, {7, 3}, {5000, 3}, {4099, 17}, {700, 128}, {300, 600}};
    for (const auto& [rows, channels] : sizes) QTest::addRow("%d x %d", rows, channels) << rows << channels;
  }

  void sums() {
    QFETCH(int, rows);
    QFETCH(int, channels);
    const auto size = std::size_t(channels);
    const std::vector<Scalar> x = normalValues(std::int64_t(rows) * channels, kCentre, 1);
    const std::vector<Scalar> dy = normalValues(std::int64_t(rows) * channels, 0, 2);
    const std::vector<Scalar> inverse(size, Scalar(0.5));
    for (const int threads : {1, 2, 5}) {
      setThreadCount(threads);
      const kernels::ChannelSums sums(ComputePath::Fast, {rows, channels, 1});
      std::vector<Scalar> scratch(std::size_t(sums.scratchSize()));
      std::vector<Scalar> mean(size), variance(size), sumDy(size), sumDyNormed(size);
      sums.moments(x.data(), mean.data(), variance.data(), scratch.data());
      sums.gradients(x.data(), dy.data(), mean.data(), inverse.data(), sumDy.data(), sumDyNormed.data(),
                     scratch.data());
      for (int c = 0; c < channels; ++c)
        check(x, dy, c, channels, mean[std::size_t(c)], variance[std::size_t(c)], sumDy[std::size_t(c)],
              sumDyNormed[std::size_t(c)]);

      std::vector<Scalar> again(size), variances(size);
      setThreadCount(threads + 1);  // what was settled stays
      sums.moments(x.data(), again.data(), variances.data(), scratch.data());
      QCOMPARE(again, mean);
      QCOMPARE(variances, variance);
    }
  }

 private:
  static void check(const std::vector<Scalar>& x, const std::vector<Scalar>& dy, int channel, int channels, Scalar mean,
                    Scalar variance, Scalar sumDy, Scalar sumDyNormed) {
    double centre = 0, square = 0, sum = 0, normed = 0, count = 0;
    const auto step = std::size_t(channels), first = std::size_t(channel);
    for (std::size_t i = first; i < x.size(); i += step) centre += double(x[i]), sum += double(dy[i]), ++count;
    centre /= count;
    for (std::size_t i = first; i < x.size(); i += step) {
      square += (double(x[i]) - centre) * (double(x[i]) - centre);
      normed += double(dy[i]) * (double(x[i]) - double(mean)) * 0.5;
    }
    QVERIFY2(std::abs(double(mean) - centre) <= 1e-6 * centre, "mean");
    QVERIFY2(std::abs(double(variance) - square / count) <= 2e-5 * (square / count) + 1e-9, "variance");
    QVERIFY2(std::abs(double(sumDy) - sum) <= 1e-5 * std::sqrt(count), "sum of dy");
    QVERIFY2(std::abs(double(sumDyNormed) - normed) <= 1e-5 * std::sqrt(count), "sum of dy times distance");
  }
};

QTEST_GUILESS_MAIN(BatchNormTest)
#include "tst_BatchNorm.moc"
