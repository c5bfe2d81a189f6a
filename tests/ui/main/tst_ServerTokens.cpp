// Wherever a server refuses for want of a token, the message offers to give one, and what was asked for is done.
#include "model/document/DocumentIo.h"
#include "model/document/Templates.h"
#include "tests/support/Patience.h"
#include "tests/support/RawPeer.h"
#include "tests/support/ServerFixture.h"
#include "tests/ui/catalog/FakeKeychain.h"
#include "tests/ui/main/StudioFixture.h"
#include "ui/catalog/CatalogController.h"
#include "ui/catalog/CatalogPanel.h"
#include "ui/catalog/CatalogQuestions.h"
#include "ui/catalog/PlacesList.h"
#include "ui/catalog/PlacesView.h"
#include "ui/dialogs/ErrorDialog.h"
#include "ui/dialogs/LinkDialog.h"
#include "ui/main/Layouts.h"
#include "ui/main/OpenController.h"
#include "ui/main/SaveController.h"

#include <QCheckBox>
#include <QDirIterator>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>

using namespace layersmith;
using namespace layersmith::testing;

namespace {

/// The one that is shown now; one that was closed may live for a moment.
template <class Widget>
Widget* shownPart(Studio& studio, const char* name) {
  Widget* found = nullptr;
  const auto isShown = [&] {
    const auto all = studio.window->findChildren<Widget*>(QString::fromLatin1(name));
    const auto visible = std::ranges::find_if(all, [](const Widget* one) { return one->isVisible(); });
    found = visible == all.end() ? nullptr : *visible;
    return found != nullptr;
  };
  return QTest::qWaitFor(isShown, kPatienceMs) ? found : nullptr;
}

/// A studio and a server with one model; `token` is what the catalog has for it.
struct Lab {
  FakeKeychain keychain;
  Studio studio{&keychain};
  StoreServer server{studio.home.filePath(QStringLiteral("lab"))};
  QString url = server.address() + QStringLiteral("/models/moons/model.json");

  Lab() {
    server.models().publish(QStringLiteral("moons"), artifactsFromDocument(makeTemplate(QStringLiteral("twoMoons"))),
                            {});
    studio.window->start({}, QStringLiteral("iris"));
    studio.window->show();
  }
  CatalogController& catalog() { return studio.window->catalog(); }
  bool isListed(const QString& address) {
    return QTest::qWaitFor(
        [&] { return catalog().place(address) && catalog().place(address)->isListed && studio.waitForStores(); },
        kPatienceMs);
  }
  /// As after a start, without a token; or with one.
  bool know(const QString& token = {}) {
    if (token.isEmpty())
      studio.settings.setServers({server.address()});
    else
      catalog().addServer(server.address(), token);
    return isListed(server.address());
  }
  QString body() {
    const QLabel* label = shownPart<QLabel>(studio, "errorDialog.body");
    return label ? label->text() : QString();
  }
  /// Presses the button of the message, types the token and goes on.
  bool give(const QString& token, bool isKept = false) {
    QPushButton* offer = shownPart<QPushButton>(studio, "errorDialog.token");
    if (!offer || offer->text() != QStringLiteral("Give a token...")) return false;
    offer->click();
    return answer(token, isKept);
  }
  bool answer(const QString& token, bool isKept = false) {
    auto* field = shownPart<QLineEdit>(studio, "serverDialog.token");
    if (!field || field->echoMode() != QLineEdit::Password) return false;
    auto* keep = field->window()->findChild<QCheckBox*>(QStringLiteral("serverDialog.keep"));
    if (isKept && !QTest::qWaitFor([&] { return keep->isVisible() && keep->isEnabled(); }, kPatienceMs)) return false;
    if (isKept) keep->setChecked(true);
    field->setText(token);
    shownPart<QPushButton>(studio, "serverDialog.add")->click();
    return true;
  }
  bool isOpened(const QString& address) {
    return QTest::qWaitFor([&] { return studio.current().document().url() == address; }, kPatienceMs);
  }
};

}  // namespace

