// A real QDrag, from the palette onto a link and of a card onto another link, driven by synthetic mouse events. Only
// with real windows (xcb): offscreen, QDrag::exec returns at once.
#include "tests/support/Patience.h"
#include "tests/ui/canvas/CanvasFixture.h"
#include "ui/canvas/LayerPalette.h"
#include "ui/theme/Theme.h"

#include <QDrag>
#include <QHBoxLayout>
#include <QTest>
#include <QTimer>
#include <QTreeView>

using namespace layersmith;
using namespace layersmith::test;

namespace {

/// Moves the pointer step by step while QDrag runs its own loop, then lets go; cancels a drag that does not end.
class Driver : public QObject {
 public:
  Driver(QWidget* window, QList<QPoint> way) : m_window(window), m_way(std::move(way)) {
    next();
    QTimer::singleShot(8000, this, [] { QDrag::cancel(); });
  }
  bool isDone() const { return m_isDone; }

 private:
  // One timer per step: a timer does not fire again while its own step still sits in the drag's loop.
  void next() { QTimer::singleShot(25, this, &Driver::step); }

  void step() {
    QWindow* handle = m_window->windowHandle();
    if (m_at < m_way.size()) {
      next();
      QTest::mouseMove(handle, m_way[m_at++]);
      return;
    }
    m_isDone = true;
    QTest::mouseRelease(handle, Qt::LeftButton, Qt::NoModifier, m_way.constLast());
  }

  QWidget* m_window;
  QList<QPoint> m_way;
  qsizetype m_at = 0;
  bool m_isDone = false;
};

QList<QPoint> wayBetween(const QPoint& from, const QPoint& to) {
  QList<QPoint> way;
  for (int i = 1; i <= 16; ++i) way << from + (to - from) * i / 16;
  way << to << to;
  return way;
}

}  // namespace

class TestCanvasRealDrag : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    if (QGuiApplication::platformName() != u"xcb") QSKIP("needs real windows");
    installLook(*qApp);
  }

  void init() {
    m_context = std::make_unique<DocumentContext>(smallModel(), m_compute);
    m_window = std::make_unique<QWidget>();
    auto* row = new QHBoxLayout(m_window.get());
    m_palette = new LayerPalette;
    m_palette->setFixedWidth(220);
    m_canvas = new LayerCanvas;
    m_canvas->canvasScene().setAnimated(false);
    row->addWidget(m_palette);
    row->addWidget(m_canvas);
    m_window->resize(960, 640);
    m_palette->setContext(m_context.get());
    m_canvas->setContext(m_context.get());
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    QTest::qWait(100);
  }

  void paletteOntoALink() {
    auto* tree = m_palette->findChild<QTreeView*>();
    const QModelIndexList found =
        tree->model()->match(tree->model()->index(0, 0), Qt::DisplayRole, QStringLiteral("Dropout"), 1,
                             Qt::MatchExactly | Qt::MatchRecursive);
    QVERIFY(!found.isEmpty());
    tree->scrollTo(found.constFirst());
    const QPoint from = tree->viewport()->mapTo(m_window.get(), tree->visualRect(found.constFirst()).center());
    dragBetween(from, linkPoint(1, 2));
    QCOMPARE(chain(), QStringList({QStringLiteral("InputLayer"), QStringLiteral("Dense"), QStringLiteral("Dropout"),
                                   QStringLiteral("Dense")}));
    m_context->undoStack().undo();
    QCOMPARE(chain().size(), 3);
  }

  void cardOntoAnotherLink() {
    const LayerId last = order().at(2);
    const LayerId hidden = order().at(1);
    const QPoint from = canvasPoint(m_canvas->canvasScene().placeOf(last) + QPointF(150, 28));
    dragBetween(from, linkPoint(0, 1));
    QCOMPARE(order().at(1), last);
    QCOMPARE(order().at(2), hidden);
    QCOMPARE(m_context->undoStack().count(), 1);
  }

 private:
  const std::vector<LayerId>& order() const { return m_context->document().report().order; }
  QStringList chain() const {
    QStringList names;
    for (LayerId id : order()) names << QString::fromStdString(m_context->state().graph.find(id)->className);
    return names;
  }
  QPoint canvasPoint(const QPointF& scene) const {
    return m_canvas->viewport()->mapTo(m_window.get(), m_canvas->mapFromScene(scene));
  }
  QPoint linkPoint(std::size_t from, std::size_t to) const {
    return canvasPoint(m_canvas->canvasScene().edge({order().at(from), order().at(to), 0, 0})->middle());
  }
  void dragBetween(const QPoint& from, const QPoint& to) {
    QWindow* handle = m_window->windowHandle();
    QTest::mouseMove(handle, from);
    QTest::mousePress(handle, Qt::LeftButton, Qt::NoModifier, from);
    Driver driver(m_window.get(), wayBetween(from, to));
    // The first moves start the drag, whose own loop the driver then feeds.
    QTRY_VERIFY_WITH_TIMEOUT(driver.isDone(), kPatienceMs);
    QTest::qWait(100);
  }

  ComputeThread m_compute;
  std::unique_ptr<DocumentContext> m_context;
  std::unique_ptr<QWidget> m_window;
  LayerPalette* m_palette = nullptr;
  LayerCanvas* m_canvas = nullptr;
};

QTEST_MAIN(TestCanvasRealDrag)
#include "tst_CanvasRealDrag.moc"
