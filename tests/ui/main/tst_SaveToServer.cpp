// Save As offers the catalog's servers: the address and the way in are filled in, and a name that is taken is asked
// about.
#include "model/document/DocumentIo.h"
#include "model/document/Templates.h"
#include "model/storage/ModelLibrary.h"
#include "tests/support/Patience.h"
#include "tests/support/ServerFixture.h"
#include "tests/ui/main/StudioFixture.h"
#include "ui/catalog/CatalogController.h"
#include "ui/dialogs/ErrorDialog.h"
#include "ui/dialogs/SaveDialog.h"
#include "ui/dialogs/SaveForm.h"
#include "ui/main/SaveController.h"
#include "ui/main/Workspace.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>

using namespace layersmith;
using namespace layersmith::testing;

class tst_SaveToServer : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }

  void withoutServersThereIsNothingToChoose();
  void fillsInAddressAndWayIn();
  void goesBackToWhatWasTyped();
  void savesAndShowsInTheCatalog();
  void asksBeforeReplacing();
  void asksWhenTheServersIsAnother_data();
  void asksWhenTheServersIsAnother();

 private:
  static SaveDialog* openDialog(Studio& studio) {
    studio.trigger(ActionId::SaveAs);
    auto* dialog = studio.find<SaveDialog>("saveDialog");
    if (dialog) dialog->setTarget(SaveTarget::Http);
    return dialog;
  }
  template <class Widget>
  static Widget* part(SaveDialog* dialog, const char* name) {
    return dialog->findChild<Widget*>(QStringLiteral("saveDialog.") + QLatin1String(name));
  }
  static QStringList namesOn(StoreServer& server) {
    QStringList names;
    for (const ModelEntry& entry : server.models().list()) names << entry.name;
    names.sort();
    return names;
  }
  static void save(SaveDialog* dialog, const QString& name) {
    part<QLineEdit>(dialog, "name")->setText(name);
    part<QComboBox>(dialog, "server")->setCurrentIndex(1);
    part<QPushButton>(dialog, "save")->click();
  }
};

void tst_SaveToServer::withoutServersThereIsNothingToChoose() {
  Studio studio;
  studio.window->start({}, QStringLiteral("iris"));
  SaveDialog* dialog = openDialog(studio);
  QVERIFY(dialog);
  QVERIFY(!part<QComboBox>(dialog, "server")->isVisible());
  QVERIFY(part<QLineEdit>(dialog, "address")->isVisible() && part<QComboBox>(dialog, "signIn")->isVisible());
}

void tst_SaveToServer::fillsInAddressAndWayIn() {
  Studio studio;
  StoreServer lab(studio.home.filePath(QStringLiteral("lab")));
  studio.window->start({}, QStringLiteral("iris"));
  studio.window->catalog().addServer(lab.address(), lab.token());
  SaveDialog* dialog = openDialog(studio);
  auto* server = part<QComboBox>(dialog, "server");
  QVERIFY(server->isVisible());
  QCOMPARE(server->count(), 2);
  part<QLineEdit>(dialog, "name")->setText(QStringLiteral("my iris"));
  server->setCurrentIndex(1);
  auto* address = part<QLineEdit>(dialog, "address");
  QCOMPARE(address->text(), lab.address() + QStringLiteral("/upload/my-iris"));
  QVERIFY(address->isReadOnly() && !part<QComboBox>(dialog, "signIn")->isVisible());
  part<QLineEdit>(dialog, "name")->setText(QStringLiteral("other"));
  QCOMPARE(address->text(), lab.address() + QStringLiteral("/upload/other"));
  const SaveRequest request = dialog->form().request();
  QCOMPARE(request.server, lab.address());
  QCOMPARE(request.options.http.headers.size(), 1);
  QVERIFY(request.options.http.headers.front().second.endsWith(lab.token()));
}

void tst_SaveToServer::goesBackToWhatWasTyped() {
  Studio studio;
  StoreServer lab(studio.home.filePath(QStringLiteral("lab")));
  studio.window->start({}, QStringLiteral("iris"));
  studio.window->catalog().addServer(lab.address(), lab.token());
  SaveDialog* dialog = openDialog(studio);
  auto* address = part<QLineEdit>(dialog, "address");
  const QString typed = QStringLiteral("https://models.example/upload");
  address->setFocus();
  QTest::keyClicks(address, typed);
  part<QComboBox>(dialog, "server")->setCurrentIndex(1);
  QVERIFY(address->text() != typed);
  part<QComboBox>(dialog, "server")->setCurrentIndex(0);
  QCOMPARE(address->text(), typed);
  QVERIFY(!address->isReadOnly());
  const SaveRequest request = dialog->form().request();
  QCOMPARE(request.url, typed);
  QVERIFY(request.server.isEmpty() && request.options.http.headers.isEmpty());  // no token goes elsewhere
}

