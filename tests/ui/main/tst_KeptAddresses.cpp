// Addresses with secrets in them: used as typed while the studio runs, never written to the disk.
#include "model/storage/http/HttpErrors.h"
#include "tests/support/Patience.h"
#include "tests/support/RawPeer.h"
#include "tests/ui/main/StudioFixture.h"
#include "ui/dialogs/LinkDialog.h"
#include "ui/main/OpenController.h"
#include "ui/main/SaveController.h"

#include <QDirIterator>
#include <QLineEdit>

using namespace layersmith;
using namespace layersmith::testing;

class tst_KeptAddresses : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }

  void loseTheirSecrets_data();
  void loseTheirSecrets();
  void ofLinksAreWrittenWithoutSecrets();
  void ofUploadsAreSentAgainAsTyped();

 private:
  static int filesWith(const QByteArray& marker, const QString& folder, int* looked = nullptr) {
    int found = 0;
    for (QDirIterator it(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories); it.hasNext();) {
      found += fixtures::bytesOf(it.next()).contains(marker);
      if (looked) ++*looked;
    }
    return found;
  }
};

void tst_KeptAddresses::loseTheirSecrets_data() {
  QTest::addColumn<QString>("kept");
  QTest::newRow("indexeddb://a?token=b") << QStringLiteral("indexeddb://a?token=b");
  QTest::newRow("https://h/m.json") << QStringLiteral("https://h/m.json");
  QTest::newRow("https://me:pw@h/m.json#part") << QStringLiteral("https://h/m.json");
  QTest::newRow("https://h/m.json?tfjs-format=file") << QStringLiteral("https://h/m.json?tfjs-format=file");
  QTest::newRow("https://h/m.json?alt=media&token=s3") << QStringLiteral("https://h/m.json?alt=media");
  QTest::newRow("https://h/m.json?sv=1&SIG=s3") << QStringLiteral("https://h/m.json?sv=1");
  QTest::newRow("https://h/m.json?s3cret") << QStringLiteral("https://h/m.json");
  QTest::newRow("https://h/a b/m.json?X-Amz-Credential=s3") << QStringLiteral("https://h/a%20b/m.json");
}

void tst_KeptAddresses::loseTheirSecrets() {
  QFETCH(QString, kept);
  QCOMPARE(withoutSecrets(QString::fromLatin1(QTest::currentDataTag())), kept);
}

void tst_KeptAddresses::ofLinksAreWrittenWithoutSecrets() {
  const QByteArray weights = fixtures::capture(QStringLiteral("plain")).weightData->joined();
  fixtures::RawPeer server([&](const QByteArray& request) {
    return fixtures::reply("200 OK", request.startsWith("GET /model.json") ? fixtures::modelJsonText("w") : weights);
  });
  const QString marker = QStringLiteral("MARKED-3b1d");
  const QString typed = QStringLiteral("http://me:%1@127.0.0.1:%2/model.json?alt=media&token=%1")
                            .arg(marker, QString::number(server.serverPort()));
  Studio studio;
  studio.window->start({}, QStringLiteral("twoMoons"));
  QSignalSpy opened(&studio.window->opener(), &OpenController::opened);
  studio.window->opener().openLinkWithDialog();
  auto* dialog = studio.find<LinkDialog>("linkDialog");
  QVERIFY(dialog);
  dialog->findChild<QLineEdit*>(QStringLiteral("linkDialog.address"))->setText(typed);
  dialog->findChild<QLineEdit*>(QStringLiteral("linkDialog.token"))->setText(marker);
  dialog->findChild<QPushButton*>(QStringLiteral("linkDialog.open"))->click();
  QVERIFY(opened.wait(kPatienceMs));
  QVERIFY(server.requests.front().contains("token=" + marker.toUtf8()));
  QVERIFY(server.requests.back().contains("token=" + marker.toUtf8()));  // weights keep the query
  QCOMPARE(studio.current().document().url(), server.url("/model.json?alt=media"));
  QVERIFY(studio.settings.recentPlaces().contains(server.url("/model.json?alt=media")));
  QVERIFY(studio.addLayer());
  const QDir recovery(studio.home.filePath(QStringLiteral("recovery")));
  QTRY_VERIFY_WITH_TIMEOUT(!recovery.entryList(QDir::Files).isEmpty(), kPatienceMs);
  studio.settings.addRecentPlace(typed);
  studio.window.reset();  // all is written
  int looked = 0;
  QCOMPARE(filesWith(marker.toUtf8(), studio.home.path(), &looked), 0);
  QVERIFY(looked > 0);
}

void tst_KeptAddresses::ofUploadsAreSentAgainAsTyped() {
  fixtures::RawPeer server([](const QByteArray&) { return fixtures::reply("200 OK", "{}"); });
  Studio studio;
  studio.window->start({}, QStringLiteral("twoMoons"));
  SaveRequest request;
  request.target = SaveTarget::Http;
  request.url = server.url("/up?key=MARKED-77aa");
  request.name = QStringLiteral("moons");
  int saves = 0;
  studio.window->saver().perform(studio.current(), request, [&](bool ok) { saves += ok; });
  QTRY_COMPARE_WITH_TIMEOUT(saves, 1, kPatienceMs);
  QCOMPARE(studio.current().document().url(), server.url("/up"));
  QVERIFY(studio.addLayer());
  studio.window->saver().save(studio.current(), [&](bool ok) { saves += ok; });
  QTRY_COMPARE_WITH_TIMEOUT(saves, 2, kPatienceMs);
  QCOMPARE(server.requests.size(), std::size_t(2));
  for (const QByteArray& sent : server.requests) QVERIFY(sent.startsWith("POST /up?key=MARKED-77aa HTTP/1.1"));
  studio.window.reset();
  QCOMPARE(filesWith("MARKED-77aa", studio.home.path()), 0);
}

QTEST_MAIN(tst_KeptAddresses)
#include "tst_KeptAddresses.moc"
