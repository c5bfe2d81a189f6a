#include "model/format/WeightBytes.h"

#include "model/core/Error.h"
#include "model/format/WeightDecoder.h"
#include "tests/support/ModelFixtures.h"

#include <QTest>

using namespace layersmith;
using namespace layersmith::fixtures;

class TestWeightBytes : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void slicesAcrossPieces();
  void sharesWhereItCan();
  void comparesBytesNotPieces();
  void weightsStayInTheirBlock();

 private:
  /// The text in pieces that end before the given offsets.
  static WeightBytes inPieces(const QByteArray& text, std::initializer_list<qsizetype> cuts) {
    WeightBytes bytes;
    qsizetype from = 0;
    for (const qsizetype cut : cuts) {
      const WeightBytes part(text.sliced(from, cut - from));
      for (const SharedBytes& piece : part.pieces()) bytes.append(piece);
      from = cut;
    }
    return bytes;
  }
};

void TestWeightBytes::slicesAcrossPieces() {
  const QByteArray text("0123456789");
  const WeightBytes bytes = inPieces(text, {3, 3, 4, 10});
  QCOMPARE(bytes.size(), 10);
  QCOMPARE(bytes.pieces().size(), 3u);  // an empty piece is none
  for (qsizetype from = 0; from <= text.size(); ++from)
    for (qsizetype count = 0; from + count <= text.size(); ++count) {
      QCOMPARE(bytes.sliced(from, count).joined(), text.sliced(from, count));
      QCOMPARE(WeightBytes(bytes.run(from, count)).joined(), text.sliced(from, count));
    }
}

void TestWeightBytes::sharesWhereItCan() {
  const WeightBytes bytes = inPieces("0123456789abcdef", {8, 16});
  const std::byte* first = bytes.pieces()[0].data();
  QCOMPARE(bytes.run(4, 4).data(), first + 4);
  QCOMPARE(bytes.run(4, 4, 4).data(), first + 4);
  QVERIFY(bytes.run(5, 2, 4).data() != first + 5);  // no float may stand there
  QVERIFY(bytes.run(6, 4).data() != first + 6);     // two pieces
  const SharedBytes alone = WeightBytes(bytes).run(8, 8);
  QCOMPARE(WeightBytes(alone).joined(), QByteArray("89abcdef"));
}

void TestWeightBytes::comparesBytesNotPieces() {
  const WeightBytes whole(QByteArray("0123456789"));
  QVERIFY(whole == inPieces("0123456789", {1, 5, 10}));
  QVERIFY(inPieces("0123456789", {1, 5, 10}) == whole);
  QVERIFY(inPieces("0123456789", {2, 10}) == inPieces("0123456789", {1, 5, 10}));
  QVERIFY(!(whole == inPieces("0123x56789", {1, 5, 10})));
  QVERIFY(!(whole == inPieces("012345678", {4, 9})));
}

void TestWeightBytes::weightsStayInTheirBlock() {
  WeightSpec flag;
  flag.name = "flag";
  flag.shape = {1};
  flag.dtype = DType::Bool;
  WeightSpec kernel;
  kernel.name = "kernel";
  kernel.shape = {2, 2};
  const ByteBlock block(4 * 4 + 1 + 4 * 4);
  const float values[4] = {1, -2, 3.5f, 1e-20f};
  memcpy(block.data(), values, 16);
  block.data()[16] = std::byte(1);
  memcpy(block.data() + 17, values, 16);
  const WeightBytes bytes(block.share());
  WeightDecoder decoder(bytes);
  const auto aligned = decoder.next(kernel), single = decoder.next(flag), shifted = decoder.next(kernel);
  QCOMPARE(static_cast<const void*>(aligned->bytes.data()), static_cast<const void*>(block.data()));
  QCOMPARE(static_cast<const void*>(single->bytes.data()), static_cast<const void*>(block.data() + 16));
  QVERIFY(std::ranges::equal(aligned->floats(), values));
  QVERIFY(std::ranges::equal(shifted->floats(), values));
  QCOMPARE(reinterpret_cast<std::uintptr_t>(shifted->bytes.data()) % 4, 0u);
  const Error error = errorOf([&] { decoder.next(flag); });
  QCOMPARE(error.code(), std::string("E110"));
}

QTEST_APPLESS_MAIN(TestWeightBytes)
#include "tst_WeightBytes.moc"
