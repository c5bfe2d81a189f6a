// Save As as it comes up: with the place that is shown, with what failed, with a way to a server's own address; and
// what a taken name offers.
#include "model/document/DocumentIo.h"
#include "model/document/Templates.h"
#include "model/storage/ModelLibrary.h"
#include "tests/support/Patience.h"
#include "tests/support/RawPeer.h"
#include "tests/support/ServerFixture.h"
#include "tests/ui/main/StudioFixture.h"
#include "ui/catalog/CatalogController.h"
#include "ui/catalog/CatalogPanel.h"
#include "ui/catalog/PlacesList.h"
#include "ui/dialogs/ErrorDialog.h"
#include "ui/dialogs/SaveDialog.h"
#include "ui/dialogs/SaveForm.h"
#include "ui/main/Layouts.h"
#include "ui/main/OpenController.h"
#include "ui/main/SaveController.h"
#include "ui/widgets/SegmentedSwitch.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QSpinBox>

using namespace layersmith;
using namespace layersmith::testing;

namespace {

template <class Widget>
Widget* part(SaveDialog* dialog, const char* name) {
  return dialog->findChild<Widget*>(QStringLiteral("saveDialog.") + QLatin1String(name));
}

SaveDialog* dialogOf(Studio& studio) {
  SaveDialog* dialog = nullptr;
  const auto isShown = [&] {
    dialog = studio.find<SaveDialog>("saveDialog");
    return dialog && dialog->isVisible();
  };
  return QTest::qWaitFor(isShown, kPatienceMs) ? dialog : nullptr;
}

QPushButton* offer(Studio& studio, const char* name) {
  QPushButton* button = nullptr;
  const auto isShown = [&] {
    button = studio.find<QPushButton>((QByteArray("errorDialog.") + name).constData());
    return button && button->isVisible();
  };
  return QTest::qWaitFor(isShown, kPatienceMs) ? button : nullptr;
}

SaveTarget chosenTarget(SaveDialog* dialog) {
  return static_cast<SaveTarget>(part<QListWidget>(dialog, "targets")->currentItem()->data(Qt::UserRole).toInt());
}

}  // namespace

class tst_SaveElsewhere : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    qputenv("LAYERSMITH_HOME", m_home.path().toUtf8());
    qputenv("LAYERSMITH_PLUGINS", LAYERSMITH_PLUGIN_DIR);
    installLook(*qApp);
  }
  void cleanup() { QFile::remove(m_home.filePath(QStringLiteral("archive.lsarch"))); }

  void saveHereGoesHere_data();
  void saveHereGoesHere();
  void whatCameFromAServerGoesBackThere();
  void theDialogKeepsWhatFailed_data();
  void theDialogKeepsWhatFailed();
  void aKnownServerStaysChosen();
  void anAddressCanBeMended();
  void aBareServerAddressIsExplained_data();
  void aBareServerAddressIsExplained();
  void anAddressIsNeverChangedSilently();
  void whatIsNoAddressIsNotSent();
  void keepsBothOnAServer_data();
  void keepsBothOnAServer();
  void keepsBothInAStore_data();
  void keepsBothInAStore();

 private:
  QTemporaryDir m_home;
};

void tst_SaveElsewhere::saveHereGoesHere_data() {
  QTest::addColumn<QString>("place");
  QTest::addColumn<int>("target");
  QTest::newRow("folder") << QStringLiteral("folder") << int(SaveTarget::Folder);
  QTest::newRow("indexeddb") << QStringLiteral("indexeddb") << int(SaveTarget::IndexedDb);
  QTest::newRow("local storage") << QStringLiteral("localstorage") << int(SaveTarget::LocalStorage);
  QTest::newRow("server") << QStringLiteral("server") << int(SaveTarget::Http);
  QTest::newRow("plug-in") << QStringLiteral("archive") << int(SaveTarget::Plugin);
  QTest::newRow("all") << QString() << int(SaveTarget::Folder);
}