class tst_ServerTokens : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }

  void openingOnAKnownServer_data();
  void openingOnAKnownServer();
  void openingAtAnUnknownAddress();
  void aLinkIsAskedForInItsDialog();
  void aRecentPlaceGetsTheKeptToken();
  void savingToAKnownServer();
  void savingToATypedAddress();
  void theSessionRemembersForOtherModels();
  void aClosedQuestionSavesNothing();
  void copyingOntoAServer();
  void deletingOnAServer();
  void theServersPage_data();
  void theServersPage();
  void anothersRefusalIsNotHelpedByOurToken();
};

void tst_ServerTokens::openingOnAKnownServer_data() {
  QTest::addColumn<QString>("token");
  QTest::addColumn<QString>("words");
  QTest::newRow("none") << QString() << QStringLiteral("refused access without a token");
  QTest::newRow("refused") << QStringLiteral("wrong") << QStringLiteral("refused access with the token");
}

void tst_ServerTokens::openingOnAKnownServer() {
  QFETCH(QString, token);
  QFETCH(QString, words);
  Lab lab;
  QVERIFY(lab.know(token));
  lab.studio.window->opener().open(lab.url);
  const QString body = lab.body();
  QVERIFY2(body.contains(words) && !body.contains(QStringLiteral("auth-env")) &&
               !body.contains(QStringLiteral("command line")),
           qPrintable(body));
  QVERIFY(lab.give(lab.server.token(), true));
  QVERIFY(lab.isOpened(lab.url));
  QTRY_VERIFY_WITH_TIMEOUT(lab.catalog().model().rowOf(lab.url) >= 0, kPatienceMs);  // the catalog has it too
  QTRY_COMPARE_WITH_TIMEOUT(lab.keychain.secrets[lab.server.address()], lab.server.token(), kPatienceMs);
}

void tst_ServerTokens::openingAtAnUnknownAddress() {
  Lab lab;
  lab.studio.window->opener().open(lab.url);
  QVERIFY(lab.body().contains(QStringLiteral("without a token")));
  shownPart<QPushButton>(lab.studio, "errorDialog.token")->click();
  auto* dialog = shownPart<ServerDialog>(lab.studio, "serverDialog");
  QVERIFY(dialog && !dialog->findChild<QCheckBox*>(QStringLiteral("serverDialog.keep"))->isVisible());
  QVERIFY(lab.answer(lab.server.token()));
  QVERIFY(lab.isOpened(lab.url));
  QVERIFY(lab.studio.settings.servers().isEmpty() && lab.keychain.secrets.empty());

  lab.studio.window->workspace().close(&lab.studio.current());
  lab.studio.window->opener().open(lab.url);  // the session remembers
  QVERIFY(lab.isOpened(lab.url));
  for (QDirIterator it(lab.studio.home.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories); it.hasNext();)
    QVERIFY(!fixtures::bytesOf(it.next()).contains(lab.server.token().toUtf8()));
}

void tst_ServerTokens::aLinkIsAskedForInItsDialog() {
  Lab lab;
  lab.studio.window->opener().openLinkWithDialog();
  auto* dialog = shownPart<LinkDialog>(lab.studio, "linkDialog");
  QVERIFY(dialog);
  dialog->findChild<QLineEdit*>(QStringLiteral("linkDialog.address"))->setText(lab.url);
  dialog->findChild<QLineEdit*>(QStringLiteral("linkDialog.token"))->setText(QStringLiteral("wrong"));
  dialog->findChild<QPushButton*>(QStringLiteral("linkDialog.open"))->click();
  QPushButton* offer = nullptr;
  QTRY_VERIFY_WITH_TIMEOUT((offer = buttonWith(*dialog, QStringLiteral("Give a token..."))), kPatienceMs);
  offer->click();
  QVERIFY(lab.answer(lab.server.token()));
  QVERIFY(lab.isOpened(lab.url));
}

