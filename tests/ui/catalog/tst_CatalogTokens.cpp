// Where the tokens of servers are kept: in memory, and in a keychain where that was chosen.
#include "tests/support/ModelFixtures.h"
#include "tests/support/Patience.h"
#include "tests/support/ServerFixture.h"
#include "tests/ui/catalog/CatalogFixture.h"
#include "tests/ui/catalog/FakeKeychain.h"
#include "ui/catalog/CatalogQuestions.h"
#include "ui/catalog/KeychainSecrets.h"

#include <QCheckBox>
#include <QDirIterator>
#include <QLineEdit>
#include <QPushButton>

using namespace layersmith;
using namespace layersmith::testing;

namespace {

/// Whether a file below the folder holds these bytes; `files` counts them.
bool isWrittenBelow(const QString& folder, const QString& secret, int& files) {
  bool isFound = false;
  for (QDirIterator it(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories); it.hasNext(); ++files)
    isFound = fixtures::bytesOf(it.next()).contains(secret.toUtf8()) || isFound;
  return isFound;
}

}  // namespace

class tst_CatalogTokens : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    for (const char* name : {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"})
      qputenv(name, m_home.path().toUtf8());
    qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus");
    installLook(*qApp);
  }

  void oneThatIsKeptIsThereAgain();
  void oneThatIsNotKeptIsNowhere();
  void goesWithItsServer();
  void unticked_data();
  void unticked();
  void aKeychainThatFailsIsNamed();
  void theBoxIsOffered();
  void theBoxSaysWhyNot();
  void withoutAServiceNothingIsWritten();

 private:
  static void keepOn(StoreServer& server) {
    server.models().publish(QStringLiteral("moons"), artifactsFromDocument(makeTemplate(QStringLiteral("twoMoons"))),
                            {});
  }
  static QString urlOn(const StoreServer& server) {
    return server.address() + QStringLiteral("/models/moons/model.json");
  }

  QTemporaryDir m_home;
};

/// The next start asks the keychain when it first asks the server, and no earlier.
void tst_CatalogTokens::oneThatIsKeptIsThereAgain() {
  QTemporaryDir root;
  StoreServer lab(root.path());
  keepOn(lab);
  FakeKeychain keychain;
  Catalog catalog(&keychain);
  catalog.controller->addServer(lab.address(), lab.token(), true);
  QTRY_COMPARE_WITH_TIMEOUT(keychain.secrets[lab.address()], lab.token(), kPatienceMs);
  QVERIFY(settle(catalog));
  QVERIFY(catalog.has(urlOn(lab)) && keychain.reads.isEmpty());

  QWidget window;
  CatalogController next(catalog.stores, catalog.transfers, catalog.settings, window, &keychain);
  QVERIFY(keychain.reads.isEmpty());
  next.refresh();
  QTRY_VERIFY_WITH_TIMEOUT(next.model().rowOf(urlOn(lab)) >= 0, kPatienceMs);
  QCOMPARE(keychain.reads, QStringList{lab.address()});
  next.refreshPlace(lab.address());
  QVERIFY(settle(catalog));
  QCOMPARE(keychain.reads.size(), 1);
  QVERIFY(next.place(lab.address())->problem.isEmpty());
  int files = 0;
  QVERIFY(!isWrittenBelow(catalog.home.path(), lab.token(), files) && files > 0);
}

void tst_CatalogTokens::oneThatIsNotKeptIsNowhere() {
  QTemporaryDir root;
  StoreServer lab(root.path());
  FakeKeychain keychain;
  Catalog catalog(&keychain);
  catalog.controller->addServer(lab.address(), lab.token());
  QVERIFY(settle(catalog));
  QVERIFY(catalog.controller->place(lab.address())->problem.isEmpty());
  QVERIFY(keychain.secrets.empty());
  QWidget window;
  CatalogController next(catalog.stores, catalog.transfers, catalog.settings, window, &keychain);
  next.refresh();
  QTRY_VERIFY_WITH_TIMEOUT(next.place(lab.address())->wantsToken, kPatienceMs);
  QVERIFY(keychain.reads.isEmpty());  // no keychain is asked for what it never got
}

void tst_CatalogTokens::goesWithItsServer() {
  QTemporaryDir root;
  StoreServer lab(root.path());
  FakeKeychain keychain;
  Catalog catalog(&keychain);
  catalog.controller->addServer(lab.address(), lab.token(), true);
  catalog.controller->forgetPlace(lab.address());  // before the keychain answered
  QTest::qWait(100);
  QVERIFY(settle(catalog));
  QVERIFY(keychain.secrets.empty() && !catalog.controller->isTokenKept(lab.address()));
}

void tst_CatalogTokens::unticked_data() {
  QTest::addColumn<QString>("token");
  QTest::newRow("another token") << QStringLiteral("other");
  QTest::newRow("none") << QString();
}

/// What is kept no more is taken out of the keychain.
void tst_CatalogTokens::unticked() {
  QFETCH(QString, token);
  QTemporaryDir root;
  StoreServer lab(root.path());
  FakeKeychain keychain;
  Catalog catalog(&keychain);
  catalog.controller->addServer(lab.address(), lab.token(), true);
  QTRY_COMPARE_WITH_TIMEOUT(keychain.secrets.size(), std::size_t(1), kPatienceMs);
  catalog.controller->addServer(lab.address(), token, false);
  QTRY_VERIFY_WITH_TIMEOUT(keychain.secrets.empty() && !catalog.controller->isTokenKept(lab.address()), kPatienceMs);
}

