#include "model/storage/ModelLibrary.h"
#include "tests/support/Generations.h"

#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

using namespace layersmith;
using namespace layersmith::fixtures;

/// Real SIGKILLs at random moments of saves: afterwards the old model or the new one is there, whole, and never older
/// than one whose save had returned. LAYERSMITH_LONG=1: 1,000 kills for each kind of place.
class TestKillSave : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void survives_data();
  void survives();
  void catchesANaiveWriter();

 private:
  static constexpr qint64 kFloats = 300'000;
  struct Tally {
    int kills = 0, whole = 0, half = 0, mixed = 0, lost = 0;
    int generations = 0;
    QString text() const {
      return QStringLiteral("%1 kills: %2 whole, %3 half, %4 mixed, %5 lost; %6 generations saved")
          .arg(kills)
          .arg(whole)
          .arg(half)
          .arg(mixed)
          .arg(lost)
          .arg(generations);
    }
  };
  static Tally killOften(const QString& url, const QString& store, std::int64_t floats, int kills, const QString& mode);
  static void checkTrash(const QString& url, const QString& store);
};

TestKillSave::Tally TestKillSave::killOften(const QString& url, const QString& store, std::int64_t floats, int kills,
                                            const QString& mode) {
  const bool isNaive = mode == QStringLiteral("naive");
  Tally tally;
  int next = 1;
  int acknowledged = 0;
  for (; tally.kills < kills; ++tally.kills) {
    QProcess saver;
    saver.start(QStringLiteral(LAYERSMITH_KILL_SAVER),
                {url, store, QString::number(next), QString::number(floats), mode});
    // It saves without a pause: any moment is within a save. The time of one save spreads the kills over all of it.
    QElapsedTimer timer;
    timer.start();
    for (int save = 0; save < 2; ++save) {
      if (!saver.waitForReadyRead(60'000)) {
        QTest::qFail(saver.readAllStandardError().constData(), __FILE__, __LINE__);
        return tally;
      }
      for (const QByteArray& line : saver.readAllStandardOutput().split('\n'))
        acknowledged = std::max(acknowledged, line.toInt());
      if (save == 0) timer.restart();
    }
    QTest::qSleep(int(QRandomGenerator::global()->bounded(int(timer.elapsed()) * 5 / 4 + 2)));
    saver.kill();
    saver.waitForFinished();
    for (const QByteArray& line : saver.readAllStandardOutput().split('\n'))
      acknowledged = std::max(acknowledged, line.toInt());
    int found = 0;
    try {
      LoadOptions options;
      options.acceptChangedFiles = isNaive;
      found = generationOf(ModelLibrary(store).load(url, options));
      ++(found < 0 ? tally.mixed : found < acknowledged ? tally.lost : tally.whole);
    } catch (const Error& error) {
      ++tally.half;
      if (!isNaive) qWarning("%s", error.what());
    }
    tally.generations = std::max({tally.generations, acknowledged, found});
    next = tally.generations + 1;
  }
  return tally;
}

void TestKillSave::survives_data() {
  QTest::addColumn<QString>("place");
  QTest::addColumn<qint64>("floats");
  QTest::addColumn<QString>("mode");
  const QString plain, trash = QStringLiteral("trash");
  QTest::newRow("folder") << "model" << kFloats << plain;
  QTest::newRow("folder with other files") << "mixed" << kFloats << plain;
  QTest::newRow("download pair") << "pair.json" << kFloats << plain;
  QTest::newRow("store") << "indexeddb://model" << qint64(200'000) << plain;
  QTest::newRow("store, weights in a file") << "indexeddb://model" << kFloats << plain;
  QTest::newRow("local storage") << "localstorage://model" << qint64(100'000) << plain;
  QTest::newRow("folder, replaced to Trash") << "model" << kFloats << trash;
  QTest::newRow("download pair, replaced to Trash") << "pair.json" << kFloats << trash;
  QTest::newRow("store, replaced to Trash") << "indexeddb://model" << kFloats << trash;
}

/// What is in the Trash is whole.
void TestKillSave::checkTrash(const QString& url, const QString& store) {
  ModelLibrary library(store);
  for (const TrashEntry& entry : library.trash()) {
    library.purge(library.remove(url).id);
    library.restore(entry.id);
    QVERIFY2(generationOf(library.load(url)) > 0, qPrintable(entry.id));
  }
}

void TestKillSave::survives() {
  QFETCH(QString, place);
  QFETCH(qint64, floats);
  QFETCH(QString, mode);
  QTemporaryDir folder;
  if (place == QStringLiteral("mixed")) {
    QDir().mkpath(folder.filePath(place));
    write(folder.filePath(place + QStringLiteral("/holiday.jpg")), "picture");
  }
  const bool isLong = qEnvironmentVariableIntValue("LAYERSMITH_LONG") > 0;
  const QString url = place.contains(QStringLiteral("://")) ? place : folder.filePath(place);
  const QString store = folder.filePath(QStringLiteral("store.sqlite"));
  const Tally tally = killOften(url, store, floats, isLong ? 1000 : 100, mode);
  qInfo("%s: %s", QTest::currentDataTag(), qPrintable(tally.text()));
  QCOMPARE(tally.whole, tally.kills);
  QCOMPARE(tally.half + tally.mixed + tally.lost, 0);
  QVERIFY(tally.generations > tally.kills);
  if (!mode.isEmpty()) return checkTrash(url, store);
  if (place == QStringLiteral("model")) {
    // No debris but, at most, that of the last kill.
    SaveOptions replace;
    replace.overwrite = true;
    ModelLibrary(store).save(url, generation(1), replace);
    QCOMPARE(QDir(folder.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot), QStringList{place});
  }
  if (const QDir weights(store + QStringLiteral(".weights")); weights.exists()) {
    SaveOptions replace;
    replace.overwrite = true;
    ModelLibrary(store).save(url, generation(1, floats), replace);
    QCOMPARE(weights.entryList(QDir::Files).size(), 1);  // files of killed saves are gone
  }
}

void TestKillSave::catchesANaiveWriter() {
  QTemporaryDir folder;
  const Tally tally = killOften(folder.filePath(QStringLiteral("naive")),
                                folder.filePath(QStringLiteral("store.sqlite")), kFloats, 40, QStringLiteral("naive"));
  qInfo("naive: %s", qPrintable(tally.text()));
  QVERIFY(tally.half + tally.mixed + tally.lost > 0);
}

QTEST_GUILESS_MAIN(TestKillSave)
#include "tst_KillSave.moc"