void tst_SaveElsewhere::saveHereGoesHere() {
  QFETCH(QString, place);
  QFETCH(int, target);
  Studio studio;
  StoreServer lab(studio.home.filePath(QStringLiteral("lab")));
  const QString folder = studio.home.filePath(QStringLiteral("mine"));
  QDir().mkpath(folder);
  studio.window->start({}, QStringLiteral("iris"));
  studio.window->show();
  CatalogController& catalog = studio.window->catalog();
  catalog.addFolder(folder);
  catalog.addServer(lab.address(), lab.token());
  const QString key = place == QStringLiteral("folder")   ? folder
                      : place == QStringLiteral("server") ? lab.address()
                                                          : place;
  QTRY_VERIFY_WITH_TIMEOUT(catalog.isLoaded() && catalog.place(lab.address())->isListed, kPatienceMs);
  studio.window->layouts().apply(LayoutKind::Catalog);
  studio.find<CatalogPanel>("catalogPage")->places()->choose(key);
  auto* button = studio.find<QPushButton>("catalogPage.saveHere");
  QTRY_VERIFY_WITH_TIMEOUT(button->isVisible(), kPatienceMs);
  QCOMPARE(button->text(), QStringLiteral("Save iris here"));
  button->click();
  SaveDialog* dialog = dialogOf(studio);
  QVERIFY(dialog);
  QCOMPARE(int(chosenTarget(dialog)), target);
  QCOMPARE(int(dialog->form().target()), target);
  const SaveRequest request = dialog->form().request();
  QCOMPARE(request.server, place == QStringLiteral("server") ? lab.address() : QString());
  if (place == QStringLiteral("folder")) QCOMPARE(request.url, folder + QStringLiteral("/iris"));
  if (place.isEmpty()) return;
  part<QPushButton>(dialog, "save")->click();
  QTRY_VERIFY_WITH_TIMEOUT(placeOf(studio.current().document().url()) == key, kPatienceMs);
}

/// Save of a model that was opened from a server: the dialog asks, with that server chosen.
void tst_SaveElsewhere::whatCameFromAServerGoesBackThere() {
  Studio studio;
  StoreServer lab(studio.home.filePath(QStringLiteral("lab")));
  lab.models().publish(QStringLiteral("moons"), artifactsFromDocument(makeTemplate(QStringLiteral("twoMoons"))), {});
  studio.window->start({}, QStringLiteral("iris"));
  studio.window->show();
  studio.window->catalog().addServer(lab.address(), lab.token());
  const QString url = lab.address() + QStringLiteral("/models/moons/model.json");
  studio.window->opener().open(url);
  QTRY_COMPARE_WITH_TIMEOUT(studio.current().document().url(), url, kPatienceMs);
  QVERIFY(studio.addLayer());
  studio.trigger(ActionId::Save);
  SaveDialog* dialog = dialogOf(studio);
  QVERIFY(dialog);
  const SaveRequest request = dialog->form().request();
  QCOMPARE(request.server, lab.address());
  QCOMPARE(request.name, QStringLiteral("moons"));
}

void tst_SaveElsewhere::theDialogKeepsWhatFailed_data() {
  QTest::addColumn<QString>("place");
  QTest::addColumn<QString>("header");
  QTest::addColumn<QString>("value");
  QTest::newRow("bearer") << QString() << QStringLiteral("Authorization") << QStringLiteral("Bearer s3cret");
  QTest::newRow("basic") << QString() << QStringLiteral("Authorization") << QStringLiteral("Basic bWU6czNjOnJldA==");
  QTest::newRow("own header") << QString() << QStringLiteral("X-Lab") << QStringLiteral("s3cret");
  QTest::newRow("no secret") << QString() << QString() << QString();
  QTest::newRow("folder") << QStringLiteral("/proc/nowhere/luna") << QString() << QString();
  QTest::newRow("pair") << QStringLiteral("/proc/nowhere/luna.json") << QString() << QString();
  QTest::newRow("plug-in") << QStringLiteral("archive:///proc/nowhere/all.lsarch#luna") << QString() << QString();
}

