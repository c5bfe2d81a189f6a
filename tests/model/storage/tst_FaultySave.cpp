#include "model/storage/ModelLibrary.h"
#include "tests/support/FaultRun.h"
#include "tests/support/Generations.h"
#include "tests/support/PowerCut.h"

#include <QDirIterator>
#include <QTemporaryDir>

using namespace layersmith;
using namespace layersmith::fixtures;

/// Every system call of a save, a removal, a restore and a move fails once, in every way; and the power is cut at each,
/// with all that was not synced forgotten. LAYERSMITH_LONG=1: every kind at every call, else the kinds take turns.
class TestFaultySave : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void failedCalls_data() { cases(); }
  void failedCalls();
  void powerCuts_data() { cases(); }
  void powerCuts();
  void catchesASaveThatDoesNotSync();

 private:
  static constexpr qint64 kSmall = 30'000, kLarge = 300'000;  // in floats; large weights of a store lie in a file

  struct Case {
    QString operation, place, target;
    qint64 floats = 0;
  };
  /// Generations: 0 is none, below it is damaged.
  struct State {
    int place = 0, target = 0, trash = 0;
    bool operator==(const State&) const = default;
    QString text() const { return QStringLiteral("place %1, target %2, Trash %3").arg(place).arg(target).arg(trash); }
  };
  static void cases();
  static Case fetchCase();
  static State before(const Case& one);
  static State after(const Case& one);
  static bool mayFollowACut(const Case& one, const State& state);
  static bool mayFollowAFailure(const Case& one, bool isDone, const State& state);

  void makeRoot();
  void prepare(const Case& one);
  FaultRun run(const Case& one, const QString& fault, const QString& mirror = {}) const;
  State look(const Case& one) const;
  QStringList everything() const;
  static bool isDone(const FaultRun& run) { return run.exitCode == 0 && run.said == QStringLiteral("done"); }
  QString work() const { return m_root->path() + QStringLiteral("/work"); }
  QString storeOf(const Case& one) const {
    return work() + (isFirst(one) ? QStringLiteral("/home/deep/store.sqlite") : QStringLiteral("/store.sqlite"));
  }
  QString urlOf(const QString& place) const {
    return place.contains(QStringLiteral("://")) ? place : work() + u'/' + place;
  }
  static bool isFirst(const Case& one) { return one.operation == QStringLiteral("first"); }

  std::unique_ptr<QTemporaryDir> m_root;
};

void TestFaultySave::cases() {
  QTest::addColumn<QString>("operation");
  QTest::addColumn<QString>("place");
  QTest::addColumn<QString>("target");
  QTest::addColumn<qint64>("floats");
  QTest::addColumn<QString>("without");  // what the file system cannot do
  const auto row = [](const char* name, const char* operation, const char* place, qint64 floats = kSmall,
                      const char* target = "", const char* without = "") {
    QTest::newRow(name) << QString::fromLatin1(operation) << QString::fromLatin1(place) << QString::fromLatin1(target)
                        << floats << QString::fromLatin1(without);
  };
  row("save, folder", "save", "model");
  row("save, folder without exchange", "save", "model", kSmall, "", "renameat2");
  row("save, folder with other files", "save", "mixed");
  row("save, download pair", "save", "pair.json");
  row("save, store", "save", "indexeddb://model");
  row("save, store, weights in a file", "save", "indexeddb://model", kLarge);
  row("first save, new folders", "first", "new/deep/model");
  row("first save, new folders without exchange", "first", "new/deep/model", kSmall, "", "renameat2");
  row("first save, download pair", "first", "new/deep/pair.json");
  row("first save, new store", "first", "indexeddb://model", kLarge);
  row("replace, folder", "replace", "model");
  row("replace, folder without exchange", "replace", "model", kSmall, "", "renameat2");
  row("replace, download pair", "replace", "pair.json");
  row("replace, store", "replace", "indexeddb://model", kLarge);
  row("remove, folder", "remove", "model");
  row("remove, folder with folders", "remove", "sub");
  row("remove, download pair", "remove", "pair.json");
  row("remove, store", "remove", "indexeddb://model", kLarge);
  row("restore, folder", "restore", "model");
  row("restore, folder with folders", "restore", "sub");
  row("restore, store", "restore", "indexeddb://model", kLarge);
  row("move, folder to store", "move", "model", kLarge, "indexeddb://other");
  row("move, store to folder", "move", "indexeddb://model", kLarge, "new/other");
}

TestFaultySave::Case TestFaultySave::fetchCase() {
  QFETCH(QString, operation);
  QFETCH(QString, place);
  QFETCH(QString, target);
  QFETCH(qint64, floats);
  QFETCH(QString, without);
  qputenv("FAULT_WITHOUT", without.toLatin1());  // for the programs that this one starts
  return {operation, place, target, floats};
}

