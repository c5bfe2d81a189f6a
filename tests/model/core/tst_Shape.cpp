#include "model/core/Error.h"
#include "model/core/Shape.h"

#include <QTest>

using namespace layersmith;

class TestShape : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void prints() {
    QCOMPARE(toString({kUnknownDim, 26, 26, 8}), std::string("(null, 26, 26, 8)"));
    QCOMPARE(toStringWithoutBatch({kUnknownDim, 26, 26, 8}), std::string("(26, 26, 8)"));
    QCOMPARE(toStringWithoutBatch({kUnknownDim, kUnknownDim, 3}), std::string("(?, 3)"));
    QCOMPARE(toStringWithoutBatch({}), std::string("()"));
  }

  void countsWithoutOverflow() {
    QCOMPARE(elementCount({2, 3, 4}), 24);
    QCOMPARE(elementCount({kUnknownDim, 3}), 3);
    QCOMPARE(elementCount({0, 5}), 0);
    QVERIFY_EXCEPTION_THROWN(elementCount({1 << 30, 1 << 30, 1 << 30}), Error);
    QVERIFY_EXCEPTION_THROWN(elementCount({-5}), Error);
  }
};

QTEST_GUILESS_MAIN(TestShape)
#include "tst_Shape.moc"
