// A save to a server that cannot be reached can wait: it is seen, sent when asked for or when the server is there
// again, and never lost silently.
#include "model/document/DocumentIo.h"
#include "model/document/Templates.h"
#include "tests/support/Patience.h"
#include "tests/support/RawPeer.h"
#include "tests/support/ServerFixture.h"
#include "tests/ui/main/StudioFixture.h"
#include "ui/catalog/CatalogController.h"
#include "ui/dialogs/ErrorDialog.h"
#include "ui/dialogs/SaveForm.h"
#include "ui/main/OpenController.h"
#include "ui/main/PostponedStrips.h"
#include "ui/main/SaveController.h"

#include <QLabel>
#include <QLineEdit>
#include <QRegularExpression>

using namespace layersmith;
using namespace layersmith::testing;

using namespace std::chrono_literals;

namespace {

/// A studio that knows a server which is away, and a model that could not be sent to it.
struct Away {
  Studio studio;
  QString root = studio.home.filePath(QStringLiteral("lab"));
  QString address;
  int port = 0;
  std::unique_ptr<StoreServer> server;

  Away() {
    server = std::make_unique<StoreServer>(root);
    address = server->address();
    port = server->port();
    server.reset();
    studio.window->start({}, QStringLiteral("twoMoons"));
    studio.window->show();
    studio.settings.setServers({address});
  }
  SaveRequest request() const {
    SaveRequest request;
    request.target = SaveTarget::Http;
    request.server = address;
    request.name = QStringLiteral("moons");
    request.url = address + QStringLiteral("/upload/moons");
    return request;
  }
  SaveController& saver() { return studio.window->saver(); }
  QPushButton* offered(const char* name) {
    QPushButton* button = nullptr;
    const auto isShown = [&] {
      button = studio.find<QPushButton>((QByteArray("errorDialog.") + name).constData());
      return button && button->isVisible();
    };
    return QTest::qWaitFor(isShown, kPatienceMs) ? button : nullptr;
  }
  bool postpone() {
    saver().perform(studio.current(), request());
    QPushButton* later = offered("later");
    if (!later || later->text() != QStringLiteral("Send later") || !offered("retry")) return false;
    later->click();
    return QTest::qWaitFor([&] { return !said().isEmpty(); }, kPatienceMs);
  }
  /// What the strip says; empty: there is none.
  QString said() {
    for (const QLabel* label : studio.find<PostponedStrips>("postponed")->findChildren<QLabel*>())
      if (label->isVisible() && !label->text().isEmpty()) return label->text();
    return {};
  }
  QPushButton* button(const QString& text) {
    for (QPushButton* one : studio.find<PostponedStrips>("postponed")->findChildren<QPushButton*>())
      if (one->isVisible() && one->text() == text) return one;
    return nullptr;
  }
  bool isThereAgain(bool withToken = true) {
    server = std::make_unique<StoreServer>(root, port);
    studio.window->catalog().addServer(address, withToken ? server->token() : QStringLiteral("wrong"));
    return studio.waitForStores();
  }
  int layersThere() { return server->models().list().empty() ? 0 : server->models().list().front().layerCount; }
};

}  // namespace

class tst_SendLater : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }

  void whenAskedFor();
  void byItself();
  void allThatWait();
  void asTheModelIsThen();
  void saveSendsIt();
  void aDocumentStaysWhereItIsKept();
  void forgotten();
  void closingAsks_data();
  void closingAsks();
  void aRefusalInterruptsNobody();
  void onceIsEnough();
  void theDialogSaysThatAServerIsAway();
  void onlyWhatCannotBeReached_data();
  void onlyWhatCannotBeReached();
};

void tst_SendLater::whenAskedFor() {
  Away away;
  QVERIFY(away.studio.addLayer());
  QVERIFY(away.postpone());
  QCOMPARE(away.said(), QStringLiteral("moons waits for 127.0.0.1."));
  QVERIFY(away.studio.current().isModified());
  QPushButton* send = away.button(QStringLiteral("Send now"));
  QVERIFY(send && !send->objectName().isEmpty() && !send->accessibleName().isEmpty());
  send->click();  // it is still away: told as any failure, and it still waits
  QPushButton* again = away.offered("later");
  QVERIFY(again);
  again->click();
  QTRY_VERIFY_WITH_TIMEOUT(!away.said().isEmpty(), kPatienceMs);

  QVERIFY(away.isThereAgain());
  away.button(QStringLiteral("Send now"))->click();
  QTRY_VERIFY_WITH_TIMEOUT(!away.studio.current().isModified(), kPatienceMs);
  QTRY_VERIFY_WITH_TIMEOUT(away.said().isEmpty(), kPatienceMs);
  QCOMPARE(int(away.server->models().list().size()), 1);
  QCOMPARE(away.studio.current().document().url(), away.address + QStringLiteral("/models/moons/model.json"));
}

