// Files dropped on the window: what is promised, and what happens.
#include "model/document/DocumentIo.h"
#include "model/document/Templates.h"
#include "tests/support/Patience.h"
#include "tests/ui/main/StudioFixture.h"
#include "ui/main/DropZone.h"
#include "ui/main/OpenController.h"
#include "ui/main/OpenPlan.h"
#include "ui/main/SaveController.h"

#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFile>
#include <QMimeData>
#include <QUrl>

#include <algorithm>

using namespace layersmith;
using namespace layersmith::testing;

namespace {

QString writeFile(const QTemporaryDir& folder, const char* name, const QByteArray& bytes) {
  QFile file(folder.filePath(QString::fromLatin1(name)));
  if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) qFatal("cannot write the test file");
  return file.fileName();
}

}  // namespace

class tst_Drop : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }

  void contentDecides() {
    const QTemporaryDir folder;
    const QString model =
        writeFile(folder, "odd.txt", R"({"modelTopology":{},"weightsManifest":[{"paths":["w.bin"],"weights":[]}]})");
    const QString weights = writeFile(folder, "w.bin", QByteArray(8, '\0'));
    const QString table = writeFile(folder, "points", "x,y,label\n1,2,a\n3,4,b\n");
    const QString picture = writeFile(folder, "photo.json", "\x89PNG\r\n");
    QCOMPARE(planOpen({model}).items.size(), std::size_t(1));
    QCOMPARE(planOpen({model}).items[0].kind, OpenItem::Kind::Model);
    QCOMPARE(planOpen({model, weights}).items.size(), std::size_t(1));
    QCOMPARE(planOpen({table}).items[0].kind, OpenItem::Kind::Table);
    QVERIFY(planOpen({picture}).items.empty());
    QVERIFY(planOpen({picture}).text.contains(QStringLiteral("photo.json")));
  }

  void loneWeightsFindTheirJson() {
    const QTemporaryDir folder;
    const QString weights = writeFile(folder, "group1-shard1of1.bin", QByteArray(8, '\0'));
    QVERIFY(planOpen({weights}).items.empty());
    const QString model =
        writeFile(folder, "model.json",
                  R"({"modelTopology":{},"weightsManifest":[{"paths":["group1-shard1of1.bin"],"weights":[]}]})");
    QCOMPARE(planOpen({weights}).items.size(), std::size_t(1));
    QCOMPARE(planOpen({weights}).items[0].place, model);
  }

  void imagesNeedLabels() {
    const QTemporaryDir folder;
    const QString images = writeFile(folder, "t10k-images-idx3-ubyte", QByteArray("\0\0\x08\x03\0\0\0\0", 8));
    QVERIFY(planOpen({images}).items.empty());
    writeFile(folder, "t10k-labels-idx1-ubyte", QByteArray("\0\0\x08\x01\0\0\0\0", 8));
    QCOMPARE(planOpen({images}).items[0].kind, OpenItem::Kind::Images);
  }

  void aDroppedModelOpensInATab() {
    Studio studio;
    studio.window->start({}, QStringLiteral("twoMoons"));
    studio.window->show();
    bool isSaved = false;
    SaveRequest request;
    request.url = studio.home.filePath(QStringLiteral("moons"));
    request.name = QStringLiteral("moons");
    studio.window->saver().perform(studio.current(), request, [&](bool ok) { isSaved = ok; });
    QTRY_VERIFY_WITH_TIMEOUT(isSaved, kPatienceMs);
    studio.window->workspace().close(&studio.current());

    QMimeData mime;
    mime.setUrls({QUrl::fromLocalFile(studio.home.filePath(QStringLiteral("moons/model.json")))});
    QDragEnterEvent enter(QPoint(400, 400), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(studio.window.get(), &enter);
    QVERIFY(enter.isAccepted());
    QVERIFY(studio.window->dropZone().isVisible());
    QCOMPARE(studio.window->dropZone().plan().title, QStringLiteral("Open one model"));
    QSignalSpy opened(&studio.window->opener(), &OpenController::opened);
    QDropEvent drop(QPointF(400, 400), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&studio.window->dropZone(), &drop);
    QVERIFY(opened.wait(kPatienceMs));
    QVERIFY(!studio.window->dropZone().isVisible());
    QCOMPARE(studio.current().document().name(), QStringLiteral("moons"));
  }

  /// model.json and two shards from three folders, in every order: one model, with its weights.
  void filesFromAnywhereInAnyOrderAreOneModel() {
    Studio studio;
    ModelLibrary library(studio.home.filePath(QStringLiteral("store.sqlite")));
    const ModelArtifacts made = artifactsFromDocument(makeTemplate(QStringLiteral("twoMoons")));
    SaveOptions shards;
    shards.shardBytes = 80;
    library.save(studio.home.filePath(QStringLiteral("moons")), made, shards);
    QStringList files;
    for (const QString& name : QDir(studio.home.filePath(QStringLiteral("moons"))).entryList(QDir::Files)) {
      const QString folder = studio.home.filePath(QString::number(files.size()));
      QVERIFY(QDir().mkpath(folder));
      QVERIFY(QFile::rename(studio.home.filePath(QStringLiteral("moons/") + name), folder + u'/' + name));
      files << folder + u'/' + name;
    }
    QCOMPARE(files.size(), 3);
    std::ranges::sort(files);
    do {
      const OpenPlan plan = planOpen(files);
      QCOMPARE(plan.items.size(), std::size_t(1));
      QCOMPARE(plan.items[0].kind, OpenItem::Kind::PickedModel);
      QCOMPARE(plan.title, QStringLiteral("Open one model"));
      QSignalSpy opened(&studio.window->opener(), &OpenController::opened);
      studio.window->opener().openPlan(plan);
      QVERIFY(opened.wait(kPatienceMs));
      QCOMPARE(studio.current().state().weights.size(), std::size_t(4));
      QVERIFY(*artifactsFromDocument(studio.current().state()).weightData == *made.weightData);
      QVERIFY(studio.current().document().url().isEmpty());
    } while (std::ranges::next_permutation(files).found);
  }

  void aPairByNameIsOneModelAndASurplusFileIsNamed() {
    const QTemporaryDir folder;
    const QString model =
        writeFile(folder, "moons.json",
                  R"({"modelTopology":{},"weightsManifest":[{"paths":["moons.weights.bin"],"weights":[]}]})");
    const QString weights = writeFile(folder, "moons.weights.bin", QByteArray(8, '\0'));
    const QString other = writeFile(folder, "other.weights.bin", QByteArray(8, '\0'));
    QCOMPARE(planOpen({weights, model}).items[0].kind, OpenItem::Kind::Model);  // they lie where they belong
    QVERIFY(planOpen({weights, model}).note.isEmpty());
    const OpenPlan plan = planOpen({other, weights, model});
    QCOMPARE(plan.items.size(), std::size_t(1));
    QVERIFY(plan.note.contains(QStringLiteral("other.weights.bin")));
  }

  void aWrongSetSaysWhatIsMissingAndWhatIsSurplus() {
    const QTemporaryDir folder;
    const QString model = writeFile(
        folder, "model.json",
        R"({"modelTopology":{},"weightsManifest":[{"paths":["group1-shard1of2.bin","group1-shard2of2.bin"],"weights":[]}]})");
    const QString first = writeFile(folder, "group1-shard1of2.bin", QByteArray(8, '\0'));
    const QString wrong = writeFile(folder, "group1-shard2of3.bin", QByteArray(8, '\0'));
    const OpenPlan plan = planOpen({wrong, model, first});
    QVERIFY(plan.items.empty());
    QVERIFY(plan.text.contains(QStringLiteral("Missing for `model.json`: `group1-shard2of2.bin`.")));
    QVERIFY(plan.text.contains(QStringLiteral("Not part of it: `group1-shard2of3.bin`.")));
    QCOMPARE(planOpen({model, first}).items.size(), std::size_t(1));  // opens; a strip asks for the rest
  }

  void textIsNotTaken() {
    Studio studio;
    QMimeData mime;
    mime.setText(QStringLiteral("hello"));
    QDragEnterEvent enter(QPoint(400, 400), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(studio.window.get(), &enter);
    QVERIFY(!enter.isAccepted());
  }
};

QTEST_MAIN(tst_Drop)
#include "tst_Drop.moc"
