#include "model/server/Staging.h"

#include "tests/support/ServiceBench.h"

#include <QTest>

#include <fcntl.h>
#include <sys/stat.h>
#include <ctime>

using namespace layersmith;
using namespace layersmith::fixtures;

/// What lies in the folder of uploads on their way.
class TestStaging : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void isEmptiedAtTheStart();
  void isFreedOfWhatIsOld();
};

void TestStaging::isEmptiedAtTheStart() {
  QTemporaryDir folder;
  const auto repository = folderRepository(folder.path());
  const QString left = repository->stagingFolder() + QStringLiteral("/abc");
  QDir().mkpath(left);
  write(left + QStringLiteral("/1"), "half");
  {
    const StoreService service(*repository, {});
    QVERIFY(!QFileInfo::exists(left));
    QVERIFY(errorOf([&] { StoreService(*repository, {}); }).kind() == ErrorKind::Busy);
  }
  const StoreService again(*repository, {});
}

/// What nobody wrote to for an hour is left from something that died; an upload that takes longer is not.
void TestStaging::isFreedOfWhatIsOld() {
  Bench bench(false);
  const QString folder = bench.repository().stagingFolder();
  const auto make = [&](const char* name, int minutesOld, int fileMinutesOld) {
    const QString entry = folder + u'/' + QLatin1String(name);
    QVERIFY(QDir().mkpath(entry));
    write(entry + QStringLiteral("/1"), "half");
    const std::pair<QString, int> ages[] = {{entry + QStringLiteral("/1"), fileMinutesOld}, {entry, minutesOld}};
    for (const auto& [path, minutes] : ages) {
      const timespec time{::time(nullptr) - minutes * 60, 0}, times[2] = {time, time};
      QCOMPARE(::utimensat(AT_FDCWD, QFile::encodeName(path).constData(), times, 0), 0);
    }
  };
  make("old", 61, 61);
  make("busy", 180, 1);
  make("young", 59, 59);
  bench.service().tidy();
  QCOMPARE(bench.staged(), (QStringList{QStringLiteral("busy"), QStringLiteral("young")}));
}

QTEST_GUILESS_MAIN(TestStaging)
#include "tst_Staging.moc"