void tst_SendLater::byItself() {
  Away away;
  QVERIFY(away.studio.addLayer());
  QVERIFY(away.postpone());
  away.saver().setPostponedInterval(100ms);
  QTest::qWait(500);  // tried, and nobody is bothered
  QVERIFY(!away.studio.find<ErrorDialog>("errorDialog") || !away.studio.find<ErrorDialog>("errorDialog")->isVisible());
  QCOMPARE(away.said(), QStringLiteral("moons waits for 127.0.0.1."));
  QVERIFY(away.studio.current().isModified());
  away.saver().setPostponedInterval(std::chrono::hours(1));
  QVERIFY(away.studio.waitForStores());
  QVERIFY(away.isThereAgain());
  away.saver().setPostponedInterval(100ms);
  QTRY_VERIFY_WITH_TIMEOUT(!away.studio.current().isModified(), kPatienceMs);
  QTRY_VERIFY_WITH_TIMEOUT(away.said().isEmpty(), kPatienceMs);
}

/// One goes first, the others follow at once.
void tst_SendLater::allThatWait() {
  Away away;
  QVERIFY(away.postpone());
  away.studio.window->opener().openTemplate(QStringLiteral("iris"));
  SaveRequest second = away.request();
  second.name = QStringLiteral("iris");
  second.url = away.address + QStringLiteral("/upload/iris");
  away.saver().perform(away.studio.current(), second);
  QPushButton* later = away.offered("later");
  QVERIFY(later);
  later->click();
  QTRY_COMPARE_WITH_TIMEOUT(away.studio.find<PostponedStrips>("postponed")
                                ->findChildren<QPushButton*>(QRegularExpression(QStringLiteral("send$")))
                                .size(),
                            2, kPatienceMs);
  QVERIFY(away.isThereAgain());
  away.saver().setPostponedInterval(2s);
  QTRY_COMPARE_WITH_TIMEOUT(int(away.server->models().list().size()), 2, kPatienceMs);
  QTRY_VERIFY_WITH_TIMEOUT(away.said().isEmpty(), kPatienceMs);
}

void tst_SendLater::asTheModelIsThen() {
  Away away;
  QVERIFY(away.postpone());
  QVERIFY(away.studio.addLayer());
  QVERIFY(away.isThereAgain());
  away.button(QStringLiteral("Send now"))->click();
  QTRY_VERIFY_WITH_TIMEOUT(!away.studio.current().isModified(), kPatienceMs);
  QCOMPARE(away.layersThere(), int(away.studio.current().state().graph.layers.size()));
}

/// Of a model that has no other place yet, Save means this.
void tst_SendLater::saveSendsIt() {
  Away away;
  QVERIFY(away.studio.addLayer());
  QVERIFY(away.postpone());
  QVERIFY(away.isThereAgain());
  away.studio.trigger(ActionId::Save);
  QTRY_VERIFY_WITH_TIMEOUT(!away.studio.current().isModified(), kPatienceMs);
  QTRY_VERIFY_WITH_TIMEOUT(away.said().isEmpty(), kPatienceMs);
  QCOMPARE(int(away.server->models().list().size()), 1);
}

/// Saved elsewhere and changed since: what is sent later takes it neither away from there nor for saved.
void tst_SendLater::aDocumentStaysWhereItIsKept() {
  Away away;
  QVERIFY(away.postpone());
  SaveRequest own;
  own.url = QStringLiteral("indexeddb://mine");
  own.name = QStringLiteral("mine");
  bool isDone = false;
  away.saver().perform(away.studio.current(), own, [&](bool ok) { isDone = ok; });
  QTRY_VERIFY_WITH_TIMEOUT(isDone, kPatienceMs);
  QVERIFY(away.studio.addLayer());
  QVERIFY(away.isThereAgain());
  away.saver().setPostponedInterval(100ms);
  QTRY_COMPARE_WITH_TIMEOUT(int(away.server->models().list().size()), 1, kPatienceMs);
  QTRY_VERIFY_WITH_TIMEOUT(!away.saver().postponed(&away.studio.current()), kPatienceMs);
  QCOMPARE(away.studio.current().document().url(), own.url);
  QVERIFY(away.studio.current().isModified());
}

void tst_SendLater::forgotten() {
  Away away;
  QVERIFY(away.studio.addLayer());
  QVERIFY(away.postpone());
  away.button(QStringLiteral("Forget"))->click();
  QTRY_VERIFY_WITH_TIMEOUT(away.said().isEmpty(), kPatienceMs);
  QVERIFY(away.studio.current().isModified());
  QVERIFY(away.isThereAgain());
  away.saver().setPostponedInterval(50ms);
  QTest::qWait(300);
  QVERIFY(away.server->models().list().empty());
}

void tst_SendLater::closingAsks_data() {
  QTest::addColumn<bool>("isSaved");
  QTest::newRow("nowhere saved") << false;
  QTest::newRow("saved here, not there") << true;
}