/// The keychain is read before the server is asked, and the person is not.
void tst_ServerTokens::aRecentPlaceGetsTheKeptToken() {
  Lab lab;
  lab.catalog().addServer(lab.server.address(), lab.server.token(), true);
  QTRY_VERIFY_WITH_TIMEOUT(lab.catalog().model().rowOf(lab.url) >= 0, kPatienceMs);
  lab.studio.settings.addRecentPlace(lab.url);
  QTRY_VERIFY_WITH_TIMEOUT(lab.catalog().isTokenKept(lab.server.address()), kPatienceMs);
  QVERIFY(lab.studio.waitForStores());
  MainWindow next(lab.studio.services());
  Q_EMIT next.actions().recentMenu()->aboutToShow();
  QAction* first = next.actions().recentMenu()->actions().front();
  QVERIFY2(first->text().endsWith(QStringLiteral("moons")), qPrintable(first->text()));
  first->trigger();
  QTRY_VERIFY_WITH_TIMEOUT(next.workspace().findUrl(lab.url), kPatienceMs);
  QVERIFY(!next.findChild<ErrorDialog*>());
  QCOMPARE(lab.keychain.reads, QStringList{lab.server.address()});
}

void tst_ServerTokens::savingToAKnownServer() {
  Lab lab;
  QVERIFY(lab.know(QStringLiteral("wrong")));
  SaveRequest request;
  request.target = SaveTarget::Http;
  request.server = lab.server.address();
  request.name = QStringLiteral("iris");
  request.url = lab.server.address() + QStringLiteral("/upload/iris");
  QVERIFY(lab.studio.addLayer());
  lab.studio.window->saver().perform(lab.studio.current(), request);
  QVERIFY2(lab.body().contains(QStringLiteral("refused access with the token")), qPrintable(lab.body()));
  QVERIFY(lab.studio.current().isModified());
  QVERIFY(lab.give(lab.server.token()));
  QTRY_VERIFY_WITH_TIMEOUT(!lab.studio.current().isModified(), kPatienceMs);
  QCOMPARE(int(lab.server.models().list().size()), 2);

  QVERIFY(lab.studio.addLayer());  // a token that the catalog gets later goes with the next save too
  lab.catalog().addServer(lab.server.address(), QStringLiteral("old"));
  QVERIFY(lab.studio.waitForStores());
  lab.studio.trigger(ActionId::Save);
  QVERIFY(lab.give(lab.server.token()));
  QTRY_VERIFY_WITH_TIMEOUT(!lab.studio.current().isModified(), kPatienceMs);
}

/// It is the same save: with the same key, and what else was typed stays.
void tst_ServerTokens::savingToATypedAddress() {
  Lab lab;
  fixtures::RawPeer peer([](const QByteArray& request) {
    return request.contains("Authorization: Bearer right\r\n") ? fixtures::reply("200 OK", "{}")
                                                               : fixtures::reply("401 Unauthorized", "no");
  });
  SaveRequest request;
  request.target = SaveTarget::Http;
  request.name = QStringLiteral("iris");
  request.url = peer.url("/up");
  request.options.http.setBearerToken(QStringLiteral("wrong"));
  request.options.http.headers.append({QStringLiteral("X-Lab"), QStringLiteral("seven")});
  QVERIFY(lab.studio.addLayer());
  lab.studio.window->saver().perform(lab.studio.current(), request);
  QVERIFY(lab.body().contains(QStringLiteral("refused access with the token")));
  QVERIFY(lab.give(QStringLiteral("right")));
  QTRY_VERIFY_WITH_TIMEOUT(!lab.studio.current().isModified(), kPatienceMs);
  QCOMPARE(peer.requests.size(), std::size_t(2));
  const auto lineOf = [](const QByteArray& sent, const char* name) {
    const qsizetype at = sent.indexOf(name);
    return at < 0 ? QByteArray() : sent.mid(at, sent.indexOf("\r\n", at) - at);
  };
  QVERIFY(!lineOf(peer.requests[0], "Idempotency-Key").isEmpty());
  QCOMPARE(lineOf(peer.requests[1], "Idempotency-Key"), lineOf(peer.requests[0], "Idempotency-Key"));
  QCOMPARE(lineOf(peer.requests[1], "X-Lab"), QByteArray("X-Lab: seven"));
  QCOMPARE(peer.requests[1].count("Authorization: "), 1);
}

