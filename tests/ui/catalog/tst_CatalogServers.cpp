// Store servers as places of the catalog, against our own server.
#include "tests/support/Patience.h"
#include "tests/support/RawPeer.h"
#include "tests/support/ServerFixture.h"
#include "tests/ui/catalog/CatalogFixture.h"
#include "ui/catalog/CatalogQuestions.h"
#include "ui/catalog/PlacesList.h"
#include "ui/catalog/PlacesView.h"

#include <QDialog>
#include <QDirIterator>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

using namespace layersmith;
using namespace layersmith::testing;

class tst_CatalogServers : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }

  void listsTheirModels();
  void copiesToAndFrom();
  void takenNamesOnAServer();
  void deletesAfterAQuestion();
  void movesToAndFrom();
  void aReplacedModelOnAServerStaysReplaced();
  void unreachableOnesAreDimmed();
  void whatCannotBeReadIsNotDamaged_data();
  void whatCannotBeReadIsNotDamaged();
  void aTokenIsAskedForAgain();
  void otherServersAreNamed();
  void tokensAreWrittenNowhere();
  void addressesAreCleaned_data();
  void addressesAreCleaned();
  void detailsReadTheStructureOnly();

 private:
  static void keepOn(StoreServer& server, const char* name, const char* templateKey = "twoMoons") {
    server.models().publish(QString::fromLatin1(name),
                            artifactsFromDocument(makeTemplate(QString::fromLatin1(templateKey))), {});
  }
  static QString urlOn(const StoreServer& server, const char* name) {
    return server.address() + QStringLiteral("/models/") + QLatin1String(name) + QStringLiteral("/model.json");
  }
};

void tst_CatalogServers::listsTheirModels() {
  Catalog catalog;
  StoreServer lab(catalog.folder(QStringLiteral("lab"))), school(catalog.folder(QStringLiteral("school")));
  keepOn(lab, "moons");
  keepOn(school, "iris", "iris");
  catalog.controller->addServer(lab.address(), lab.token());
  catalog.controller->addServer(school.address(), school.token());
  QVERIFY(settle(catalog));
  QVERIFY(catalog.has(urlOn(lab, "moons")) && catalog.has(urlOn(school, "iris")));
  const CatalogModel& model = catalog.model();
  const int row = model.rowOf(urlOn(school, "iris"));
  QCOMPARE(model.place(row), school.address());
  QCOMPARE(model.entry(row).layerCount, 3);
  QVERIFY(model.entry(row).info.weightDataBytes > 0 && model.entry(row).info.dateSaved.isValid());
  QVERIFY(!(model.flags(model.index(row, 0)) & Qt::ItemIsEditable));
  QCOMPARE(catalog.placeRow(lab.address())->data(PlacesView::CountRole).toString(), QStringLiteral("1"));
  catalog.controller->forgetPlace(lab.address());
  QVERIFY(settle(catalog));
  QVERIFY(!catalog.has(urlOn(lab, "moons")) && !catalog.placeRow(lab.address()));
}

void tst_CatalogServers::copiesToAndFrom() {
  Catalog catalog;
  StoreServer lab(catalog.folder(QStringLiteral("lab"))), school(catalog.folder(QStringLiteral("school")));
  QVERIFY(catalog.keep(QStringLiteral("indexeddb://mond und sterne")));
  catalog.controller->addServer(lab.address(), lab.token());
  catalog.controller->addServer(school.address(), school.token());
  QVERIFY(settle(catalog));
  catalog.controller->transfer({QStringLiteral("indexeddb://mond und sterne")}, lab.address(), false);
  QVERIFY(settle(catalog));
  QVERIFY(catalog.has(urlOn(lab, "mond-und-sterne")));  // a name that servers take
  QVERIFY(!catalog.steps().canUndo());                  // nothing here brings it back from there
  catalog.controller->transfer({urlOn(lab, "mond-und-sterne")}, school.address(), false);
  QVERIFY(settle(catalog));
  QVERIFY(catalog.has(urlOn(school, "mond-und-sterne")));  // each server got its own token
  catalog.controller->transfer({urlOn(school, "mond-und-sterne")}, QStringLiteral("localstorage"), false);
  QVERIFY(settle(catalog));
  QVERIFY(catalog.has(QStringLiteral("localstorage://mond-und-sterne")));
  QVERIFY(catalog.work([](ModelLibrary& library) {
    const ModelArtifacts here = library.load(QStringLiteral("indexeddb://mond und sterne"));
    const ModelArtifacts back = library.load(QStringLiteral("localstorage://mond-und-sterne"));
    QVERIFY(*here.weightData == *back.weightData);
    QVERIFY(back.modelTopology == here.modelTopology);
  }));
  catalog.steps().undo();
  QVERIFY(settle(catalog));
  QVERIFY(!catalog.has(QStringLiteral("localstorage://mond-und-sterne")));
}