/// Even of a model that has no changes. Save sends it.
void tst_SendLater::closingAsks() {
  QFETCH(bool, isSaved);
  Away away;
  if (isSaved) {
    SaveRequest own;
    own.url = QStringLiteral("indexeddb://moons");
    own.name = QStringLiteral("moons");
    bool isDone = false;
    away.saver().perform(away.studio.current(), own, [&](bool ok) { isDone = ok; });
    QTRY_VERIFY_WITH_TIMEOUT(isDone, kPatienceMs);
  }
  QVERIFY(away.postpone());
  QVERIFY(!away.studio.current().isModified());
  away.studio.window->close();
  QVERIFY(away.studio.window->isVisible());
  auto* cancel = away.studio.find<QPushButton>("closePrompt.cancel");
  QVERIFY(cancel);
  cancel->click();
  QVERIFY(away.isThereAgain());
  QTRY_VERIFY_WITH_TIMEOUT(!away.studio.find<QPushButton>("closePrompt.save"), kPatienceMs);
  away.studio.window->close();
  away.studio.find<QPushButton>("closePrompt.save")->click();
  QTRY_VERIFY_WITH_TIMEOUT(!away.studio.window->isVisible(), kPatienceMs);
  QCOMPARE(int(away.server->models().list().size()), 1);
}

/// What the server says to a save that nobody asked for just now stands in the strip; asked for, it is told.
void tst_SendLater::aRefusalInterruptsNobody() {
  Away away;
  QVERIFY(away.studio.addLayer());
  QVERIFY(away.postpone());
  QVERIFY(away.isThereAgain(false));
  away.saver().setPostponedInterval(100ms);
  QTRY_COMPARE_WITH_TIMEOUT(away.said(), QStringLiteral("moons was not taken by 127.0.0.1."), kPatienceMs);
  QVERIFY(!away.studio.find<ErrorDialog>("errorDialog"));
  away.button(QStringLiteral("Send now"))->click();
  QPushButton* token = away.offered("token");
  QVERIFY(token);
  token->click();
  QLineEdit* field = nullptr;
  QTRY_VERIFY_WITH_TIMEOUT((field = away.studio.find<QLineEdit>("serverDialog.token")), kPatienceMs);
  field->setText(away.server->token());
  away.studio.find<QPushButton>("serverDialog.add")->click();
  QTRY_VERIFY_WITH_TIMEOUT(!away.studio.current().isModified(), kPatienceMs);
  QTRY_VERIFY_WITH_TIMEOUT(away.said().isEmpty(), kPatienceMs);
}

/// Pressed twice, or while it is being tried: a server that knows no keys gets it once all the same.
void tst_SendLater::onceIsEnough() {
  Away away;
  fixtures::RawPeer peer([](const QByteArray&) { return fixtures::reply("200 OK", "{}"); });
  const quint16 port = peer.serverPort();
  SaveRequest request;
  request.target = SaveTarget::Http;
  request.name = QStringLiteral("moons");
  request.url = peer.url("/up");
  peer.close();
  QVERIFY(away.studio.addLayer());
  away.saver().perform(away.studio.current(), request);
  QPushButton* later = away.offered("later");
  QVERIFY(later);
  later->click();
  QTRY_VERIFY_WITH_TIMEOUT(!away.said().isEmpty(), kPatienceMs);
  QVERIFY(peer.listen(QHostAddress::LocalHost, port));
  int answers = 0;
  for (int i = 0; i < 3; ++i)
    away.saver().sendPostponed(away.studio.current(), [&](bool isSent) { answers += isSent; });
  QTRY_COMPARE_WITH_TIMEOUT(answers, 3, kPatienceMs);
  QCOMPARE(peer.requests.size(), std::size_t(1));
  QVERIFY(!away.studio.current().isModified() && away.said().isEmpty());
}

void tst_SendLater::theDialogSaysThatAServerIsAway() {
  Away away;
  const auto isKnown = [&] { return !away.studio.window->catalog().place(away.address)->problem.isEmpty(); };
  QTRY_VERIFY_WITH_TIMEOUT(isKnown(), kPatienceMs);
  away.saver().saveAsIn(away.studio.current(), away.address);
  auto* form = away.studio.window->findChild<SaveForm*>();
  QVERIFY(form);
  const auto labels = form->findChildren<QLabel*>();
  QVERIFY(std::ranges::any_of(labels, [](const QLabel* label) {
    return label->isVisible() && label->text().contains(QStringLiteral("could not be reached"));
  }));
  QVERIFY(!form->request().url.isEmpty());  // it can be sent later
}

void tst_SendLater::onlyWhatCannotBeReached_data() {
  QTest::addColumn<QByteArray>("answer");
  QTest::newRow("404") << fixtures::reply("404 Not Found", "no");
  QTest::newRow("500") << fixtures::reply("500 Oops", "no");
  QTest::newRow("it may have arrived") << QByteArray();  // taken whole, then hung up
}

void tst_SendLater::onlyWhatCannotBeReached() {
  QFETCH(QByteArray, answer);
  Away away;
  fixtures::RawPeer peer([&](const QByteArray&) { return answer; });
  SaveRequest request;
  request.target = SaveTarget::Http;
  request.name = QStringLiteral("moons");
  request.url = peer.url("/up");
  away.saver().perform(away.studio.current(), request);
  QVERIFY(away.offered("retry"));
  QVERIFY(!away.studio.find<QPushButton>("errorDialog.later"));
}

QTEST_MAIN(tst_SendLater)
#include "tst_SendLater.moc"