/// One that was given for an address is used when that address wants one, and goes nowhere unasked.
void tst_ServerTokens::theSessionRemembersForOtherModels() {
  Lab lab;
  fixtures::RawPeer peer([](const QByteArray& request) {
    return request.contains("Authorization: Bearer right\r\n") ? fixtures::reply("200 OK", "{}")
                                                               : fixtures::reply("401 Unauthorized", "no");
  });
  fixtures::RawPeer other([](const QByteArray&) { return fixtures::reply("403 Forbidden", "no"); });
  SaveRequest request;
  request.target = SaveTarget::Http;
  request.name = QStringLiteral("iris");
  request.url = peer.url("/up");
  QVERIFY(lab.studio.addLayer());
  lab.studio.window->saver().perform(lab.studio.current(), request);
  QVERIFY(lab.give(QStringLiteral("right")));
  QTRY_VERIFY_WITH_TIMEOUT(!lab.studio.current().isModified(), kPatienceMs);

  lab.studio.window->opener().openTemplate(QStringLiteral("twoMoons"));
  QVERIFY(lab.studio.addLayer());
  lab.studio.window->saver().perform(lab.studio.current(), request);
  QTRY_VERIFY_WITH_TIMEOUT(!lab.studio.current().isModified(), kPatienceMs);
  QCOMPARE(peer.requests.size(), std::size_t(4));
  QVERIFY(!peer.requests[2].contains("Authorization") && peer.requests[3].contains("Authorization: Bearer right"));

  request.url = other.url("/up");
  lab.studio.window->saver().perform(lab.studio.current(), request);
  QVERIFY(lab.body().contains(QStringLiteral("without a token")));
  QCOMPARE(other.requests.size(), std::size_t(1));
  QVERIFY(!other.requests.front().contains("Authorization"));
}

void tst_ServerTokens::aClosedQuestionSavesNothing() {
  Lab lab;
  QVERIFY(lab.know());
  SaveRequest request;
  request.target = SaveTarget::Http;
  request.server = lab.server.address();
  request.name = QStringLiteral("iris");
  request.url = lab.server.address() + QStringLiteral("/upload/iris");
  int answers = 0;
  lab.studio.window->saver().perform(lab.studio.current(), request,
                                     [&](bool isSaved) { answers += isSaved ? 100 : 1; });
  QPushButton* offer = shownPart<QPushButton>(lab.studio, "errorDialog.token");
  QVERIFY(offer);
  offer->click();
  shownPart<QPushButton>(lab.studio, "serverDialog.cancel")->click();
  QTRY_COMPARE_WITH_TIMEOUT(answers, 1, kPatienceMs);
}

void tst_ServerTokens::copyingOntoAServer() {
  Lab lab;
  bool isKept = false;
  SaveRequest request;
  request.url = QStringLiteral("indexeddb://own");
  request.name = QStringLiteral("own");
  lab.studio.window->saver().perform(lab.studio.current(), request, [&](bool ok) { isKept = ok; });
  QTRY_VERIFY_WITH_TIMEOUT(isKept, kPatienceMs);
  QVERIFY(lab.know(QStringLiteral("wrong")));
  lab.studio.window->layouts().apply(LayoutKind::Catalog);
  auto* places = lab.studio.find<PlacesView>("places.list");
  QVERIFY(places);
  Q_EMIT places->modelsDropped({QStringLiteral("indexeddb://own")}, lab.server.address(), false);
  const QLabel* title = shownPart<QLabel>(lab.studio, "errorDialog.title");
  QVERIFY(title);
  QCOMPARE(title->text(), QStringLiteral("Nothing was copied."));
  QVERIFY(lab.give(lab.server.token()));
  QTRY_VERIFY_WITH_TIMEOUT(lab.server.models().list().size() == 2, kPatienceMs);
}

