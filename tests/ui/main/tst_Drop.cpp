// Files dropped on the window: what is promised, and what happens.
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
    QTRY_VERIFY_WITH_TIMEOUT(isSaved, 20'000);
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
    QVERIFY(opened.wait(20'000));
    QVERIFY(!studio.window->dropZone().isVisible());
    QCOMPARE(studio.current().document().name(), QStringLiteral("moons"));
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