void tst_CatalogServers::takenNamesOnAServer() {
  Catalog catalog;
  StoreServer lab(catalog.folder(QStringLiteral("lab")));
  keepOn(lab, "moons", "iris");
  QVERIFY(catalog.keep(kMoons));
  catalog.controller->addServer(lab.address(), lab.token());
  QVERIFY(settle(catalog));
  for (const char* answer : {"nameTakenDialog.keepBoth", "nameTakenDialog.replace"}) {
    catalog.controller->transfer({kMoons}, lab.address(), false);
    QPushButton* button = nullptr;
    QTRY_VERIFY_WITH_TIMEOUT((button = catalog.window.findChild<QPushButton*>(QLatin1String(answer))), kPatienceMs);
    button->click();
    QVERIFY(settle(catalog));
    QTRY_VERIFY_WITH_TIMEOUT(!catalog.window.findChild<NameTakenDialog*>(), kPatienceMs);
  }
  QVERIFY(catalog.has(urlOn(lab, "moons-2")));
  const auto bytesOf = [&](const char* name) {
    return catalog.model().entry(catalog.model().rowOf(urlOn(lab, name))).info.weightDataBytes;
  };
  QCOMPARE(bytesOf("moons"), bytesOf("moons-2"));  // Replace put the moons where iris was
}

void tst_CatalogServers::deletesAfterAQuestion() {
  Catalog catalog;
  StoreServer lab(catalog.folder(QStringLiteral("lab")));
  keepOn(lab, "moons");
  catalog.controller->addServer(lab.address(), lab.token());
  QVERIFY(settle(catalog));
  for (const char* answer : {"deleteOnServerDialog.cancel", "deleteOnServerDialog.go"}) {
    QVERIFY(catalog.has(urlOn(lab, "moons")));
    catalog.controller->remove({urlOn(lab, "moons")});
    auto* button = catalog.window.findChild<QPushButton*>(QLatin1String(answer));
    QVERIFY(button);
    button->click();
    QVERIFY(settle(catalog));
    QTRY_VERIFY_WITH_TIMEOUT(!catalog.window.findChild<ConfirmDialog*>(), kPatienceMs);
  }
  QVERIFY(!catalog.has(urlOn(lab, "moons")) && !lab.models().contains(QStringLiteral("moons")));
  QVERIFY(!catalog.steps().canUndo());
}

/// A move is a move, and its step takes it back: from a store to a server, on to another, and into a folder.
void tst_CatalogServers::movesToAndFrom() {
  Catalog catalog;
  StoreServer lab(catalog.folder(QStringLiteral("lab"))), school(catalog.folder(QStringLiteral("school")));
  const QString folder = catalog.folder(QStringLiteral("Models"));
  catalog.settings.setFolders({folder});
  QVERIFY(catalog.keep(kMoons));
  catalog.controller->addServer(lab.address(), lab.token());
  catalog.controller->addServer(school.address(), school.token());
  QVERIFY(settle(catalog));
  QStringList path{kMoons, urlOn(lab, "moons"), urlOn(school, "moons"),
                   parsePlace(folder + QStringLiteral("/moons")).url()};
  const QStringList places{lab.address(), school.address(), folder};
  const auto isOnlyAt = [&](const QString& url) {
    return std::ranges::all_of(path, [&](const QString& one) { return catalog.has(one) == (one == url); });
  };
  for (int i = 0; i < places.size(); ++i) {
    catalog.controller->copyToClipboard({path[i]}, true);
    catalog.controller->paste(places[i]);
    QVERIFY(settle(catalog));
    QVERIFY2(isOnlyAt(path[i + 1]), qPrintable(path[i + 1]));
  }
  for (int i = 2; i >= 0; --i) catalog.steps().undo();
  QVERIFY(settle(catalog));
  QVERIFY(isOnlyAt(kMoons));
  QVERIFY(lab.models().list().empty() && school.models().list().empty());
  catalog.steps().redo();
  catalog.steps().redo();
  QVERIFY(settle(catalog));
  QVERIFY(isOnlyAt(urlOn(school, "moons")));
}

/// What a server replaced lies in its own Trash: Undo gives the original back and leaves the server alone.
void tst_CatalogServers::aReplacedModelOnAServerStaysReplaced() {
  Catalog catalog;
  StoreServer lab(catalog.folder(QStringLiteral("lab")));
  keepOn(lab, "moons", "iris");
  QVERIFY(catalog.keep(kMoons));
  catalog.controller->addServer(lab.address(), lab.token());
  QVERIFY(settle(catalog));
  catalog.controller->transfer({kMoons}, lab.address(), true);
  QPushButton* replace = nullptr;
  QTRY_VERIFY_WITH_TIMEOUT(
      (replace = catalog.window.findChild<QPushButton*>(QStringLiteral("nameTakenDialog.replace"))), kPatienceMs);
  replace->click();
  QVERIFY(settle(catalog));
  QVERIFY(!catalog.has(kMoons) && catalog.has(urlOn(lab, "moons")));
  catalog.steps().undo();
  QVERIFY(settle(catalog));
  QVERIFY(catalog.has(kMoons) && catalog.has(urlOn(lab, "moons")));
}

