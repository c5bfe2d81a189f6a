#include "model/server/KeyedUpload.h"

#include "tests/support/ServiceBench.h"

#include <QTest>

using namespace layersmith;
using namespace layersmith::fixtures;

class TestKeyedUpload : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void limitsWhatIsSentAgain();
};

/// In chunks, so that nobody knows how much is to come.
void TestKeyedUpload::limitsWhatIsSentAgain() {
  Bench bench(false);
  const Answer first = bench.upload("/upload/a", partsOf(QStringLiteral("plain")), {{"Idempotency-Key", "k"}});
  QCOMPARE(first.status, 200);
  HttpRequest request;
  request.id = "x";
  request.method = "POST";
  request.path = "/upload/a";
  request.fields = {
      {"Host", "localhost"}, {"Content-Type", "multipart/form-data; boundary=B"}, {"Idempotency-Key", "k"}};
  request.isChunked = true;
  HttpDecision decision = bench.service().decide(request);
  const std::unique_ptr<BodySink> sink = std::get<2>(decision)();
  sink->write("--B\r\nContent-Disposition: form-data; name=\"model.weights.bin\"\r\n\r\n");
  const std::string piece(limits::kMiB, 'x');
  int pieces = 0, status = 0;
  try {
    for (; pieces < 70; ++pieces) sink->write(piece);
  } catch (const Refusal& refusal) {
    status = refusal.status;
    QCOMPARE(refusal.limitBytes, 64 * limits::kMiB);
  }
  QCOMPARE(status, 413);
  QCOMPARE(pieces, 63);
}

QTEST_GUILESS_MAIN(TestKeyedUpload)
#include "tst_KeyedUpload.moc"
