#include "ui/main/StoreWorker.h"

#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace layersmith;

class tst_StoreWorker : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void whatWasAskedForIsDoneBeforeTheEnd() {
    const QTemporaryDir home;
    std::atomic<int> done = 0;
    {
      StoreWorker worker(home.filePath(QStringLiteral("store.sqlite")));
      for (int i = 0; i < 20; ++i)
        worker.run(
            this,
            [&done](ModelLibrary&) {
              std::this_thread::sleep_for(std::chrono::milliseconds(5));
              return ++done;
            },
            [](const Outcome<int>&) {});
    }
    QCOMPARE(done.load(), 20);
  }

  void errorsArriveAsValues() {
    const QTemporaryDir home;
    StoreWorker worker(home.filePath(QStringLiteral("store.sqlite")));
    bool isRefused = false;
    worker.run(
        this,
        [](ModelLibrary& library) { return library.load(QStringLiteral("indexeddb://nothing")).weightSpecs.size(); },
        [&](const Outcome<std::size_t>& outcome) {
          isRefused = !outcome.isOk() && outcome.error().kind() == ErrorKind::NotFound;
        });
    QTRY_VERIFY(isRefused);
    QVERIFY(worker.isIdle());
  }
};

QTEST_MAIN(tst_StoreWorker)
#include "tst_StoreWorker.moc"