void tst_ServerTokens::deletingOnAServer() {
  Lab lab;
  QVERIFY(lab.know(lab.server.token()));
  QTRY_VERIFY_WITH_TIMEOUT(lab.catalog().model().rowOf(lab.url) >= 0, kPatienceMs);
  lab.catalog().addServer(lab.server.address(), QStringLiteral("wrong"));
  QVERIFY(lab.studio.waitForStores());
  lab.catalog().remove({lab.url});
  shownPart<QPushButton>(lab.studio, "deleteOnServerDialog.go")->click();
  QVERIFY(lab.give(lab.server.token()));
  QTRY_VERIFY_WITH_TIMEOUT(lab.server.models().list().empty(), kPatienceMs);
}

void tst_ServerTokens::theServersPage_data() {
  QTest::addColumn<QString>("token");
  QTest::addColumn<QString>("words");
  QTest::addColumn<QString>("note");
  QTest::newRow("none") << QString() << QStringLiteral("%1 wants a token") << QStringLiteral("Wants a token");
  QTest::newRow("refused") << QStringLiteral("wrong") << QStringLiteral("%1 refused the token")
                           << QStringLiteral("Refused the token");
}

void tst_ServerTokens::theServersPage() {
  QFETCH(QString, token);
  QFETCH(QString, words);
  QFETCH(QString, note);
  Lab lab;
  QVERIFY(lab.know(token));
  lab.studio.window->layouts().apply(LayoutKind::Catalog);
  auto* page = lab.studio.find<CatalogPanel>("catalogPage");
  page->places()->choose(lab.server.address());
  auto* button = shownPart<QPushButton>(lab.studio, "catalogPage.saveHere");
  QVERIFY(button);
  QTRY_COMPARE_WITH_TIMEOUT(button->text(), QStringLiteral("Give a token..."), kPatienceMs);
  const auto says = [&](const QString& text) {
    const auto labels = page->findChildren<QLabel*>();
    return std::ranges::any_of(labels, [&](const QLabel* label) { return label->text().contains(text); });
  };
  QVERIFY(says(words.arg(lab.server.address().mid(7))));
  QVERIFY(!says(QStringLiteral("auth-env")));
  const QListWidgetItem* row = page->places()->view().currentItem();
  QCOMPARE(row->data(PlacesView::NoteRole).toString(), note);
  button->click();
  QVERIFY(lab.answer(lab.server.token()));
  QTRY_VERIFY_WITH_TIMEOUT(lab.catalog().model().rowOf(lab.url) >= 0, kPatienceMs);
}

/// A redirect to another server loses the token: asking for one would not help.
void tst_ServerTokens::anothersRefusalIsNotHelpedByOurToken() {
  Lab lab;
  fixtures::RawPeer peer(
      [&](const QByteArray&) { return fixtures::reply("302 Found", "", "Location: " + lab.url.toUtf8() + "\r\n"); });
  lab.studio.window->opener().open(peer.url("/model.json"));
  QVERIFY(lab.body().contains(QStringLiteral("refused access")));
  QVERIFY(!lab.studio.find<QPushButton>("errorDialog.token"));
  QVERIFY(lab.studio.find<QPushButton>("errorDialog.retry"));
}

QTEST_MAIN(tst_ServerTokens)
#include "tst_ServerTokens.moc"
