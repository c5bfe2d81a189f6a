// LAYERSMITH_LIMITS: what it may set, how far, and what is said of the rest.
#include "model/core/Limits.h"

#include <QTest>

using namespace layersmith;

class TestLimits : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void cleanup() { qunsetenv("LAYERSMITH_LIMITS"); }
  void standardsHold();
  void numbersAreTaken_data();
  void numbersAreTaken();
  void problemsAreNamed_data();
  void problemsAreNamed();
};

void TestLimits::standardsHold() {
  QCOMPARE(limits::kModelJsonBytes, 32 * limits::kMiB);
  QCOMPARE(limits::kWeightBytes, 16 * limits::kGiB);
  QCOMPARE(limits::settable("json.bytes", 5, 10), std::int64_t(5));
  QCOMPARE(limits::settingsProblem(), std::string());
}

void TestLimits::numbersAreTaken_data() {
  QTest::addColumn<qlonglong>("limit");
  QTest::newRow("json.bytes=64M") << 64ll * 1024 * 1024;
  QTest::newRow("zip.entries=5,json.bytes=3K") << 3072ll;
  QTest::newRow("json.bytes=128M") << 128ll * 1024 * 1024;
  QTest::newRow("json.bytes=1") << 1ll;
  QTest::newRow("json.bytes=129M") << 7ll;
  QTest::newRow("json.bytes=0") << 7ll;
  QTest::newRow("json.bytes=-1") << 7ll;
  QTest::newRow("json.bytes=1.5M") << 7ll;
  QTest::newRow("json.bytes=99999999999G") << 7ll;
  QTest::newRow("json.bytes") << 7ll;
  QTest::newRow(",=,json.bytesx=1") << 7ll;
}

void TestLimits::numbersAreTaken() {
  QFETCH(qlonglong, limit);
  qputenv("LAYERSMITH_LIMITS", QTest::currentDataTag());
  QCOMPARE(limits::settable("json.bytes", 7, 128 * limits::kMiB), std::int64_t(limit));
}

void TestLimits::problemsAreNamed_data() {
  QTest::addColumn<QString>("problem");
  QTest::newRow("json.bytes=64M,weights.files=20000") << QString();
  QTest::newRow("json.bytes=1G") << QStringLiteral(
      "LAYERSMITH_LIMITS: \"json.bytes=1G\" needs a number from 1 to 134217728, as 64M for 64 MiB.");
  QTest::newRow("json.bytes=64M,zip.entries=many")
      << QStringLiteral("LAYERSMITH_LIMITS: \"zip.entries=many\" needs a number from 1 to 100000, as 64M for 64 MiB.");
  QTest::newRow("json.byte=5") << QStringLiteral(
      "LAYERSMITH_LIMITS: \"json.byte=5\" sets no limit that there is. There are: dump.bytes json.bytes "
      "json.stringBytes json.values model.layers name.bytes tensor.elements weights.bytes weights.count weights.files "
      "zip.entries.");
}

void TestLimits::problemsAreNamed() {
  QFETCH(QString, problem);
  qputenv("LAYERSMITH_LIMITS", QTest::currentDataTag());
  QCOMPARE(QString::fromStdString(limits::settingsProblem()), problem);
}

QTEST_GUILESS_MAIN(TestLimits)
#include "tst_Limits.moc"