void tst_SaveToServer::savesAndShowsInTheCatalog() {
  Studio studio;
  StoreServer lab(studio.home.filePath(QStringLiteral("lab")));
  studio.window->start({}, QStringLiteral("iris"));
  CatalogController& catalog = studio.window->catalog();
  catalog.addServer(lab.address(), lab.token());
  save(openDialog(studio), QStringLiteral("my-iris"));
  const QString url = lab.address() + QStringLiteral("/models/my-iris/model.json");
  QTRY_COMPARE_WITH_TIMEOUT(studio.current().document().url(), url, kPatienceMs);
  QCOMPARE(namesOn(lab), QStringList{QStringLiteral("my-iris")});
  QTRY_VERIFY_WITH_TIMEOUT(catalog.model().rowOf(url) >= 0, kPatienceMs);

  QVERIFY(studio.addLayer());
  studio.trigger(ActionId::Save);  // again to where it came from, without a question
  QTRY_VERIFY_WITH_TIMEOUT(studio.current().undoStack().isClean(), kPatienceMs);
  QCOMPARE(lab.models().list().front().layerCount, 4);
}

void tst_SaveToServer::asksBeforeReplacing() {
  Studio studio;
  StoreServer lab(studio.home.filePath(QStringLiteral("lab")));
  studio.window->start({}, QStringLiteral("iris"));
  lab.models().publish(QStringLiteral("taken"), artifactsFromDocument(studio.current().state()), {});
  studio.window->catalog().addServer(lab.address(), lab.token());
  QVERIFY(studio.addLayer());
  save(openDialog(studio), QStringLiteral("taken"));
  QTRY_VERIFY_WITH_TIMEOUT(studio.find<ErrorDialog>("errorDialog"), kPatienceMs);
  QCOMPARE(lab.models().list().front().layerCount, 3);
  buttonWith(*studio.find<ErrorDialog>("errorDialog"), QStringLiteral("Replace"))->click();
  QTRY_VERIFY_WITH_TIMEOUT(studio.current().undoStack().isClean(), kPatienceMs);
  QCOMPARE(lab.models().list().front().layerCount, 4);
}

void tst_SaveToServer::asksWhenTheServersIsAnother_data() {
  QTest::addColumn<bool>("isTyped");
  QTest::addColumn<bool>("takesTheirs");
  QTest::newRow("catalog's server, replace") << false << false;
  QTest::newRow("catalog's server, take theirs") << false << true;
  QTest::newRow("typed address, replace") << true << false;
  QTest::newRow("typed address, take theirs") << true << true;
}

void tst_SaveToServer::asksWhenTheServersIsAnother() {
  QFETCH(bool, isTyped);
  QFETCH(bool, takesTheirs);
  Studio studio;
  StoreServer lab(studio.home.filePath(QStringLiteral("lab")));
  studio.window->start({}, QStringLiteral("twoMoons"));
  SaveRequest request;
  request.target = SaveTarget::Http;
  request.name = QStringLiteral("moons");
  request.url = lab.address() + QStringLiteral("/upload/moons");
  request.options.http.setBearerToken(lab.token());
  if (!isTyped) request.server = lab.address();
  bool isSaved = false;
  studio.window->saver().perform(studio.current(), request, [&](bool ok) { isSaved = ok; });
  QTRY_VERIFY_WITH_TIMEOUT(isSaved, kPatienceMs);
  SaveOptions over;
  over.overwrite = true;
  lab.models().publish(QStringLiteral("moons"), artifactsFromDocument(makeTemplate(QStringLiteral("iris"))), over);
  QVERIFY(studio.addLayer());
  studio.window->saver().save(studio.current());
  QTRY_VERIFY_WITH_TIMEOUT(studio.find<ErrorDialog>("errorDialog"), kPatienceMs);
  QVERIFY(studio.find<QLabel>("errorDialog.body")->text().contains(QStringLiteral("was changed by another program")));
  QCOMPARE(lab.models().list().front().layerCount, 3);
  const int mine = int(studio.current().state().graph.layers.size());
  studio.find<QPushButton>(takesTheirs ? "errorDialog.theirs" : "errorDialog.replace")->click();
  QTRY_VERIFY_WITH_TIMEOUT(studio.current().undoStack().isClean(), kPatienceMs);
  QCOMPARE(int(studio.current().state().graph.layers.size()), takesTheirs ? 3 : mine);
  QCOMPARE(lab.models().list().front().layerCount, takesTheirs ? 3 : mine);
}

QTEST_MAIN(tst_SaveToServer)
#include "tst_SaveToServer.moc"
