#include "model/core/Random.h"

#include <QTest>

#include <cmath>
#include <set>

using namespace layersmith;

class TestRandom : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // Known answers of Random123's kat_vectors for philox4x32-10.
  void matchesThePublishedVectors() {
    const auto zero = Random(0, 0).block(0);
    QCOMPARE(zero[0], 0x6627e8d5u);
    QCOMPARE(zero[1], 0xe169c58du);
    QCOMPARE(zero[2], 0xbc57ac4cu);
    QCOMPARE(zero[3], 0x9b00dbd8u);
    const auto ones = Random(~std::uint64_t(0), ~std::uint64_t(0)).block(~std::uint64_t(0));
    QCOMPARE(ones[0], 0x408f276du);
    QCOMPARE(ones[1], 0x41c83b0eu);
    QCOMPARE(ones[2], 0xa20bc7c6u);
    QCOMPARE(ones[3], 0x6d5451fdu);
  }

  void uniformAndNormalHaveTheirMoments() {
    const Random random(7, 3);
    constexpr int n = 100'000;
    double sum = 0, square = 0, uniformSum = 0;
    for (int i = 0; i < n; ++i) {
      const double value = random.normal(std::uint64_t(i));
      sum += value;
      square += value * value;
      const double u = random.uniform(std::uint64_t(i));
      QVERIFY(u >= 0 && u < 1);
      uniformSum += u;
      QVERIFY(std::abs(random.truncatedNormal(std::uint64_t(i))) <= 2);
    }
    QVERIFY(std::abs(sum / n) < 0.015);
    QVERIFY(std::abs(square / n - 1) < 0.02);
    QVERIFY(std::abs(uniformSum / n - 0.5) < 0.005);
  }

  void permutationHoldsEachOnceAndRepeats() {
    const auto order = Random(1, 2).permutation(1000);
    QCOMPARE(std::set<std::uint32_t>(order.begin(), order.end()).size(), std::size_t(1000));
    QVERIFY(order == Random(1, 2).permutation(1000));
    QVERIFY(order != Random(1, 3).permutation(1000));
    QVERIFY(Random(1).permutation(0).empty());
  }
};

QTEST_GUILESS_MAIN(TestRandom)
#include "tst_Random.moc"