TestFaultySave::State TestFaultySave::before(const Case& one) {
  if (isFirst(one)) return {0, 0, 0};
  return one.operation == QStringLiteral("restore") ? State{0, 0, 1} : State{1, 0, 0};
}

TestFaultySave::State TestFaultySave::after(const Case& one) {
  if (one.operation == QStringLiteral("replace")) return {2, 0, 1};
  if (one.operation == QStringLiteral("remove")) return {0, 0, 1};
  if (one.operation == QStringLiteral("restore")) return {1, 0, 0};
  return one.operation == QStringLiteral("move") ? State{0, 1, 1} : State{2, 0, 0};
}

bool TestFaultySave::mayFollowAFailure(const Case& one, bool isDone, const State& state) {
  if (state == (isDone ? after(one) : before(one))) return true;
  // A copy that was moved is there, and the original too; what was restored may stay in the Trash.
  if (one.operation == QStringLiteral("move")) return !isDone && state == State{1, 1, 0};
  return one.operation == QStringLiteral("restore") && isDone && state == State{1, 0, 1};
}

bool TestFaultySave::mayFollowACut(const Case& one, const State& state) {
  if (state == before(one) || state == after(one)) return true;
  if (one.operation == QStringLiteral("move"))
    return state == State{1, 1, 0} || state == State{1, 1, 1} || state == State{1, 0, 1};
  const bool hasTrash = one.operation != QStringLiteral("save") && !isFirst(one);
  return hasTrash && state == State{1, 0, 1};  // in both places
}

/// In memory: what calls are counted and lost is the shim's doing, and no disk has to be waited for.
void TestFaultySave::makeRoot() {
  const QString memory = QStringLiteral("/dev/shm");
  const bool isThere = QFileInfo(memory).isDir() && QFileInfo(memory).isWritable();
  m_root = std::make_unique<QTemporaryDir>((isThere ? memory : QDir::tempPath()) +
                                           QStringLiteral("/layersmith-faults-XXXXXX"));
  QVERIFY(m_root->isValid());
}

/// The models that the case begins with, whole and synced, and nothing else of ours.
void TestFaultySave::prepare(const Case& one) {
  QDir(work()).removeRecursively();
  QDir().mkpath(work());
  const QString url = urlOf(one.place);
  if (isFirst(one)) return;
  if (one.place == QStringLiteral("mixed")) {
    QDir().mkpath(url);
    write(url + QStringLiteral("/holiday.jpg"), "picture");
  }
  ModelArtifacts model = generation(1, one.floats);
  if (one.place == QStringLiteral("sub"))
    model.groups = {{{"below/a", "below/deep/b", "c"}, 1, {4000, 4000, one.floats * 4 - 8000}}};
  ModelLibrary library(storeOf(one));
  library.save(url, model);
  if (one.operation == QStringLiteral("restore")) library.remove(url);
}

FaultRun TestFaultySave::run(const Case& one, const QString& fault, const QString& mirror) const {
  const QString operation = isFirst(one) ? QStringLiteral("save") : one.operation;
  return runUnderFault(
      QStringLiteral(LAYERSMITH_FAULT_SAVER),
      {operation, urlOf(one.place), storeOf(one), QStringLiteral("2"), QString::number(one.floats), urlOf(one.target)},
      m_root->path(), fault, mirror);
}

/// What is where; it takes what is in the Trash out of it, so that this is known to work.
TestFaultySave::State TestFaultySave::look(const Case& one) const {
  ModelLibrary library(storeOf(one));
  const auto found = [&](const QString& url) {
    try {
      return library.contains(url) ? generationOf(library.load(url)) : 0;
    } catch (const Error& error) {
      qWarning("%s", error.what());
      return -2;
    }
  };
  State state{found(urlOf(one.place)), one.target.isEmpty() ? 0 : found(urlOf(one.target)), 0};
  const std::vector<TrashEntry> trash = library.trash();
  if (trash.empty()) return state;
  if (trash.size() > 1) return {state.place, state.target, -3};
  try {
    if (state.place != 0) library.remove(urlOf(one.place));
    library.restore(trash.front().id);
    state.trash = found(urlOf(one.place));
  } catch (const Error& error) {
    qWarning("%s: %s", qPrintable(trash.front().name), error.what());
    state.trash = -2;
  }
  return state;
}

