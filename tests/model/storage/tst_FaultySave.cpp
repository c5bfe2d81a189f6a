#include "model/storage/ModelLibrary.h"
#include "tests/support/FaultRun.h"
#include "tests/support/Generations.h"
#include "tests/support/PowerCut.h"

#include <QTemporaryDir>

using namespace layersmith;
using namespace layersmith::fixtures;

/// Every system call of a save fails once, in every way; and the power is cut at each, with all that was not synced
/// forgotten. LAYERSMITH_LONG=1: every kind at every call, else the kinds take turns.
class TestFaultySave : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void failedCalls_data() { places(); }
  void failedCalls();
  void powerCuts_data() { places(); }
  void powerCuts();
  void catchesASaveThatDoesNotSync();

 private:
  static constexpr qint64 kFloats = 30'000;
  static void places() {
    QTest::addColumn<QString>("place");
    QTest::addColumn<qint64>("floats");
    QTest::newRow("folder") << "work/model" << kFloats;
    QTest::newRow("folder with other files") << "work/mixed" << kFloats;
    QTest::newRow("download pair") << "work/pair.json" << kFloats;
    QTest::newRow("store") << "indexeddb://model" << kFloats;
    QTest::newRow("store, weights in a file") << "indexeddb://model" << qint64(300'000);
  }
  static void prepare(const QString& root, const QString& place, qint64 floats);
  static FaultRun save(const QString& root, const QString& place, qint64 floats, int number, const QString& fault,
                       const QString& mirror = {});
  static bool isSaved(const FaultRun& run) { return run.exitCode == 0 && run.said == QStringLiteral("saved"); }
  static QString storeOf(const QString& root) { return root + QStringLiteral("/work/store.sqlite"); }
  static QString urlOf(const QString& root, const QString& place) {
    return place.contains(QStringLiteral("://")) ? place : root + u'/' + place;
  }
  static int found(const QString& root, const QString& place);
};

/// Generation 1 is there, whole and synced, and nothing else of ours.
void TestFaultySave::prepare(const QString& root, const QString& place, qint64 floats) {
  QDir(root + QStringLiteral("/work")).removeRecursively();
  QDir().mkpath(root + QStringLiteral("/work"));
  if (place.endsWith(QStringLiteral("mixed"))) {
    QDir().mkpath(root + u'/' + place);
    write(root + u'/' + place + QStringLiteral("/holiday.jpg"), "picture");
  }
  ModelLibrary(storeOf(root)).save(urlOf(root, place), generation(1, floats));
}

FaultRun TestFaultySave::save(const QString& root, const QString& place, qint64 floats, int number,
                              const QString& fault, const QString& mirror) {
  return runUnderFault(QStringLiteral(LAYERSMITH_FAULT_SAVER),
                       {urlOf(root, place), storeOf(root), QString::number(number), QString::number(floats)}, root,
                       fault, mirror);
}

int TestFaultySave::found(const QString& root, const QString& place) {
  try {
    return generationOf(ModelLibrary(storeOf(root)).load(urlOf(root, place)));
  } catch (const Error& error) {
    qWarning("%s", error.what());
    return -2;
  }
}

