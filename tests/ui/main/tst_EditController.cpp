// Edit commands reach what a person looks at, and nothing behind it.
#include "tests/support/Patience.h"
#include "tests/ui/main/StudioFixture.h"
#include "ui/catalog/PlacesList.h"
#include "ui/commands/DocumentContext.h"
#include "ui/main/Layouts.h"
#include "ui/main/Workspace.h"

#include <QAbstractItemView>

using namespace layersmith;
using namespace layersmith::testing;

class tst_EditController : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }

  void layersAreSafeFromTheCatalog_data() {
    QTest::addColumn<int>("action");
    for (const auto& [name, id] :
         {std::pair("Delete", ActionId::Delete), std::pair("Cut", ActionId::Cut), std::pair("Paste", ActionId::Paste),
          std::pair("Duplicate", ActionId::Duplicate), std::pair("Move down", ActionId::MoveDown),
          std::pair("Freeze", ActionId::ToggleFrozen)})
      QTest::newRow(name) << int(id);
  }

  /// A layer is selected behind the catalog's page, and a place has the focus.
  void layersAreSafeFromTheCatalog() {
    QFETCH(int, action);
    Studio studio;
    studio.window->start({}, QStringLiteral("twoMoons"));
    studio.window->show();
    QVERIFY(QTest::qWaitForWindowActive(studio.window.get()));
    DocumentContext& context = studio.current();
    const LayerId layer = context.state().graph.layers[1].id;
    context.selection().set({layer});
    studio.trigger(ActionId::Copy);
    studio.window->layouts().apply(LayoutKind::Catalog);
    auto* places = studio.window->findChild<PlacesList*>();
    QVERIFY(places);
    auto* list = places->findChild<QAbstractItemView*>();
    QVERIFY(list);
    list->setFocus();
    QTRY_VERIFY_WITH_TIMEOUT(list->hasFocus(), kPatienceMs);
    const Graph before = context.state().graph;
    studio.trigger(ActionId(action));
    QVERIFY(context.state().graph == before);

    studio.window->layouts().apply(LayoutKind::Design);
    context.selection().set({layer});
    studio.find<QWidget>("layerCanvas")->setFocus();
    studio.trigger(ActionId(action));
    QVERIFY(!(context.state().graph == before));
  }
};

QTEST_MAIN(tst_EditController)
#include "tst_EditController.moc"