/// Rows of a server that went away stay, faint, with the reason; Retry brings them back.
void tst_CatalogServers::unreachableOnesAreDimmed() {
  Catalog catalog;
  const QString root = catalog.folder(QStringLiteral("lab"));
  auto lab = std::make_unique<StoreServer>(root);
  keepOn(*lab, "moons");
  QVERIFY(catalog.keep(kMoons));
  const QString address = lab->address(), url = urlOn(*lab, "moons");
  const int port = lab->port();
  catalog.controller->addServer(address, lab->token());
  catalog.window.show();
  QVERIFY(settle(catalog));
  lab.reset();
  QVERIFY(settle(catalog));
  const QModelIndex row = catalog.model().index(catalog.model().rowOf(url), 0);
  QVERIFY(row.isValid() && row.data(CatalogModel::DimmedRole).toBool());
  QVERIFY2(row.data(Qt::ToolTipRole).toString().contains(QStringLiteral("refused the connection")),
           qPrintable(row.data(Qt::ToolTipRole).toString()));
  QVERIFY(!catalog.model().index(catalog.model().rowOf(kMoons), 0).data(CatalogModel::DimmedRole).toBool());
  QListWidgetItem* place = catalog.placeRow(address);
  QVERIFY(place->data(PlacesView::NoteRole).toString().startsWith(QStringLiteral("Not reachable since ")));

  StoreServer again(root, port);
  catalog.controller->addServer(address, again.token());
  QVERIFY(settle(catalog));
  QVERIFY(!catalog.model().index(catalog.model().rowOf(url), 0).data(CatalogModel::DimmedRole).toBool());
}

void tst_CatalogServers::whatCannotBeReadIsNotDamaged_data() {
  QTest::addColumn<bool>("isStopped");
  QTest::addColumn<QString>("reason");
  QTest::newRow("the server is gone") << true << QStringLiteral("refused the connection");
  QTest::newRow("another token") << false << QStringLiteral("refused access with the token");
}

/// A check that could not be made says so, with advice and a way to try again; the model is not called damaged.
void tst_CatalogServers::whatCannotBeReadIsNotDamaged() {
  QFETCH(bool, isStopped);
  QFETCH(QString, reason);
  Catalog catalog;
  const QString root = catalog.folder(QStringLiteral("lab"));
  auto lab = std::make_unique<StoreServer>(root);
  keepOn(*lab, "moons");
  catalog.controller->addServer(lab->address(), lab->token());
  catalog.window.show();
  QVERIFY(settle(catalog));
  const QString url = urlOn(*lab, "moons"), address = lab->address();
  const int port = lab->port();
  catalog.select({url});
  QVERIFY(settle(catalog));
  if (isStopped)
    lab.reset();
  else
    catalog.controller->addServer(address, QStringLiteral("wrong"));
  QSignalSpy checked(catalog.controller, &CatalogController::checked);
  catalog.controller->check(url);
  QDialog* dialog = nullptr;
  QTRY_VERIFY_WITH_TIMEOUT((dialog = catalog.window.findChild<QDialog*>(QStringLiteral("errorDialog"))), kPatienceMs);
  const auto text = [&](const char* name) { return dialog->findChild<QLabel*>(QLatin1String(name))->text(); };
  QCOMPARE(text("errorDialog.title"), QStringLiteral("moons could not be checked."));
  QVERIFY2(text("errorDialog.body").contains(reason), qPrintable(text("errorDialog.body")));
  QVERIFY(checked.isEmpty());
  QCOMPARE(catalog.window.findChild<QLabel*>(QStringLiteral("details.integrity"))->text(),
           QStringLiteral("Not checked"));
  if (isStopped) lab = std::make_unique<StoreServer>(root, port);
  catalog.controller->addServer(address, lab->token());
  QVERIFY(settle(catalog));
  dialog->findChild<QPushButton*>(QStringLiteral("errorDialog.retry"))->click();
  QTRY_COMPARE_WITH_TIMEOUT(checked.size(), 1, kPatienceMs);
  QCOMPARE(checked[0][1].toString(), QString());
}

