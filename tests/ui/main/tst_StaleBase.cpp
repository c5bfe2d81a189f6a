// What another program wrote since a model was opened or saved is never overwritten unasked; what was changed or
// damaged on the disk is opened only on purpose.
#include "model/document/DocumentIo.h"
#include "model/document/Templates.h"
#include "tests/support/Patience.h"
#include "tests/ui/main/StudioFixture.h"
#include "ui/catalog/CatalogController.h"
#include "ui/dialogs/ErrorDialog.h"
#include "ui/main/Layouts.h"
#include "ui/main/OpenController.h"
#include "ui/main/SaveController.h"

#include <QLabel>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

using namespace layersmith;
using namespace layersmith::testing;

namespace {

constexpr std::size_t kIrisLayers = 3;

/// A model that was saved, changed, and meanwhile overwritten by another program with one of three layers.
struct Overwritten {
  Studio studio;
  QString url;
  ModelLibrary other{studio.home.filePath(QStringLiteral("store.sqlite"))};
  std::size_t layers = 0;  ///< of the model in the studio

  explicit Overwritten(const QString& place)
      : url(place.isEmpty() ? studio.home.filePath(QStringLiteral("models/moons")) : place) {
    studio.window->start({}, QStringLiteral("twoMoons"));
  }

  bool saveAs() {
    SaveRequest request;
    request.url = url;
    request.name = QStringLiteral("moons");
    bool isSaved = false;
    studio.window->saver().perform(studio.current(), request, [&](bool ok) { isSaved = ok; });
    return QTest::qWaitFor([&] { return isSaved; }, 20'000);
  }

  void overwrite() {
    QTest::qWait(20);  // a later time stamp
    SaveOptions how;
    how.overwrite = true;
    other.save(parsePlace(url).url(), artifactsFromDocument(makeTemplate(QStringLiteral("iris"))), how);
  }

  ErrorDialog* saveAgain() {
    if (!studio.addLayer()) return nullptr;
    layers = studio.current().state().graph.layers.size();
    studio.window->saver().save(studio.current());
    ErrorDialog* dialog = nullptr;
    const auto isShown = [&] { return (dialog = studio.find<ErrorDialog>("errorDialog")) != nullptr; };
    return QTest::qWaitFor(isShown, 20'000) ? dialog : nullptr;
  }

  std::size_t layersThere() {
    return documentFromArtifacts(other.load(parsePlace(url).url())).state.graph.layers.size();
  }
  bool press(const char* button) {
    auto* found = studio.find<QPushButton>(button);
    if (found) found->click();
    return found;
  }
};

}  // namespace

class tst_StaleBase : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }

  void keepMine_data() { places(); }
  void keepMine();
  void takeTheirs_data() { places(); }
  void takeTheirs();
  void afterOpening_data() { places(); }
  void afterOpening();
  void oneSaveBehindAnother_data() { places(); }
  void oneSaveBehindAnother();
  void aPlaceInUseIsTriedAgain();
  void whatIsDeletedWhileItIsOpenIsNotSaved();
  void changedFilesAreOpenedOnPurpose();

 private:
  static void places() {
    QTest::addColumn<QString>("url");
    QTest::newRow("folder") << QString();
    QTest::newRow("indexeddb") << QStringLiteral("indexeddb://moons");
  }
  static QString bodyOf(Studio& studio) { return studio.find<QLabel>("errorDialog.body")->text(); }
};

void tst_StaleBase::keepMine() {
  QFETCH(QString, url);
  Overwritten model(url);
  QVERIFY(model.saveAs());
  model.overwrite();
  QVERIFY(model.saveAgain());
  QVERIFY2(bodyOf(model.studio).contains(QStringLiteral("was changed by another program at")),
           qPrintable(bodyOf(model.studio)));
  QVERIFY(bodyOf(model.studio).contains(QStringLiteral("Nothing was written.")));
  QVERIFY(model.studio.current().isModified());
  QCOMPARE(model.layersThere(), kIrisLayers);
  QVERIFY(model.press("errorDialog.replace"));
  QTRY_VERIFY_WITH_TIMEOUT(!model.studio.current().isModified(), kPatienceMs);
  QCOMPARE(model.layersThere(), model.layers);
  QCOMPARE(model.other.trash().size(), std::size_t(1));  // theirs
  model.other.remove(parsePlace(model.url).url());
  model.other.restore(model.other.trash().front().id);
}

