#include "model/storage/ModelLibrary.h"
#include "model/storage/Sqlite.h"
#include "tests/support/Generations.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <ctime>
#include <limits>
#include <map>

using namespace layersmith;
using namespace layersmith::fixtures;

/// Two writers and two readers, each a process, on one store; again and again one of them is killed at random and
/// another takes its place. No acknowledged save is lost, nobody is told that the store is busy, and the file stays
/// whole. At least 10,000 operations and 20 s; LAYERSMITH_LONG=1: five minutes.
class TestStoreTwoProc : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void getAlong();

 private:
  static constexpr long long kNever = std::numeric_limits<long long>::max();

  /// A place is about to hold this generation, or does since.
  struct Write {
    int generation = 0;
    long long begun = 0;
    long long done = kNever;  ///< kNever: its process was killed first
    bool isAcknowledged = false;
  };
  struct Worker {
    std::unique_ptr<QProcess> process;
    bool writes = false;
    std::vector<std::pair<QString, int>> pending;
    long long begun = 0;
  };
  struct Tally {
    int done = 0, refused = 0, kills = 0;
    QStringList faults;
  };

  void start(Worker& worker);
  void listen(Worker& worker);
  void take(Worker& worker, const QString& line);
  void stop(Worker& worker, bool kills);
  void checkPlaces();

  QTemporaryDir m_folder;
  QString m_store = m_folder.filePath(QStringLiteral("store.sqlite"));
  Tally m_tally;
  int m_nextId = 1;
  std::map<QString, std::vector<Write>> m_writes;
};

void TestStoreTwoProc::start(Worker& worker) {
  worker.process = std::make_unique<QProcess>();
  worker.process->setProcessChannelMode(QProcess::ForwardedErrorChannel);
  worker.process->start(QStringLiteral(LAYERSMITH_STORE_WORKER),
                        {m_store, worker.writes ? QStringLiteral("writer") : QStringLiteral("reader"),
                         QString::number(m_nextId), QString::number(m_nextId)});
  ++m_nextId;
}

void TestStoreTwoProc::take(Worker& worker, const QString& line) {
  const QStringList words = line.split(u' ');
  if (words[0] == QStringLiteral("fault")) {
    m_tally.faults.append(line);
  } else if (words[0] == QStringLiteral("begin")) {
    worker.begun = words[1].toLongLong();
    worker.pending.clear();
    for (const QString& word : words.mid(2))
      worker.pending.emplace_back(word.section(u'=', 0, 0), word.section(u'=', 1).toInt());
  } else {
    const bool isDone = words[0] == QStringLiteral("done");
    ++(isDone ? m_tally.done : m_tally.refused);
    for (const auto& [url, generation] : worker.pending)
      m_writes[url].push_back({generation, worker.begun, words[1].toLongLong(), isDone || generation < 0});
    worker.pending.clear();
  }
}

void TestStoreTwoProc::listen(Worker& worker) {
  worker.process->waitForReadyRead(1);
  while (worker.process->canReadLine()) take(worker, QString::fromUtf8(worker.process->readLine()).trimmed());
}

void TestStoreTwoProc::stop(Worker& worker, bool kills) {
  if (kills)
    worker.process->kill();
  else
    worker.process->closeWriteChannel();
  if (!worker.process->waitForFinished(60'000)) m_tally.faults.append(QStringLiteral("a worker does not end"));
  listen(worker);
  for (const auto& [url, generation] : worker.pending) m_writes[url].push_back({generation, worker.begun});
  worker.pending.clear();
}

/// Each place holds what was written there last: nothing acknowledged began after that was done.
void TestStoreTwoProc::checkPlaces() {
  ModelLibrary library(m_store);
  for (const auto& [url, writes] : m_writes) {
    const int found = library.contains(url) ? generationOf(library.load(url)) : 0;
    long long newest = 0;  // when the last acknowledged write began
    for (const Write& write : writes)
      if (write.isAcknowledged) newest = std::max(newest, write.begun);
    const bool isThere = std::ranges::any_of(writes, [&](const Write& write) {
      return (write.generation == found || write.generation < 0) && write.done >= newest;
    });
    const bool isUntouched = found == 0 && newest == 0;
    if (!isThere && !isUntouched) m_tally.faults.append(QStringLiteral("lost: %1 holds %2").arg(url).arg(found));
  }
}

void TestStoreTwoProc::getAlong() {
  const bool isLong = qEnvironmentVariableIntValue("LAYERSMITH_LONG") > 0;
  const int operations = 10'000, leastMs = isLong ? 300'000 : 20'000;
  std::array<Worker, 4> workers;
  workers[0].writes = workers[1].writes = true;
  for (Worker& worker : workers) start(worker);
  QElapsedTimer timer, sinceKill;
  timer.start();
  sinceKill.start();
  int pauseMs = 100;
  while ((m_tally.done < operations || timer.elapsed() < leastMs) && timer.elapsed() < 1'800'000) {
    for (Worker& worker : workers) listen(worker);
    if (sinceKill.elapsed() < pauseMs) continue;
    Worker& victim = workers[QRandomGenerator::global()->bounded(4)];
    stop(victim, true);
    start(victim);
    ++m_tally.kills;
    sinceKill.restart();
    pauseMs = 50 + int(QRandomGenerator::global()->bounded(1'200));
  }
  for (Worker& worker : workers) stop(worker, false);
  checkPlaces();
  SqliteDatabase database(m_store);
  SqliteStatement check(database, "PRAGMA integrity_check");
  QVERIFY(check.step());
  const QString integrity = check.text(0);
  const qsizetype lost = m_tally.faults.filter(QStringLiteral("lost")).size();
  qInfo("%d operations, %d refused, %d kills in %.1f s; %d places; %d faults, %d lost; integrity_check: %s",
        m_tally.done, m_tally.refused, m_tally.kills, double(timer.elapsed()) / 1000, int(m_writes.size()),
        int(m_tally.faults.size()), int(lost), qPrintable(integrity));
  QCOMPARE(integrity, QStringLiteral("ok"));
  QVERIFY2(m_tally.faults.isEmpty(), qPrintable(m_tally.faults.mid(0, 10).join(u'\n')));
  QVERIFY(m_tally.done >= operations);
  QVERIFY(m_tally.kills > 3);
}

QTEST_GUILESS_MAIN(TestStoreTwoProc)
#include "tst_StoreTwoProc.moc"
