// Composing by drag and drop, keyboard and undo, with the events that Qt itself would send to the canvas.
#include "model/nn/LayerRegistry.h"
#include "tests/support/Patience.h"
#include "tests/ui/canvas/CanvasFixture.h"
#include "ui/canvas/InsertSearch.h"
#include "ui/canvas/LayerActions.h"
#include "ui/canvas/LayerPalette.h"
#include "ui/canvas/LayerText.h"
#include "ui/canvas/LayerTypeModel.h"
#include "ui/canvas/OutlineView.h"
#include "ui/theme/Theme.h"

#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>

using namespace layersmith;
using namespace layersmith::test;

class TestLayerCanvas : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }

  void paletteOnLinkInserts() {
    CanvasFixture f;
    QCOMPARE(f.chain(), QStringList({QStringLiteral("InputLayer"), QStringLiteral("Dense"), QStringLiteral("Dense")}));
    const auto mime = layerTypeMime("Dropout");
    QVERIFY(f.drag(*mime, f.linkCenter(f.at(1), f.at(2))));
    QCOMPARE(f.chain(), QStringList({QStringLiteral("InputLayer"), QStringLiteral("Dense"), QStringLiteral("Dropout"),
                                     QStringLiteral("Dense")}));
    QCOMPARE(f.context.selection().current(), f.at(2));
    QCOMPARE(f.context.undoStack().count(), 1);
    QCOMPARE(f.context.undoStack().undoText(), QStringLiteral("insert Dropout"));
    f.context.undoStack().undo();
    QCOMPARE(f.chain(), QStringList({QStringLiteral("InputLayer"), QStringLiteral("Dense"), QStringLiteral("Dense")}));
    f.context.undoStack().redo();
    QCOMPARE(f.chain(), QStringList({QStringLiteral("InputLayer"), QStringLiteral("Dense"), QStringLiteral("Dropout"),
                                     QStringLiteral("Dense")}));
  }

  void hoverOpensASlotThatNamesTheResult() {
    CanvasFixture f;
    const auto mime = layerTypeMime("Dropout");
    const qreal before = f.canvas.canvasScene().card(f.at(2))->pos().y();
    f.enter(*mime, f.linkCenter(f.at(1), f.at(2)));
    f.move(*mime, f.linkCenter(f.at(1), f.at(2)));
    QCOMPARE(f.canvas.canvasScene().dropText(), QStringLiteral("Insert Dropout"));
    QCOMPARE(f.canvas.canvasScene().card(f.at(2))->pos().y(), before + 96);  // a card and a gap
    QVERIFY(f.canvas.grab().save(QCoreApplication::applicationDirPath() + QStringLiteral("/canvas-drop-slot.png")));
    QDragLeaveEvent leave;
    QApplication::sendEvent(f.canvas.viewport(), &leave);
    QCOMPARE(f.canvas.canvasScene().card(f.at(2))->pos().y(), before);
    QCOMPARE(f.context.undoStack().count(), 0);
  }

  void paletteOnCardReplaces() {
    CanvasFixture f;
    const auto mime = layerTypeMime("Activation");
    f.enter(*mime, f.cardCenter(f.at(1)));
    f.move(*mime, f.cardCenter(f.at(1)));
    QCOMPARE(f.canvas.canvasScene().dropText(), QStringLiteral("Replace with Activation"));
    QVERIFY(f.drag(*mime, f.cardCenter(f.at(1))));
    QCOMPARE(f.chain(),
             QStringList({QStringLiteral("InputLayer"), QStringLiteral("Activation"), QStringLiteral("Dense")}));
    QCOMPARE(f.context.undoStack().count(), 1);
  }

  void paletteOnEmptyCanvasIsLoose() {
    CanvasFixture f;
    const auto mime = layerTypeMime("Dropout");
    QVERIFY(f.drag(*mime, QPoint(60, 60)));
    QCOMPARE(f.chain(), QStringList({QStringLiteral("InputLayer"), QStringLiteral("Dense"), QStringLiteral("Dense")}));
    QCOMPARE(f.context.state().graph.layers.size(), std::size_t(4));
    const LayerSpec& loose = f.context.state().graph.layers.back();
    QCOMPARE(loose.className, std::string("Dropout"));
    QVERIFY(loose.calls.empty());
    QVERIFY(f.context.state().positions.contains(loose.id));
    const QPoint center = f.cardCenter(loose.id);
    QVERIFY2((center - QPoint(60, 60)).manhattanLength() < 4, "the card lies where it was dropped");
  }

  void paletteUnderTheLastCardAppends() {
    CanvasFixture f;
    const auto mime = layerTypeMime("Activation");
    QVERIFY(f.drag(*mime, f.cardCenter(f.at(2)) + QPoint(0, 60)));
    QCOMPARE(f.chain(), QStringList({QStringLiteral("InputLayer"), QStringLiteral("Dense"), QStringLiteral("Dense"),
                                     QStringLiteral("Activation")}));
  }

  void cardOnAnotherLinkReorders() {
    CanvasFixture f;
    const QStringList before = f.names();
    const auto mime = layerCardMime({f.at(2)});
    QVERIFY(f.drag(*mime, f.linkCenter(f.at(0), f.at(1))));
    QCOMPARE(f.names(), QStringList({before[0], before[2], before[1]}));
    QCOMPARE(f.context.undoStack().count(), 1);
    f.context.undoStack().undo();
    QCOMPARE(f.names(), before);
  }

  void cardOnEmptyCanvasStaysThere() {
    CanvasFixture f;
    const LayerId hidden = f.at(1);
    const auto mime = layerCardMime({hidden});
    QVERIFY(f.drag(*mime, QPoint(40, 40)));
    QCOMPARE(f.names().size(), 3);
    QVERIFY(f.context.state().positions.contains(hidden));
    const QPointF placed = f.canvas.canvasScene().placeOf(hidden);
    LayerActions(f.context).insertAfterSelection("Dropout");
    QCOMPARE(f.canvas.canvasScene().placeOf(hidden), placed);  // the automatic layout leaves it alone
    f.canvas.autoLayout();
    QVERIFY(f.context.state().positions.empty());
  }

  void cardOnItsOwnLinkChangesNoOrder() {
    CanvasFixture f;
    const QStringList before = f.names();
    const auto mime = layerCardMime({f.at(1)});
    f.drag(*mime, f.linkCenter(f.at(1), f.at(2)));
    QCOMPARE(f.names(), before);
  }

  void foreignDropsAreRefused() {
    CanvasFixture f;
    QMimeData text;
    text.setText(QStringLiteral("hello"));
    QVERIFY(!f.drag(text, f.cardCenter(f.at(1))));
    QCOMPARE(f.context.undoStack().count(), 0);
  }

  void deleteKeyRemovesAndUndoBringsBack() {
    CanvasFixture f;
    const QStringList before = f.names();
    f.context.selection().set({f.at(1)});
    QTest::keyClick(&f.canvas, Qt::Key_Delete);
    QCOMPARE(f.names(), QStringList({before[0], before[2]}));
    QCOMPARE(f.context.selection().current(), f.at(0));
    f.context.undoStack().undo();
    QCOMPARE(f.names(), before);
  }

  void keyboardMovesSelectsAndDuplicates() {
    CanvasFixture f;
    const QStringList before = f.names();
    f.context.selection().set({f.at(0)});
    QTest::keyClick(&f.canvas, Qt::Key_Down);
    QCOMPARE(f.context.selection().current(), f.at(1));
    QTest::keyClick(&f.canvas, Qt::Key_Down, Qt::AltModifier);
    QCOMPARE(f.names(), QStringList({before[0], before[2], before[1]}));
    QTest::keyClick(&f.canvas, Qt::Key_Up, Qt::AltModifier);
    QCOMPARE(f.names(), before);
    QTest::keyClick(&f.canvas, Qt::Key_D, Qt::ControlModifier);
    QCOMPARE(f.context.state().graph.layers.size(), std::size_t(4));
    QTest::keyClick(&f.canvas, Qt::Key_A, Qt::ControlModifier);
    QCOMPARE(f.context.selection().layers().size(), std::size_t(4));
    QTest::keyClick(&f.canvas, Qt::Key_Escape);
    QVERIFY(f.context.selection().layers().empty());
  }

  void copyAndPasteThroughTheClipboard() {
    CanvasFixture f;
    f.context.selection().set({f.at(1)});
    QTest::keyClick(&f.canvas, Qt::Key_C, Qt::ControlModifier);
    QTest::keyClick(&f.canvas, Qt::Key_V, Qt::ControlModifier);
    QCOMPARE(f.chain(), QStringList({QStringLiteral("InputLayer"), QStringLiteral("Dense"), QStringLiteral("Dense"),
                                     QStringLiteral("Dense")}));
    QTest::keyClick(&f.canvas, Qt::Key_X, Qt::ControlModifier);
    QCOMPARE(f.chain(), QStringList({QStringLiteral("InputLayer"), QStringLiteral("Dense"), QStringLiteral("Dense")}));
  }

  void enterReveals() {
    CanvasFixture f;
    f.context.selection().set({f.at(1)});
    QSignalSpy revealed(&f.context.selection(), &LayerSelection::revealRequested);
    QTest::keyClick(&f.canvas, Qt::Key_Return);
    QCOMPARE(revealed.count(), 1);
    QTest::mouseDClick(f.canvas.viewport(), Qt::LeftButton, Qt::NoModifier, f.cardCenter(f.at(2)));
    QCOMPARE(revealed.count(), 2);
  }

  void spaceOpensTheInsertSearch() {
    CanvasFixture f;
    f.context.selection().set({f.at(1)});
    QTest::keyClick(&f.canvas, Qt::Key_Space);
    auto* search = f.canvas.findChild<InsertSearch*>();
    QVERIFY(search);
    auto* field = search->findChild<QLineEdit*>();
    QTest::keyClicks(field, QStringLiteral("dropo"));
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(f.chain(), QStringList({QStringLiteral("InputLayer"), QStringLiteral("Dense"), QStringLiteral("Dropout"),
                                     QStringLiteral("Dense")}));
  }

  void clickSelectsAndRubberBandSelectsMany() {
    CanvasFixture f;
    QTest::mouseClick(f.canvas.viewport(), Qt::LeftButton, Qt::NoModifier, f.cardCenter(f.at(1)));
    QCOMPARE(f.context.selection().layers(), std::vector<LayerId>{f.at(1)});
    QTest::mouseClick(f.canvas.viewport(), Qt::LeftButton, Qt::ControlModifier, f.cardCenter(f.at(2)));
    QCOMPARE(f.context.selection().layers().size(), std::size_t(2));
    QTest::mousePress(f.canvas.viewport(), Qt::LeftButton, Qt::NoModifier, QPoint(5, 5));
    QTest::mouseMove(f.canvas.viewport(), QPoint(300, 300));
    QTest::mouseMove(f.canvas.viewport(), QPoint(715, 635));
    QTest::mouseRelease(f.canvas.viewport(), Qt::LeftButton, Qt::NoModifier, QPoint(715, 635));
    QCOMPARE(f.context.selection().layers().size(), std::size_t(3));
  }

  void zoomStaysInItsLimits() {
    CanvasFixture f;
    for (int i = 0; i < 40; ++i) f.canvas.zoomIn();
    QVERIFY(f.canvas.zoom() <= 3);
    for (int i = 0; i < 80; ++i) f.canvas.zoomOut();
    QVERIFY(f.canvas.zoom() >= 0.2);
    f.canvas.fit();
    QVERIFY(f.canvas.viewport()->rect().contains(f.cardCenter(f.at(0))));
    QVERIFY(f.canvas.viewport()->rect().contains(f.cardCenter(f.at(2))));
  }

  void withoutADocumentNothingHappens() {
    LayerCanvas canvas;
    canvas.setContext(nullptr);
    canvas.show();
    QTest::keyClick(&canvas, Qt::Key_Delete);
    QTest::mouseClick(canvas.viewport(), Qt::LeftButton, Qt::NoModifier, QPoint(20, 20));
    CanvasFixture f;
    f.canvas.setContext(nullptr);
    QVERIFY(!f.canvas.canvasScene().cardAt({0, 0}));
  }

  void paletteListsTheRegistryAndInserts() {
    CanvasFixture f;
    LayerPalette palette;
    palette.setContext(&f.context);
    palette.show();
    auto* tree = palette.findChild<QTreeView*>(QStringLiteral("paletteTree"));
    int types = 0;
    for (int category = 0; category < tree->model()->rowCount(); ++category) {
      const QModelIndex index = tree->model()->index(category, 0);
      QCOMPARE(index.data(LayerTypeModel::CountRole).toInt(), tree->model()->rowCount(index));
      types += tree->model()->rowCount(index);
    }
    QCOMPARE(types, int(layerTypes().size()));
    f.context.selection().set({f.at(1)});
    auto* field = palette.findChild<QLineEdit*>(QStringLiteral("paletteFilter"));
    QTest::keyClicks(field, QStringLiteral("dropout"));
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(f.chain(), QStringList({QStringLiteral("InputLayer"), QStringLiteral("Dense"), QStringLiteral("Dropout"),
                                     QStringLiteral("Dense")}));
  }

  void costsStandOnCardsWhileTheyAreShown() {
    CanvasFixture f;
    const LayerCard& input = *f.canvas.canvasScene().card(f.at(0));
    const LayerCard& hidden = *f.canvas.canvasScene().card(f.at(1));
    const qreal height = cardHeight(hidden.content());
    QVERIFY(!hidden.content().hasCost);
    f.context.cost().setActive(true);
    QVERIFY(hidden.content().hasCost && hidden.content().cost.isEmpty());
    QVERIFY(cardHeight(hidden.content()) > height);
    QVERIFY(!input.content().hasCost);
    QTRY_VERIFY_WITH_TIMEOUT(!hidden.content().cost.isEmpty(), kPatienceMs);
    const LayerCost& cost = *f.context.cost().costOf(f.at(1));
    QCOMPARE(hidden.content().cost, costText(cost));
    QCOMPARE(hidden.content().costPercent, cost.percent);
    QVERIFY(hidden.toolTip().contains(QStringLiteral("forward")) && hidden.toolTip().contains(kernelsText(cost)));
    f.context.selection().set({f.at(1)});
    QVERIFY(f.canvas.accessibleDescription().contains(memoryText(cost)));
    const LayerId hiddenId = f.at(1);
    f.context.apply(QStringLiteral("units"), edits::setField(f.context.state(), {hiddenId}, "units", 9));
    QVERIFY(hidden.content().hasCost && hidden.content().cost.isEmpty());
    f.context.cost().setActive(false);
    QVERIFY(!hidden.content().hasCost);
    QCOMPARE(cardHeight(hidden.content()), height);
    QVERIFY(!hidden.toolTip().contains(QStringLiteral("forward")));
  }

  void outlineIsTheTwin() {
    CanvasFixture f;
    OutlineView outline;
    outline.setContext(&f.context);
    outline.show();
    auto* tree = outline.findChild<QTreeView*>(QStringLiteral("outlineTree"));
    QCOMPARE(tree->model()->rowCount(), 3);
    f.context.selection().set({f.at(1)});
    QCOMPARE(tree->currentIndex().row(), 1);
    tree->setCurrentIndex(tree->model()->index(2, 0));
    QCOMPARE(f.context.selection().current(), f.at(2));
    QTest::keyClick(tree, Qt::Key_Up, Qt::AltModifier);
    QCOMPARE(f.context.undoStack().count(), 1);
    QTest::keyClick(tree, Qt::Key_Delete);
    QCOMPARE(tree->model()->rowCount(), 2);
    QVERIFY(tree->model()->index(0, 0).data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("output (2)")));
  }
};

QTEST_MAIN(TestLayerCanvas)
#include "tst_LayerCanvas.moc"