void TestFaultySave::failedCalls() {
  QFETCH(QString, place);
  QFETCH(qint64, floats);
  const QStringList kinds = {QStringLiteral("ENOSPC"), QStringLiteral("EIO"),   QStringLiteral("EDQUOT"),
                             QStringLiteral("EROFS"),  QStringLiteral("EINTR"), QStringLiteral("short")};
  const bool isLong = qEnvironmentVariableIntValue("LAYERSMITH_LONG") > 0;
  QTemporaryDir root;
  int faults = 0, failures = 0;
  for (int k = 1;; ++k) {
    bool isPastTheEnd = false;
    for (int i = 0; i < (isLong ? int(kinds.size()) : 1); ++i) {
      const QString kind = kinds[(k + i) % kinds.size()];
      prepare(root.path(), place, floats);
      const FaultRun run = save(root.path(), place, floats, 2, kind + u':' + QString::number(k));
      isPastTheEnd = run.struck.isEmpty();
      if (isPastTheEnd) break;
      const int number = found(root.path(), place);
      const QString what =
          QStringLiteral("%1 at %2: said \"%3\", found %4").arg(kind, run.struck, run.said).arg(number);
      QVERIFY2(number == (isSaved(run) ? 2 : 1), qPrintable(what));
      if (!isSaved(run)) {
        QVERIFY2(run.said.startsWith(QStringLiteral("E20")), qPrintable(what));
        QVERIFY2(
            run.said.contains(QStringLiteral("unchanged")) || run.said.contains(QStringLiteral("Nothing was changed")),
            qPrintable(what));
      }
      ++faults;
      failures += !isSaved(run);
      // Afterwards a save works, and there is no debris of the failed one.
      QVERIFY2(isSaved(save(root.path(), place, floats, 3, {})), qPrintable(what));
      QCOMPARE(found(root.path(), place), 3);
      if (place == QStringLiteral("work/model"))
        QCOMPARE(QDir(root.path() + QStringLiteral("/work"))
                     .entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
                 QStringList{QStringLiteral("model")});
      if (const QDir weights(storeOf(root.path()) + QStringLiteral(".weights")); weights.exists())
        QCOMPARE(weights.entryList(QDir::Files).size(), 1);
    }
    if (isPastTheEnd) break;
  }
  qInfo("%s: %d faults, %d failed saves, 0 lost", qPrintable(place), faults, failures);
  QVERIFY(failures > 3);
}

void TestFaultySave::powerCuts() {
  QFETCH(QString, place);
  QFETCH(qint64, floats);
  QTemporaryDir root;
  int cuts = 0, old = 0;
  for (int k = 1;; ++k) {
    prepare(root.path(), place, floats);
    const QString work = root.path() + QStringLiteral("/work"), mirror = root.path() + QStringLiteral("/mirror");
    QDir(mirror).removeRecursively();
    mirrorFolder(work, mirror);
    const QString key = keyOf(work);
    const FaultRun run = save(root.path(), place, floats, 2, QStringLiteral("cut:%1").arg(k), mirror);
    // What the disk holds takes the place of what the kernel still had in memory.
    QDir().rename(work, root.path() + QStringLiteral("/memory"));
    restoreFolder(key, mirror, work);
    QDir(root.path() + QStringLiteral("/memory")).removeRecursively();
    const int number = found(root.path(), place);
    const QString what = QStringLiteral("cut at %1: said \"%2\", found %3").arg(run.struck, run.said).arg(number);
    QVERIFY2(number == 1 || number == 2, qPrintable(what));
    if (isSaved(run)) QVERIFY2(number == 2, qPrintable(what));
    old += number == 1;
    if (run.struck.isEmpty()) {
      QVERIFY2(isSaved(run), qPrintable(what));
      break;
    }
    ++cuts;
  }
  qInfo("%s: %d cuts, old %d times, new %d times, 0 half", qPrintable(place), cuts, old, cuts - old);
  QVERIFY(old > 3);
}

/// The mirror forgets what it should: a file written and renamed without a sync is not there after the cut.
void TestFaultySave::catchesASaveThatDoesNotSync() {
  QTemporaryDir root;
  const QString work = root.filePath(QStringLiteral("work")), mirror = root.filePath(QStringLiteral("mirror"));
  QDir().mkpath(work);
  write(work + QStringLiteral("/a"), "old");
  mirrorFolder(work, mirror);
  const QString before = keyOf(work);
  QProcess shell;
  QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
  environment.insert(QStringLiteral("LD_PRELOAD"), QStringLiteral(LAYERSMITH_FAULT_SHIM));
  environment.insert(QStringLiteral("FAULT_BELOW"), work);
  environment.insert(QStringLiteral("FAULT_MIRROR"), mirror);
  shell.setProcessEnvironment(environment);
  shell.start(QStringLiteral("/bin/sh"),
              {QStringLiteral("-c"), QStringLiteral("echo new >%1/b; mv %1/b %1/a; echo other >%1/c").arg(work)});
  QVERIFY(shell.waitForFinished());
  QCOMPARE(bytesOf(work + QStringLiteral("/a")), QByteArray("new\n"));
  restoreFolder(before, mirror, root.filePath(QStringLiteral("after")));
  QCOMPARE(bytesOf(root.filePath(QStringLiteral("after/a"))), QByteArray("old"));
  QVERIFY(!QFile::exists(root.filePath(QStringLiteral("after/c"))));
}

QTEST_GUILESS_MAIN(TestFaultySave)
#include "tst_FaultySave.moc"