void tst_SaveElsewhere::theDialogKeepsWhatFailed() {
  QFETCH(QString, place);
  QFETCH(QString, header);
  QFETCH(QString, value);
  fixtures::RawPeer peer([](const QByteArray&) { return fixtures::reply("404 Not Found", "no"); });
  Studio studio;
  studio.window->start({}, QStringLiteral("twoMoons"));
  studio.window->show();
  SaveRequest asked;
  asked.name = QStringLiteral("luna");
  asked.url = place.isEmpty() ? peer.url("/upp/luna?a=1") : place;
  asked.target = place.isEmpty() ? SaveTarget::Http : targetOf(place).value();
  asked.contents.includeRecipe = false;
  asked.contents.storedAs = DType::Float16;
  if (place.isEmpty()) {
    asked.options.http.method = QStringLiteral("PUT");
    asked.options.http.timeoutMs = 45'000;
    asked.options.http.checkCertificate = false;
    if (!header.isEmpty()) asked.options.http.headers.append({header, value});
    if (header == QStringLiteral("X-Lab")) asked.secretHeader = header;
    asked.options.http.headers.append({QStringLiteral("X-Group"), QStringLiteral("seven")});
  }
  if (asked.target == SaveTarget::Folder) asked.options.shardBytes = std::int64_t(7) << 20;
  studio.window->saver().perform(studio.current(), asked);
  QPushButton* elsewhere = offer(studio, "elsewhere");
  QVERIFY(elsewhere);
  elsewhere->click();
  SaveDialog* dialog = dialogOf(studio);
  QVERIFY(dialog);
  QCOMPARE(int(chosenTarget(dialog)), int(asked.target));
  const SaveRequest now = dialog->form().request();
  QCOMPARE(now.url, asked.url);
  QCOMPARE(now.name, asked.name);
  QCOMPARE(int(now.target), int(asked.target));
  QVERIFY(!now.contents.includeRecipe && now.contents.storedAs == DType::Float16);
  QCOMPARE(now.options.shardBytes, asked.options.shardBytes);
  QVERIFY(now.options.idempotencyKey.isEmpty());  // another save
  if (!place.isEmpty()) return;
  QCOMPARE(now.options.http.method, asked.options.http.method);
  QCOMPARE(now.options.http.headers, asked.options.http.headers);
  QCOMPARE(now.options.http.timeoutMs, asked.options.http.timeoutMs);
  QCOMPARE(now.options.http.checkCertificate, asked.options.http.checkCertificate);
  QCOMPARE(now.secretHeader, asked.secretHeader);
  QCOMPARE(part<QLineEdit>(dialog, "secret")->echoMode(), QLineEdit::Password);
  QCOMPARE(part<QLineEdit>(dialog, "secret")->isVisible(), !header.isEmpty());
}

void tst_SaveElsewhere::aKnownServerStaysChosen() {
  Studio studio;
  StoreServer lab(studio.home.filePath(QStringLiteral("lab")));
  studio.window->start({}, QStringLiteral("iris"));
  studio.window->show();
  lab.models().publish(QStringLiteral("taken"), artifactsFromDocument(studio.current().state()), {});
  studio.window->catalog().addServer(lab.address(), lab.token());
  SaveRequest asked;
  asked.target = SaveTarget::Http;
  asked.server = lab.address();
  asked.name = QStringLiteral("taken");
  asked.url = lab.address() + QStringLiteral("/upload/taken");
  studio.window->saver().perform(studio.current(), asked);
  QPushButton* elsewhere = offer(studio, "elsewhere");
  QVERIFY(elsewhere);
  elsewhere->click();
  SaveDialog* dialog = dialogOf(studio);
  QVERIFY(dialog);
  const SaveRequest now = dialog->form().request();
  QCOMPARE(now.server, asked.server);
  QCOMPARE(now.url, asked.url);
  QVERIFY(now.options.http.headers.front().second.endsWith(lab.token()));
}

void tst_SaveElsewhere::anAddressCanBeMended() {
  fixtures::RawPeer peer([](const QByteArray& request) {
    return request.startsWith("POST /up ") ? fixtures::reply("200 OK", "{}") : fixtures::reply("404 Not Found", "no");
  });
  Studio studio;
  studio.window->start({}, QStringLiteral("twoMoons"));
  studio.window->show();
  SaveRequest asked;
  asked.target = SaveTarget::Http;
  asked.name = QStringLiteral("moons");
  asked.url = peer.url("/upp");
  asked.options.http.setBearerToken(QStringLiteral("s3cret"));
  QVERIFY(studio.addLayer());
  studio.window->saver().perform(studio.current(), asked);
  QPushButton* elsewhere = offer(studio, "elsewhere");
  QVERIFY(elsewhere);
  elsewhere->click();
  SaveDialog* dialog = dialogOf(studio);
  QVERIFY(dialog && QTest::qWaitForWindowActive(dialog));
  QCOMPARE(dialog->focusWidget(), part<QLineEdit>(dialog, "address"));
  QTest::keyClick(dialog->focusWidget(), Qt::Key_Backspace);
  QCOMPARE(dialog->form().request().url, peer.url("/up"));
  QTest::keyClick(dialog->focusWidget(), Qt::Key_Return);
  QTRY_VERIFY_WITH_TIMEOUT(!studio.current().isModified(), kPatienceMs);
  QVERIFY(peer.requests.back().contains("Authorization: Bearer s3cret"));
}