void tst_StaleBase::takeTheirs() {
  QFETCH(QString, url);
  Overwritten model(url);
  QVERIFY(model.saveAs());
  model.overwrite();
  QVERIFY(model.saveAgain());
  QVERIFY(model.press("errorDialog.theirs"));
  DocumentContext& context = model.studio.current();
  QTRY_VERIFY_WITH_TIMEOUT(!context.isModified(), kPatienceMs);
  QCOMPARE(context.state().graph.layers.size(), kIrisLayers);
  context.undoStack().undo();
  QCOMPARE(context.state().graph.layers.size(), model.layers);
  QVERIFY(context.isModified());
  context.undoStack().redo();
  QVERIFY(model.studio.addLayer());  // from here on theirs is the base
  bool isSaved = false;
  model.studio.window->saver().save(context, [&](bool ok) { isSaved = ok; });
  QTRY_VERIFY_WITH_TIMEOUT(isSaved, kPatienceMs);
  QCOMPARE(model.layersThere(), kIrisLayers + 1);
}

void tst_StaleBase::afterOpening() {
  QFETCH(QString, url);
  Overwritten model(url);
  QVERIFY(model.saveAs());
  model.studio.window->workspace().close(&model.studio.current());
  QSignalSpy opened(&model.studio.window->opener(), &OpenController::opened);
  model.studio.window->opener().open(model.url);
  QVERIFY(opened.wait(kPatienceMs));
  model.overwrite();  // at once: what counts is what was there when it was read
  QVERIFY(model.saveAgain());
  QCOMPARE(model.layersThere(), kIrisLayers);
}

void tst_StaleBase::oneSaveBehindAnother() {
  QFETCH(QString, url);
  Overwritten model(url);
  QVERIFY(model.saveAs());
  int saves = 0;
  for (int i = 0; i < 3; ++i) {
    QVERIFY(model.studio.addLayer());
    model.studio.window->saver().save(model.studio.current(), [&](bool ok) { saves += ok; });
  }
  QTRY_COMPARE_WITH_TIMEOUT(saves, 3, kPatienceMs);
  QVERIFY(!model.studio.find<ErrorDialog>("errorDialog"));
  QCOMPARE(model.layersThere(), model.studio.current().state().graph.layers.size());
}

void tst_StaleBase::aPlaceInUseIsTriedAgain() {
  Overwritten model({});
  QVERIFY(model.saveAs());
  const QByteArray around = QFile::encodeName(QFileInfo(model.url).path());
  const int held = ::open(around.constData(), O_RDONLY | O_DIRECTORY);
  QVERIFY(held >= 0 && ::flock(held, LOCK_EX) == 0);
  QVERIFY(model.saveAgain());
  QVERIFY2(bodyOf(model.studio).contains(QStringLiteral("is being saved by")), qPrintable(bodyOf(model.studio)));
  QVERIFY(!model.studio.find<QPushButton>("errorDialog.replace"));
  ::close(held);
  QVERIFY(model.press("errorDialog.retry"));
  QTRY_VERIFY_WITH_TIMEOUT(!model.studio.current().isModified(), kPatienceMs);
  QCOMPARE(model.layersThere(), model.layers);
}

void tst_StaleBase::whatIsDeletedWhileItIsOpenIsNotSaved() {
  Overwritten model(QStringLiteral("indexeddb://moons"));
  QVERIFY(model.saveAs());
  QVERIFY(!model.studio.current().isModified());
  model.studio.window->catalog().remove({QStringLiteral("indexeddb://moons")});
  QTRY_VERIFY_WITH_TIMEOUT(model.studio.current().isModified(), kPatienceMs);  // closing it asks
}

void tst_StaleBase::changedFilesAreOpenedOnPurpose() {
  Overwritten model({});
  QVERIFY(model.saveAs());
  model.studio.window->workspace().close(&model.studio.current());
  QFile weights(model.url + QStringLiteral("/weights.bin"));
  QVERIFY(weights.open(QIODevice::ReadWrite));
  char first = 0;
  QVERIFY(weights.getChar(&first) && weights.seek(0) && weights.putChar(char(~first)));
  weights.close();
  QSignalSpy opened(&model.studio.window->opener(), &OpenController::opened);
  model.studio.window->opener().open(model.url);
  QTRY_VERIFY_WITH_TIMEOUT(model.studio.find<ErrorDialog>("errorDialog"), kPatienceMs);
  QVERIFY2(bodyOf(model.studio).contains(QStringLiteral("was changed or damaged after saving")),
           qPrintable(bodyOf(model.studio)));
  QVERIFY(model.press("errorDialog.trash"));
  QTRY_COMPARE_WITH_TIMEOUT(model.studio.window->layouts().current(), LayoutKind::Catalog, kPatienceMs);
  model.studio.window->opener().open(model.url);
  QTRY_VERIFY_WITH_TIMEOUT(model.studio.find<ErrorDialog>("errorDialog"), kPatienceMs);
  QVERIFY(model.press("errorDialog.anyway"));
  QVERIFY(opened.wait(kPatienceMs));
  QVERIFY(model.studio.current().document().url().isEmpty());  // Save asks where to
}

QTEST_MAIN(tst_StaleBase)
#include "tst_StaleBase.moc"