void tst_CatalogServers::aTokenIsAskedForAgain() {
  Catalog catalog;
  StoreServer lab(catalog.folder(QStringLiteral("lab")));
  keepOn(lab, "moons");
  catalog.settings.setServers({lab.address()});  // as after a start: known, without its token
  catalog.window.show();
  QVERIFY(settle(catalog));
  QVERIFY(catalog.controller->place(lab.address())->problem.contains(QStringLiteral("refused access")));
  QListWidgetItem* place = catalog.placeRow(lab.address());
  PlacesView& view = catalog.page->places()->view();
  const QRect word = view.wordRect(view.indexFromItem(place), QStringLiteral("token"));
  QVERIFY(!word.isEmpty());
  QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, word.center());
  auto* token = catalog.window.findChild<QLineEdit*>(QStringLiteral("serverDialog.token"));
  QVERIFY(token && token->echoMode() == QLineEdit::Password);
  token->setText(lab.token());
  catalog.window.findChild<QPushButton*>(QStringLiteral("serverDialog.add"))->click();
  QVERIFY(settle(catalog));
  QVERIFY(catalog.has(urlOn(lab, "moons")));
}

void tst_CatalogServers::otherServersAreNamed() {
  Catalog catalog;
  fixtures::RawPeer page([](const QByteArray&) {
    return QByteArray("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 21\r\n\r\n<!DOCTYPE html><html>");
  });
  fixtures::RawPeer other([](const QByteArray&) {
    return QByteArray("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{\"ok\":true}");
  });
  catalog.settings.setServers({page.url(""), other.url("")});
  QVERIFY(settle(catalog));
  QVERIFY2(catalog.controller->place(page.url(""))->problem.contains(QStringLiteral("web page")),
           qPrintable(catalog.controller->place(page.url(""))->problem));
  QVERIFY2(catalog.controller->place(other.url(""))->problem.contains(QStringLiteral("no Layersmith server")),
           qPrintable(catalog.controller->place(other.url(""))->problem));
}

void tst_CatalogServers::tokensAreWrittenNowhere() {
  Catalog catalog;
  StoreServer lab(catalog.folder(QStringLiteral("lab")));
  const QString secret = QStringLiteral("hunter2marker");
  catalog.controller->addServer(QStringLiteral("http://me:") + secret + QLatin1Char('@') + lab.address().mid(7) +
                                    QStringLiteral("/?key=") + secret,
                                lab.token());
  QVERIFY(settle(catalog));
  QCOMPARE(catalog.settings.servers(), QStringList{lab.address()});
  QVERIFY(catalog.controller->place(lab.address())->problem.isEmpty());
  int files = 0;
  for (QDirIterator it(catalog.home.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories); it.hasNext();) {
    const QByteArray bytes = fixtures::bytesOf(it.next());
    ++files;
    QVERIFY2(!bytes.contains(lab.token().toUtf8()) && !bytes.contains(secret.toUtf8()), qPrintable(it.filePath()));
  }
  QVERIFY(files > 0);
}

void tst_CatalogServers::addressesAreCleaned_data() {
  QTest::addColumn<QString>("text");
  QTest::addColumn<QString>("root");
  QTest::newRow("as it is") << QStringLiteral("https://lab.example:8080") << QStringLiteral("https://lab.example:8080");
  QTest::newRow("no scheme") << QStringLiteral(" 127.0.0.1:9000 ") << QStringLiteral("http://127.0.0.1:9000");
  QTest::newRow("list") << QStringLiteral("http://lab/models/") << QStringLiteral("http://lab");
  QTest::newRow("below") << QStringLiteral("http://lab/tf/") << QStringLiteral("http://lab/tf");
  QTest::newRow("secrets") << QStringLiteral("http://a:b@lab/?t=1#x") << QStringLiteral("http://lab");
  QTest::newRow("other scheme") << QStringLiteral("ftp://lab") << QString();
  QTest::newRow("nothing") << QString() << QString();
}

void tst_CatalogServers::addressesAreCleaned() {
  QFETCH(QString, text);
  QFETCH(QString, root);
  QCOMPARE(serverRoot(text), root);
}

/// The weights of a model on a server stay there until it is opened.
void tst_CatalogServers::detailsReadTheStructureOnly() {
  Catalog catalog;
  StoreServer lab(catalog.folder(QStringLiteral("lab")));
  keepOn(lab, "moons");
  catalog.controller->addServer(lab.address(), lab.token());
  catalog.window.show();
  QVERIFY(settle(catalog));
  QVERIFY(QFile::remove(catalog.home.filePath(QStringLiteral("lab/moons/weights.bin"))));
  catalog.select({urlOn(lab, "moons")});
  auto* picture = catalog.window.findChild<QWidget*>(QStringLiteral("details.topology"));
  QTRY_COMPARE_WITH_TIMEOUT(picture->accessibleName(), QStringLiteral("3 layers in a chain"), kPatienceMs);
}

QTEST_MAIN(tst_CatalogServers)
#include "tst_CatalogServers.moc"