void tst_SaveElsewhere::aBareServerAddressIsExplained_data() {
  QTest::addColumn<QString>("address");
  QTest::addColumn<QString>("use");
  const auto row = [](const char* address, const char* use) {
    QTest::newRow(address) << QString::fromLatin1(address) << QString::fromLatin1(use);
  };
  row("http://lab.example:8080", "http://lab.example:8080/upload/my-moons");
  row("https://lab.example/", "https://lab.example/upload/my-moons");
  row("http://me:s3cret@lab.example", "http://lab.example/upload/my-moons");
  row("http://lab.example/up", "");
  row("http://lab.example/?to=me", "");
  row("http://", "");
  row("lab.example", "");
}

void tst_SaveElsewhere::aBareServerAddressIsExplained() {
  QFETCH(QString, address);
  QFETCH(QString, use);
  Studio studio;
  studio.window->start({}, QStringLiteral("twoMoons"));
  studio.window->show();
  studio.trigger(ActionId::SaveAs);
  SaveDialog* dialog = dialogOf(studio);
  QVERIFY(dialog);
  part<QLineEdit>(dialog, "name")->setText(QStringLiteral("my moons"));
  dialog->setTarget(SaveTarget::Http);
  auto* field = part<QLineEdit>(dialog, "address");
  auto* button = part<QPushButton>(dialog, "useUpload");
  QVERIFY(!button->isVisible());
  field->setFocus();
  QTest::keyClicks(field, address);
  QCOMPARE(button->isVisible(), !use.isEmpty());
  const auto labels = dialog->form().findChildren<QLabel*>();
  const bool isSaid = std::ranges::any_of(labels, [](const QLabel* label) {
    return label->isVisible() && label->text().contains(QStringLiteral("is sent to exactly this address"));
  });
  QCOMPARE(isSaid, !use.isEmpty());
  if (use.isEmpty()) return;
  QCOMPARE(button->accessibleName(), QStringLiteral("Use ") + use);
  button->click();
  const QString now = dialog->form().request().url;
  QCOMPARE(QUrl(now).adjusted(QUrl::RemoveUserInfo).toString(), use);
  QVERIFY(now.contains(QStringLiteral("s3cret")) == address.contains(QStringLiteral("s3cret")));
  QVERIFY(!button->isVisible());
  dialog->setTarget(SaveTarget::Folder);
  QVERIFY(!button->isVisible());
}

/// A receiver of one's own may take models at "/".
void tst_SaveElsewhere::anAddressIsNeverChangedSilently() {
  fixtures::RawPeer peer([](const QByteArray&) { return fixtures::reply("200 OK", "{}"); });
  Studio studio;
  studio.window->start({}, QStringLiteral("twoMoons"));
  studio.window->show();
  studio.trigger(ActionId::SaveAs);
  SaveDialog* dialog = dialogOf(studio);
  QVERIFY(dialog);
  dialog->setTarget(SaveTarget::Http);
  part<QLineEdit>(dialog, "address")->setText(peer.url("/"));
  part<QPushButton>(dialog, "save")->click();
  QTRY_COMPARE_WITH_TIMEOUT(peer.requests.size(), std::size_t(1), kPatienceMs);
  QVERIFY(peer.requests.front().startsWith("POST / HTTP/1.1"));
}

/// Nor does it become a folder of that name.
void tst_SaveElsewhere::whatIsNoAddressIsNotSent() {
  Studio studio;
  studio.window->start({}, QStringLiteral("twoMoons"));
  studio.trigger(ActionId::SaveAs);
  SaveDialog* dialog = dialogOf(studio);
  QVERIFY(dialog);
  dialog->setTarget(SaveTarget::Http);
  part<QLineEdit>(dialog, "address")->setText(QStringLiteral("lab.example/upload/moons"));
  QVERIFY(dialog->form().request().url.isEmpty());
  QTRY_VERIFY_WITH_TIMEOUT(!part<QPushButton>(dialog, "save")->isEnabled(), kPatienceMs);
}

void tst_SaveElsewhere::keepsBothOnAServer_data() {
  QTest::addColumn<bool>("isTyped");
  QTest::newRow("catalog's server") << false;
  QTest::newRow("typed address") << true;
}