void tst_CatalogTokens::aKeychainThatFailsIsNamed() {
  QTemporaryDir root;
  StoreServer lab(root.path());
  keepOn(lab);
  FakeKeychain keychain;
  keychain.problem = QStringLiteral("The system keychain is locked or refused access.");
  Catalog catalog(&keychain);
  QSignalSpy noted(catalog.controller, &CatalogController::noted);
  catalog.controller->addServer(lab.address(), lab.token(), true);
  QTRY_COMPARE_WITH_TIMEOUT(noted.size(), 1, kPatienceMs);
  QCOMPARE(noted[0][0].toString(), QStringLiteral("The token of %1 was not kept: %2 It lasts until Layersmith closes.")
                                       .arg(lab.address().mid(7), keychain.problem));
  QVERIFY(!catalog.controller->isTokenKept(lab.address()) && settle(catalog));
  QVERIFY(catalog.has(urlOn(lab)));  // this session has it

  keychain.problem.clear();
  catalog.controller->addServer(lab.address(), lab.token(), true);
  QTRY_COMPARE_WITH_TIMEOUT(keychain.secrets.size(), std::size_t(1), kPatienceMs);
  keychain.problem = QStringLiteral("The system keychain gave no answer.");
  QWidget window;
  CatalogController next(catalog.stores, catalog.transfers, catalog.settings, window, &keychain);
  QSignalSpy unread(&next, &CatalogController::noted);
  next.refresh();
  QTRY_VERIFY_WITH_TIMEOUT(next.place(lab.address())->wantsToken, kPatienceMs);  // the server was asked all the same
  QCOMPARE(unread.size(), 1);
  QVERIFY(unread[0][0].toString().endsWith(keychain.problem));
  QVERIFY(next.isTokenKept(lab.address()));
}

void tst_CatalogTokens::theBoxIsOffered() {
  QTemporaryDir root;
  StoreServer lab(root.path());
  keepOn(lab);
  FakeKeychain keychain;
  Catalog catalog(&keychain);
  catalog.settings.setServers({lab.address()});
  catalog.window.show();
  QVERIFY(settle(catalog));
  for (const bool isKept : {false, true}) {
    PlacesView& view = catalog.page->places()->view();
    Q_EMIT view.actionRequested(lab.address(), QStringLiteral("token"));
    auto* dialog = catalog.window.findChild<ServerDialog*>();
    QVERIFY(dialog);
    auto* box = dialog->findChild<QCheckBox*>(QStringLiteral("serverDialog.keep"));
    QVERIFY(!box->isEnabled() && !box->isChecked());  // until the keychain has answered
    QTRY_VERIFY_WITH_TIMEOUT(box->isEnabled(), kPatienceMs);
    QCOMPARE(box->isChecked(), isKept);
    box->setChecked(!isKept);
    dialog->findChild<QLineEdit*>(QStringLiteral("serverDialog.token"))->setText(lab.token());
    dialog->findChild<QPushButton*>(QStringLiteral("serverDialog.add"))->click();
    QTRY_COMPARE_WITH_TIMEOUT(keychain.secrets.size(), std::size_t(isKept ? 0 : 1), kPatienceMs);
    QVERIFY(settle(catalog));
    QVERIFY(catalog.has(urlOn(lab)));
    QTRY_VERIFY_WITH_TIMEOUT(!catalog.window.findChild<ServerDialog*>(), kPatienceMs);
  }
}

void tst_CatalogTokens::theBoxSaysWhyNot() {
  KeychainSecrets real;
  QString said;
  real.probe(this, [&](const QString& problem) { said = problem; });
  QTRY_COMPARE_WITH_TIMEOUT(said, QStringLiteral("No keychain service runs here."), kPatienceMs);
  ServerDialog dialog(nullptr);
  dialog.offerKeychain(said, true);
  const auto* box = dialog.findChild<QCheckBox*>(QStringLiteral("serverDialog.keep"));
  QVERIFY(!box->isEnabled() && !box->isChecked());
  QCOMPARE(box->toolTip(), said);
}

/// Chosen all the same, or gone since: the person is told, and no file has the token.
void tst_CatalogTokens::withoutAServiceNothingIsWritten() {
  QTemporaryDir root;
  StoreServer lab(root.path());
  KeychainSecrets real;
  Catalog catalog(&real);
  QSignalSpy noted(catalog.controller, &CatalogController::noted);
  catalog.controller->addServer(lab.address(), lab.token(), true);
  QTRY_COMPARE_WITH_TIMEOUT(noted.size(), 1, kPatienceMs);
  QVERIFY2(noted[0][0].toString().contains(QStringLiteral(" was not kept: ")), qPrintable(noted[0][0].toString()));
  QVERIFY(!catalog.controller->isTokenKept(lab.address()) && settle(catalog));
  QVERIFY(catalog.controller->place(lab.address())->problem.isEmpty());
  int files = 0;
  for (const QString& folder : {catalog.home.path(), m_home.path()})
    QVERIFY(!isWrittenBelow(folder, lab.token(), files));
  QVERIFY(files > 0);
}

QTEST_MAIN(tst_CatalogTokens)
#include "tst_CatalogTokens.moc"
