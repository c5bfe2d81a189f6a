#include "model/document/Edits.h"
#include "model/document/RecoveryJournal.h"
#include "model/document/Templates.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace layersmith;

namespace {

/// Writes an entry from another process, which then ends: what a crash leaves behind.
void writeInChild(const QString& folder, const QString& kind) {
  QProcess child;
  child.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--write"), folder, kind});
  QVERIFY(child.waitForFinished());
  QCOMPARE(child.exitCode(), 0);
}

int writeEntry(const QString& folder, const QString& kind) {
  DocumentState state = makeTemplate(QStringLiteral("twoMoons"));
  const LayerId out = state.graph.findByName("out")->id;
  state = edits::setPosition(state, out, CardPosition{12, 34});
  if (kind == QLatin1String("broken")) state = edits::setField(state, {out}, "units", -3);
  RecoveryJournal(folder).write(QStringLiteral("one"), QStringLiteral("moons"), QStringLiteral("indexeddb://moons"), 4,
                                state);
  return 0;
}

}  // namespace

class TestRecoveryJournal : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void anotherProgramsWorkComesBack() {
    QTemporaryDir folder;
    writeInChild(folder.path(), QStringLiteral("whole"));
    const std::vector<RecoveredDocument> found = RecoveryJournal(folder.path()).recoverable();
    QCOMPARE(found.size(), std::size_t(1));
    QCOMPARE(found[0].name, QStringLiteral("moons"));
    QCOMPARE(found[0].url, QStringLiteral("indexeddb://moons"));
    QCOMPARE(found[0].edits, 4);
    QCOMPARE(found[0].state.graph.layers.size(), std::size_t(3));
    const LayerId out = found[0].state.graph.findByName("out")->id;
    QVERIFY((found[0].state.positions.at(out) == CardPosition{12, 34}));
    QVERIFY(found[0].state.hasRecipe);
    RecoveryJournal(folder.path()).remove(QStringLiteral("one"));
    QVERIFY(RecoveryJournal(folder.path()).recoverable().empty());
  }

  void aModelWithFaultsIsKeptToo() {
    QTemporaryDir folder;
    writeInChild(folder.path(), QStringLiteral("broken"));
    const std::vector<RecoveredDocument> found = RecoveryJournal(folder.path()).recoverable();
    QCOMPARE(found.size(), std::size_t(1));
    QCOMPARE(found[0].state.graph.findByName("out")->config.intAt("units", 0), -3);
  }

  void damagedEntriesArePassedOverAndKept() {
    QTemporaryDir folder;
    writeInChild(folder.path(), QStringLiteral("whole"));
    const QString path = folder.filePath(QStringLiteral("one.recovery"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.resize(file.size() / 2));
    file.close();
    QVERIFY(RecoveryJournal(folder.path()).recoverable().empty());
    QVERIFY(QFile::exists(path));
  }
};

int main(int argc, char** argv) {
  QCoreApplication app(argc, argv);
  const QStringList arguments = app.arguments();
  if (arguments.size() == 4 && arguments[1] == QLatin1String("--write")) return writeEntry(arguments[2], arguments[3]);
  TestRecoveryJournal test;
  return QTest::qExec(&test, argc, argv);
}
#include "tst_RecoveryJournal.moc"
