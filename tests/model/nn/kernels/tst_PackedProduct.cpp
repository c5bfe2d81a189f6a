// Packed products against sums in double, for sizes that fill tiles and panels and sizes that do not.
#include "model/nn/kernels/PackedProduct.h"

#include "model/core/Random.h"

#include <QTest>

#include <cmath>
#include <vector>

using namespace layersmith;

namespace {

std::vector<Scalar> noise(std::int64_t count, std::uint64_t stream) {
  const Random random(8, stream);
  std::vector<Scalar> values(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = Scalar(random.uniform(i) - 0.5);
  return values;
}

}  // namespace

class PackedProductTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void agreesWithSums_data() {
    QTest::addColumn<qint64>("rows");
    QTest::addColumn<qint64>("k");
    QTest::addColumn<qint64>("n");
    for (const qint64 rows : {1, 2, 3, 4, 5, 6, 7, 8, 9, 17})
      for (const auto& [k, n] : {std::pair<qint64, qint64>{1, 1}, {3, 5}, {7, 32}, {16, 36}, {5, 100}})
        QTest::addRow("%lld x %lld x %lld", rows, k, n) << rows << k << n;
  }

  void agreesWithSums() {
    QFETCH(qint64, rows);
    QFETCH(qint64, k);
    QFETCH(qint64, n);
    const qint64 strideA = k + 2, strideC = n + 3;  // what lies between the rows stays as it is
    const std::vector<Scalar> a = noise(rows * strideA, 1), b = noise(k * n, 2), before = noise(rows * strideC, 3);
    std::vector<Scalar> transposed(b.size());
    for (qint64 i = 0; i < k; ++i)
      for (qint64 j = 0; j < n; ++j) transposed[std::size_t(j * k + i)] = b[std::size_t(i * n + j)];
    kernels::PackedMatrix packed(k, n);
    for (const bool isTransposed : {false, true})
      for (const bool isAdded : {false, true}) {
        isTransposed ? packed.packTransposed(transposed.data()) : packed.pack(b.data());
        std::vector<Scalar> c = before;
        packed.multiply(a.data(), strideA, c.data(), strideC, rows, isAdded);
        for (qint64 row = 0; row < rows; ++row)
          for (qint64 column = 0; column < strideC; ++column) {
            const auto at = std::size_t(row * strideC + column);
            double sum = column >= n || isAdded ? double(before[at]) : 0;
            for (qint64 i = 0; column < n && i < k; ++i)
              sum += double(a[std::size_t(row * strideA + i)]) * double(b[std::size_t(i * n + column)]);
            QVERIFY(std::abs(double(c[at]) - sum) < 1e-6);
          }
      }
  }
};

QTEST_GUILESS_MAIN(PackedProductTest)
#include "tst_PackedProduct.moc"