/// All files and folders but those of the store, and an empty Trash.
QStringList TestFaultySave::everything() const {
  QStringList names;
  QDirIterator it(work(), QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                  QDirIterator::Subdirectories);
  while (it.hasNext())
    if (const QString name = QDir(work()).relativeFilePath(it.next()); !name.contains(QStringLiteral("store.sqlite")) &&
                                                                       !name.startsWith(QStringLiteral("home")) &&
                                                                       name != QStringLiteral("trash"))
      names.append(name);
  names.sort();
  return names;
}

void TestFaultySave::failedCalls() {
  const Case one = fetchCase();
  const QStringList kinds = {QStringLiteral("ENOSPC"), QStringLiteral("EIO"),   QStringLiteral("EDQUOT"),
                             QStringLiteral("EROFS"),  QStringLiteral("EINTR"), QStringLiteral("short")};
  const bool isLong = qEnvironmentVariableIntValue("LAYERSMITH_LONG") > 0;
  makeRoot();
  int faults = 0, failures = 0;
  for (int k = 1;; ++k) {
    bool isPastTheEnd = false;
    for (int i = 0; i < (isLong ? int(kinds.size()) : 1); ++i) {
      const QString kind = kinds[(k + i) % kinds.size()];
      prepare(one);
      const QStringList untouched = everything();
      const FaultRun run = this->run(one, kind + u':' + QString::number(k));
      isPastTheEnd = run.struck.isEmpty();
      if (isPastTheEnd) break;
      const QStringList left = everything();
      const State state = look(one);
      const QString what =
          QStringLiteral("%1 at %2: said \"%3\", found %4").arg(kind, run.struck, run.said, state.text());
      QVERIFY2(mayFollowAFailure(one, isDone(run), state), qPrintable(what));
      if (!isDone(run)) {
        if (state == before(one))
          QVERIFY2(left == untouched, qPrintable(what + u'\n' + left.join(u' ') + u'\n' + untouched.join(u' ')));
        const bool isUnread = run.said.contains(QStringLiteral("could not be read"));
        QVERIFY2(isUnread || run.said.startsWith(QStringLiteral("E20")), qPrintable(what));
        QVERIFY2(isUnread || run.said.contains(QStringLiteral("unchanged")) ||
                     run.said.contains(QStringLiteral("Nothing was changed")),
                 qPrintable(what));
      }
      ++faults;
      failures += !isDone(run);
      // Afterwards a save works, and there is no debris of the failed one.
      SaveOptions replace;
      replace.overwrite = true;
      ModelLibrary library(storeOf(one));
      library.emptyTrash();
      library.save(urlOf(one.place), generation(3, one.floats), replace);
      QCOMPARE(generationOf(library.load(urlOf(one.place))), 3);
      // Where folders cannot be exchanged, an old weight file that could not go stays for ever.
      const bool isTidy = !isDone(run) || qEnvironmentVariableIsEmpty("FAULT_WITHOUT");
      if (one.place == QStringLiteral("model") && one.target.isEmpty() && isTidy)
        QCOMPARE(everything().filter(QStringLiteral("model")).size(), 3);  // itself and its files
      if (const QDir weights(storeOf(one) + QStringLiteral(".weights")); weights.exists() && one.target.isEmpty())
        QCOMPARE(weights.entryList(QDir::Files).size(), 1);
    }
    if (isPastTheEnd) break;
  }
  qInfo("%s: %d faults, %d failed, 0 lost", QTest::currentDataTag(), faults, failures);
  QVERIFY(failures > 3);
}

void TestFaultySave::powerCuts() {
  const Case one = fetchCase();
  makeRoot();
  int cuts = 0, old = 0;
  for (int k = 1;; ++k) {
    prepare(one);
    const QString mirror = m_root->path() + QStringLiteral("/mirror"),
                  memory = m_root->path() + QStringLiteral("/memory");
    QDir(mirror).removeRecursively();
    mirrorFolder(work(), mirror);
    const QString key = keyOf(work());
    const FaultRun run = this->run(one, QStringLiteral("cut:%1").arg(k), mirror);
    // What the disk holds takes the place of what the kernel still had in memory.
    QDir().rename(work(), memory);
    restoreFolder(key, mirror, work());
    QDir(memory).removeRecursively();
    const State state = look(one);
    const QString what = QStringLiteral("cut at %1: said \"%2\", found %3").arg(run.struck, run.said, state.text());
    QVERIFY2(mayFollowACut(one, state), qPrintable(what));
    if (isDone(run)) QVERIFY2(mayFollowAFailure(one, true, state), qPrintable(what));
    old += state == before(one);
    if (run.struck.isEmpty()) {
      QVERIFY2(isDone(run), qPrintable(what));
      break;
    }
    ++cuts;
  }
  qInfo("%s: %d cuts, old %d times, 0 half", QTest::currentDataTag(), cuts, old);
  QVERIFY(old > 1);
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
