#include "model/storage/ModelLibrary.h"
#include "model/storage/Sqlite.h"
#include "tests/support/Generations.h"

#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>

#include <array>

using namespace layersmith;
using namespace layersmith::fixtures;

/// Two writers and two readers on one store, one of them killed at random again and again: no half model, no complaint
/// that the store is busy, no corruption. 10,000 operations; LAYERSMITH_LONG=1: 100,000.
class TestTwoProcesses : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void getAlong();
};

void TestTwoProcesses::getAlong() {
  QTemporaryDir folder;
  const QString store = folder.filePath(QStringLiteral("store.sqlite"));
  const int wanted = qEnvironmentVariableIntValue("LAYERSMITH_LONG") > 0 ? 100'000 : 10'000;
  int operations = 0, kills = 0, seed = 1;
  std::array<QProcess, 4> workers;
  const auto start = [&](std::size_t i) {
    workers[i].start(QStringLiteral(LAYERSMITH_STORE_WORKER),
                     {store, i < 2 ? QStringLiteral("writer") : QStringLiteral("reader"), QString::number(seed++),
                      QString::number(wanted)});
  };
  for (std::size_t i = 0; i < workers.size(); ++i) start(i);
  QElapsedTimer sinceKill;
  sinceKill.start();
  while (operations < wanted) {
    for (std::size_t i = 0; i < workers.size(); ++i) {
      workers[i].waitForReadyRead(5);
      const QByteArray said = workers[i].readAllStandardOutput();
      operations += int(said.count('\n'));
      if (workers[i].state() != QProcess::NotRunning) continue;
      QVERIFY2(workers[i].exitStatus() == QProcess::CrashExit || workers[i].exitCode() == 0, said.constData());
      start(i);
    }
    if (sinceKill.elapsed() < 100) continue;
    workers[std::size_t(QRandomGenerator::global()->bounded(2))].kill();  // a writer
    ++kills;
    sinceKill.restart();
  }
  for (QProcess& worker : workers) {
    worker.kill();
    worker.waitForFinished();
    QVERIFY2(!worker.readAllStandardOutput().contains("half a model"), "half a model");
  }
  SqliteDatabase database(store);
  SqliteStatement check(database, "PRAGMA integrity_check");
  QVERIFY(check.step());
  QCOMPARE(check.text(0), QStringLiteral("ok"));
  SqliteStatement foreign(database, "PRAGMA foreign_key_check");
  QVERIFY(!foreign.step());
  ModelLibrary library(store);
  int models = 0;
  for (const ModelEntry& entry : library.list()) {
    QVERIFY(generationOf(library.load(entry.url)) >= 0);
    ++models;
  }
  qInfo("%d operations, %d kills, %d models left, all whole", operations, kills, models);
  QVERIFY(kills > 0);
}

QTEST_GUILESS_MAIN(TestTwoProcesses)
#include "tst_TwoProcesses.moc"
