// A save that takes long shows its bytes and can be cancelled: nothing is left behind, and the document stays unsaved.
#include "tests/support/Patience.h"
#include "tests/support/RawPeer.h"
#include "tests/ui/main/StudioFixture.h"
#include "ui/dialogs/ErrorDialog.h"
#include "ui/main/JobStrips.h"
#include "ui/main/SaveController.h"
#include "ui/main/Workspace.h"
#include "ui/widgets/BusyStrip.h"

#include <QElapsedTimer>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QToolButton>

using namespace layersmith;
using namespace layersmith::testing;

class tst_SaveStops : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }

  void stripsComeLateAndTellBytes();
  void eachJobHasItsOwnCancel();
  void anUploadStops();
  void aFolderSaveStops();
  void aRefusalShowsTheAnswer();

 private:
  static QPushButton* cancelOf(const QWidget& jobs, int job) {
    const QList<BusyStrip*> strips = jobs.findChildren<BusyStrip*>(QString(), Qt::FindDirectChildrenOnly);
    return strips.size() > job ? strips[job]->findChild<QPushButton*>() : nullptr;
  }
  static SaveRequest requestFor(const QString& url) {
    SaveRequest request;
    request.url = url;
    request.name = QStringLiteral("moons");
    request.target = url.startsWith(QStringLiteral("http")) ? SaveTarget::Http : SaveTarget::Folder;
    return request;
  }
};

void tst_SaveStops::stripsComeLateAndTellBytes() {
  JobStrips jobs;
  jobs.resize(600, 100);
  jobs.show();
  QSignalSpy texts(&jobs, &JobStrips::textChanged);
  const auto progress = std::make_shared<JobProgress>();
  jobs.add(QStringLiteral("Saving moons"), progress);
  QTest::qWait(100);
  QVERIFY(!cancelOf(jobs, 0)->isVisible());
  QTRY_VERIFY_WITH_TIMEOUT(cancelOf(jobs, 0)->isVisible(), kPatienceMs);
  progress->total = 400'000'000;
  progress->done = 120'000'000;
  const auto shows = [&](const QString& text) {
    const QList<QLabel*> labels = jobs.findChildren<QLabel*>();
    return std::ranges::any_of(labels, [&](const QLabel* label) { return label->text() == text; });
  };
  QTRY_VERIFY_WITH_TIMEOUT(shows(QStringLiteral("120 MB of 400 MB")), kPatienceMs);
  jobs.remove(progress);
  QCOMPARE(texts.size(), 2);
  QCOMPARE(texts[0][0].toString(), QStringLiteral("Saving moons"));
  QCOMPARE(texts[1][0].toString(), QString());
}

void tst_SaveStops::eachJobHasItsOwnCancel() {
  JobStrips jobs;
  const auto first = std::make_shared<JobProgress>(), second = std::make_shared<JobProgress>();
  jobs.add(QStringLiteral("Copying iris"), first);
  jobs.add(QStringLiteral("Saving moons"), second);
  cancelOf(jobs, 0)->click();
  QVERIFY(first->isCancelled && !second->isCancelled);
  QVERIFY(!cancelOf(jobs, 0)->isEnabled() && cancelOf(jobs, 1)->isEnabled());
  jobs.remove(first);
  cancelOf(jobs, 1)->click();
  QVERIFY(second->isCancelled);
}

/// A server that takes everything and never answers.
void tst_SaveStops::anUploadStops() {
  fixtures::RawPeer server([](const QByteArray&) { return QByteArray("silence"); });
  Studio studio;
  studio.window->start({}, QStringLiteral("twoMoons"));
  studio.window->show();
  QVERIFY(studio.addLayer());
  bool isSaved = true;
  QSignalSpy stopped(&studio.window->saver(), &SaveController::stopped);
  studio.window->saver().perform(studio.current(), requestFor(server.url("/upload")), [&](bool ok) { isSaved = ok; });
  QPushButton* cancel = nullptr;
  QTRY_VERIFY_WITH_TIMEOUT((cancel = cancelOf(studio.window->jobs(), 0)) && cancel->isVisible(), kPatienceMs);
  QTRY_VERIFY_WITH_TIMEOUT(!server.requests.empty(), kPatienceMs);
  QElapsedTimer clock;
  clock.start();
  cancel->click();
  QVERIFY(!cancel->isEnabled());  // shown at once
  QVERIFY(stopped.wait(kPatienceMs));
  QVERIFY2(clock.elapsed() < 10'000, qPrintable(QString::number(clock.elapsed())));
  QVERIFY(!isSaved && studio.current().isModified());
  QVERIFY(studio.current().document().url().isEmpty());
  QVERIFY(!studio.find<ErrorDialog>("errorDialog"));
  QTRY_VERIFY_WITH_TIMEOUT(!cancelOf(studio.window->jobs(), 0), kPatienceMs);
}

/// Cancelled while it waits or writes: no folder, no half file, no question.
void tst_SaveStops::aFolderSaveStops() {
  Studio studio;
  studio.window->start({}, QStringLiteral("twoMoons"));
  studio.window->show();
  QVERIFY(studio.addLayer() && studio.waitForStores());
  Gate gate(studio);
  const QString folder = studio.home.filePath(QStringLiteral("models"));
  QSignalSpy stopped(&studio.window->saver(), &SaveController::stopped);
  studio.window->saver().perform(studio.current(), requestFor(folder + QStringLiteral("/moons")));
  QPushButton* cancel = cancelOf(studio.window->jobs(), 0);
  QVERIFY(cancel);
  cancel->click();
  gate.open();
  QVERIFY(stopped.wait(kPatienceMs));
  QVERIFY(studio.current().isModified());
  QVERIFY(QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot).isEmpty());
  QVERIFY(!studio.find<ErrorDialog>("errorDialog"));
  bool isSaved = false;
  studio.window->saver().perform(studio.current(), requestFor(folder + QStringLiteral("/moons")),
                                 [&](bool ok) { isSaved = ok; });
  QTRY_VERIFY_WITH_TIMEOUT(isSaved, kPatienceMs);
  QVERIFY(!studio.current().isModified());
}

void tst_SaveStops::aRefusalShowsTheAnswer() {
  fixtures::RawPeer server([](const QByteArray&) {
    return fixtures::reply("422 No", "Only models of \nthe second year.", "X-Desk: 7\r\n");
  });
  Studio studio;
  studio.window->start({}, QStringLiteral("twoMoons"));
  studio.window->saver().perform(studio.current(), requestFor(server.url("/upload")));
  QTRY_VERIFY_WITH_TIMEOUT(studio.find<ErrorDialog>("errorDialog"), kPatienceMs);
  auto* answer = studio.find<QPlainTextEdit>("errorDialog.text");
  QVERIFY(answer && answer->isHidden());
  studio.find<QToolButton>("errorDialog.details")->click();
  QVERIFY(!answer->isHidden());
  for (const char* part : {"E305", "Status 422", "X-Desk: 7", "Only models of \nthe second year."})
    QVERIFY2(answer->toPlainText().contains(QLatin1String(part)), qPrintable(answer->toPlainText()));
  QVERIFY(studio.find<QPushButton>("errorDialog.retry"));
}

QTEST_MAIN(tst_SaveStops)
#include "tst_SaveStops.moc"
