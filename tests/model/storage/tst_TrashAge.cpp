#include "model/storage/TrashAge.h"

#include "model/storage/ModelLibrary.h"
#include "model/storage/Sqlite.h"
#include "tests/support/ModelFixtures.h"

#include <QTemporaryDir>

using namespace layersmith;
using namespace layersmith::fixtures;

/// Only what lies in a Trash for long goes for good.
class TestTrashAge : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void purgesWhatIsOld_data();
  void purgesWhatIsOld();
  void leavesWhatSaysNoTime();

 private:
  QTemporaryDir m_folder;
};

void TestTrashAge::purgesWhatIsOld_data() {
  QTest::addColumn<QString>("place");
  QTest::newRow("folder") << m_folder.filePath(QStringLiteral("models/"));
  QTest::newRow("IndexedDB") << "indexeddb://";
  QTest::newRow("local storage") << "localstorage://";
}

void TestTrashAge::purgesWhatIsOld() {
  QFETCH(QString, place);
  QTemporaryDir home;
  const QString store = home.filePath(QStringLiteral("store.sqlite"));
  const QDateTime now = QDateTime::currentDateTimeUtc(), limit = now.addDays(-kTrashDays);
  ModelLibrary library(store);
  QStringList ids;
  for (const char* name : {"old", "young", "new"}) {
    library.save(place + QString::fromLatin1(name), sized(10));
    ids.append(library.remove(place + QString::fromLatin1(name)).id);
  }
  const auto age = [&](const QString& id, const QDateTime& deleted) {
    const QString text = deleted.toString(Qt::ISODateWithMs);
    const QString info = home.filePath(QStringLiteral("trash/%1/info.json").arg(id));
    if (QFile::exists(info)) {
      Json json = jsonOf(info);
      json["deleted"] = text.toStdString();
      write(info, toJsonBytes(json));
    } else {
      SqliteDatabase database(store);
      SqliteStatement(database, "UPDATE model SET deleted=? WHERE trash_id=?").bind(text).bind(id).run();
    }
  };
  age(ids[0], limit.addSecs(-1));
  age(ids[1], limit);
  QCOMPARE(purgeRemovedBefore(library, limit), 1);
  QCOMPARE(library.trash().size(), 2u);
  QVERIFY(errorOf([&] { library.restore(ids[0]); }).kind() == ErrorKind::NotFound);
  QCOMPARE(purgeRemovedBefore(library, limit), 0);
  library.restore(ids[1]);
  QCOMPARE(library.load(place + QStringLiteral("young")).weightData->joined(), sized(10).weightData->joined());
}

void TestTrashAge::leavesWhatSaysNoTime() {
  QTemporaryDir home;
  ModelLibrary library(home.filePath(QStringLiteral("store.sqlite")));
  library.save(home.filePath(QStringLiteral("m")), sized(10));
  const QString id = library.remove(home.filePath(QStringLiteral("m"))).id;
  write(home.filePath(QStringLiteral("trash/%1/info.json").arg(id)), "{");
  QCOMPARE(purgeRemovedBefore(library, QDateTime::currentDateTimeUtc().addDays(1)), 0);
  QCOMPARE(library.trash().size(), 1u);
  QVERIFY(errorOf([&] { library.restore(id); }).code() == "E103");
  library.purge(id);  // one that is damaged goes when it is asked for
  QVERIFY(library.trash().empty());
}

QTEST_GUILESS_MAIN(TestTrashAge)
#include "tst_TrashAge.moc"