void tst_SaveElsewhere::keepsBothOnAServer() {
  QFETCH(bool, isTyped);
  Studio studio;
  StoreServer lab(studio.home.filePath(QStringLiteral("lab")));
  studio.window->start({}, QStringLiteral("iris"));
  studio.window->show();
  for (const char* name : {"moons", "moons-2"})
    lab.models().publish(QLatin1String(name), artifactsFromDocument(studio.current().state()), {});
  SaveRequest asked;
  asked.target = SaveTarget::Http;
  asked.name = QStringLiteral("moons");
  asked.url = lab.address() + QStringLiteral("/upload/moons");
  asked.options.http.setBearerToken(lab.token());
  if (!isTyped) asked.server = lab.address();
  QVERIFY(studio.addLayer());
  studio.window->saver().perform(studio.current(), asked);
  QPushButton* keep = offer(studio, "keepBoth");
  QVERIFY(keep && offer(studio, "replace") && offer(studio, "elsewhere"));
  QCOMPARE(keep->text(), QStringLiteral("Keep both"));
  keep->click();
  QTRY_VERIFY_WITH_TIMEOUT(!studio.current().isModified(), kPatienceMs);
  QCOMPARE(studio.current().document().name(), QStringLiteral("moons-3"));
  QStringList names;
  for (const ModelEntry& entry : lab.models().list())
    names << entry.name + QLatin1Char(':') + QString::number(entry.layerCount);
  names.sort();
  QCOMPARE(names.join(QLatin1Char(' ')), QStringLiteral("moons-2:3 moons-3:4 moons:3"));
}

void tst_SaveElsewhere::keepsBothInAStore_data() {
  QTest::addColumn<int>("target");
  QTest::addColumn<bool>("inDialog");
  const std::pair<SaveTarget, const char*> targets[] = {{SaveTarget::Folder, "folder"},
                                                        {SaveTarget::Pair, "pair"},
                                                        {SaveTarget::LocalStorage, "local storage"},
                                                        {SaveTarget::IndexedDb, "indexeddb"},
                                                        {SaveTarget::Plugin, "plug-in"}};
  for (const auto& [target, name] : targets) {
    QTest::newRow(qPrintable(QLatin1String(name) + QStringLiteral(", asked before"))) << int(target) << true;
    QTest::newRow(qPrintable(QLatin1String(name) + QStringLiteral(", taken meanwhile"))) << int(target) << false;
  }
}

/// The dialog asks before it saves; what is taken meanwhile is told afterwards. The names are the catalog's.
void tst_SaveElsewhere::keepsBothInAStore() {
  QFETCH(int, target);
  QFETCH(bool, inDialog);
  Studio studio;
  studio.window->start({}, QStringLiteral("iris"));
  studio.window->show();
  studio.settings.setFolders({studio.home.filePath(QStringLiteral("mine"))});
  studio.trigger(ActionId::SaveAs);
  SaveDialog* dialog = dialogOf(studio);
  QVERIFY(dialog);
  dialog->setTarget(static_cast<SaveTarget>(target),
                    target == int(SaveTarget::Plugin) ? QStringLiteral("archive") : QString());
  part<QLineEdit>(dialog, "name")->setText(QStringLiteral("moons"));
  const SaveRequest asked = dialog->form().request();
  ModelLibrary library(studio.home.filePath(QStringLiteral("store.sqlite")));
  const ModelArtifacts artifacts = artifactsFromDocument(studio.current().state());
  for (const char* name : {"moons", "moons-2"})
    library.save(parsePlace(renamed(asked, QLatin1String(name)).url).url(), artifacts);
  QVERIFY(studio.addLayer());
  if (inDialog) {
    part<QPushButton>(dialog, "save")->click();
    QPushButton* keep = nullptr;
    QTRY_VERIFY_WITH_TIMEOUT((keep = buttonWith(*dialog, QStringLiteral("Keep both"))), kPatienceMs);
    keep->click();
  } else {
    dialog->reject();
    studio.window->saver().perform(studio.current(), asked);
    QPushButton* keep = offer(studio, "keepBoth");
    QVERIFY(keep);
    keep->click();
  }
  QTRY_VERIFY_WITH_TIMEOUT(!studio.current().isModified(), kPatienceMs);
  QCOMPARE(studio.current().document().name(), QStringLiteral("moons-3"));
  QVERIFY(library.contains(parsePlace(renamed(asked, QStringLiteral("moons-3")).url).url()));
  QVERIFY(!library.contains(parsePlace(renamed(asked, QStringLiteral("moons-4")).url).url()));
}

QTEST_MAIN(tst_SaveElsewhere)
#include "tst_SaveElsewhere.moc"
