#include "model/data/RawDataBytes.h"
#include "model/storage/folder/FileAccess.h"
#include "tests/model/document/FaultTraining.h"
#include "tests/support/FaultRun.h"
#include "tests/support/PowerCut.h"

#include <QTemporaryDir>
#include <QTest>

using namespace layersmith;
using namespace layersmith::fixtures;

/// Every system call of keeping a document and a checkpoint fails once, and the power is cut at each: the old ones or
/// the new ones are there, and the training goes on as if nothing had been.
class TestFaultyRecovery : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void failedCalls();
  void powerCuts();
  void whatIsBeingWrittenIsNotSwept();

 private:
  static QString folderIn(const QTemporaryDir& root) { return root.filePath(QStringLiteral("work/recovery")); }
  static FaultRun train(const QTemporaryDir& root, const QStringList& epochs, const QString& fault = {},
                        const QString& mirror = {}) {
    return runUnderFault(QStringLiteral(LAYERSMITH_FAULT_TRAINER), QStringList{folderIn(root)} + epochs, root.path(),
                         fault, mirror);
  }
  static void keepFirst(const QTemporaryDir& root);
  void checkKept(const QTemporaryDir& root, const QString& what, bool isSecondKept);
  static QStringList unfinished(const QTemporaryDir& root) {
    return QDir(folderIn(root)).entryList({QStringLiteral(".*")}, QDir::Files | QDir::Hidden);
  }

  QByteArray m_hashes[kEpochs + 1];  ///< of the weights after each epoch
  QByteArray m_data;
};

void TestFaultyRecovery::initTestCase() {
  faultTraining([this](int epoch, const DocumentState&, const TrainingCheckpoint& checkpoint) {
    m_hashes[epoch] = hashOf(checkpoint.weights);
  });
  m_data = rawDataBytes(*makeTemplate(QStringLiteral("twoMoons")).dataset->raw);
  QVERIFY(!m_hashes[kEpochs].isEmpty() && m_hashes[kEpochs] != m_hashes[1]);
}

/// The document and the checkpoint of epoch 1 are there, and nothing else.
void TestFaultyRecovery::keepFirst(const QTemporaryDir& root) {
  QDir(root.filePath(QStringLiteral("work"))).removeRecursively();
  QDir().mkpath(root.filePath(QStringLiteral("work")));
  const FaultRun run = train(root, {QStringLiteral("1")});
  if (run.exitCode != 0 || run.said.contains(QStringLiteral("failed"))) qFatal("%s", qPrintable(run.said));
}

/// What epoch 1 or epoch 2 left, whole.
void TestFaultyRecovery::checkKept(const QTemporaryDir& root, const QString& what, bool isSecondKept) {
  const std::optional<RecoveredDocument> found = RecoveryJournal(folderIn(root)).recovered(QStringLiteral("one"));
  QVERIFY2(found && found->checkpoint && found->state.dataset, qPrintable(what));
  const int edits = found->label.edits, epoch = found->checkpoint->position.epoch;
  const QString which = QStringLiteral("%1; found document %2, checkpoint %3").arg(what).arg(edits).arg(epoch);
  QVERIFY2(edits == 2 || (edits == 1 && !isSecondKept), qPrintable(which));
  QVERIFY2(epoch == 2 || (epoch == 1 && !isSecondKept), qPrintable(which));
  QVERIFY2(hashOf(found->checkpoint->weights) == m_hashes[epoch], qPrintable(which));
  QVERIFY2(hashOf(found->checkpoint->bestWeights) == m_hashes[epoch], qPrintable(which));
  QFile data(folderIn(root) + QStringLiteral("/one.data"));
  QVERIFY2(data.open(QIODevice::ReadOnly) && data.readAll() == m_data, qPrintable(which));
}

void TestFaultyRecovery::failedCalls() {
  const QStringList kinds = {QStringLiteral("ENOSPC"), QStringLiteral("EIO"),   QStringLiteral("EDQUOT"),
                             QStringLiteral("EROFS"),  QStringLiteral("EINTR"), QStringLiteral("short")};
  QTemporaryDir root;
  int faults = 0, failures = 0;
  for (int k = 1;; ++k) {
    const QString fault = QStringLiteral("%1:%2").arg(kinds[k % kinds.size()]).arg(k);
    keepFirst(root);
    FaultRun run = train(root, {QStringLiteral("2")}, fault);
    if (run.struck.isEmpty()) break;
    const QString what = QStringLiteral("%1 at %2: said \"%3\"").arg(fault, run.struck, run.said);
    const bool isFailed = run.said.contains(QStringLiteral("2 failed: E201"));
    QVERIFY2(isFailed || !run.said.contains(QStringLiteral("failed")), qPrintable(what));
    checkKept(root, what, !isFailed);
    QVERIFY2(run.exitCode == 0 && run.said.endsWith(QString::fromLatin1(m_hashes[kEpochs])), qPrintable(what));

    // In the same training the next one works, and leaves nothing lying about.
    keepFirst(root);
    run = train(root, {QStringLiteral("2"), QStringLiteral("3")}, fault);
    QVERIFY2(!run.said.contains(QStringLiteral("3 failed")), qPrintable(what));
    const auto found = RecoveryJournal(folderIn(root)).recovered(QStringLiteral("one"));
    QVERIFY2(found && found->checkpoint->position.epoch == 3 && found->label.edits == 3, qPrintable(what));
    QCOMPARE(unfinished(root), QStringList());
    ++faults;
    failures += isFailed;
  }
  qInfo("%d faults, %d failed writes, 0 checkpoints lost", faults, failures);
  QVERIFY(failures > 3);
}

void TestFaultyRecovery::powerCuts() {
  QTemporaryDir root;
  const QString work = root.filePath(QStringLiteral("work")), mirror = root.filePath(QStringLiteral("mirror"));
  int cuts = 0, swept = 0;
  for (int k = 1;; ++k) {
    keepFirst(root);
    QDir(mirror).removeRecursively();
    mirrorFolder(work, mirror);
    const QString key = keyOf(work);
    const FaultRun run = train(root, {QStringLiteral("2")}, QStringLiteral("cut:%1").arg(k), mirror);
    if (run.struck.isEmpty()) break;
    ++cuts;
    const QString what = QStringLiteral("cut at ") + run.struck;
    // A kill only: what was being written is swept at the next start, and nothing else.
    swept += int(unfinished(root).size());
    RecoveryJournal(folderIn(root)).sweep();
    QCOMPARE(unfinished(root), QStringList());
    checkKept(root, what + QStringLiteral(" (killed)"), false);
    // What the disk holds takes the place of what the kernel still had in memory.
    QDir(work).removeRecursively();
    restoreFolder(key, mirror, work);
    RecoveryJournal(folderIn(root)).sweep();
    checkKept(root, what, false);
  }
  qInfo("%d cuts, 0 checkpoints lost, %d unfinished files swept", cuts, swept);
  QVERIFY(cuts > 10 && swept > 3);
}

void TestFaultyRecovery::whatIsBeingWrittenIsNotSwept() {
  QTemporaryDir folder;
  const QString path = folder.filePath(QStringLiteral(".one.1.checkpoint.layersmith-new"));
  {
    NewFile file(path, {10, 0});
    file.write(WeightBytes(QByteArray("0123456789")));
    sweepUnfinished(folder.path());
    QVERIFY(QFile::exists(path));
  }
  sweepUnfinished(folder.path());
  QVERIFY(!QFile::exists(path));
}

QTEST_GUILESS_MAIN(TestFaultyRecovery)
#include "tst_FaultyRecovery.moc"
