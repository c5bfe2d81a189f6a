// The composing side of the studio beside one another, in both themes and at 100 and 200 %, as pictures in the build's
// tests folder; and no label, button or field anywhere in it is wider than its box.
#include "model/nn/LayerRegistry.h"
#include "tests/support/Patience.h"
#include "tests/ui/canvas/CanvasFixture.h"
#include "ui/canvas/LayerPalette.h"
#include "ui/canvas/OutlineView.h"
#include "ui/inspector/InspectorPanel.h"
#include "ui/inspector/ProblemsPanel.h"
#include "ui/theme/Theme.h"
#include "ui/widgets/DockHeader.h"
#include "ui/widgets/TextLabel.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSet>
#include <QTest>
#include <QVBoxLayout>

using namespace layersmith;
using namespace layersmith::test;

namespace {

QWidget* column(std::initializer_list<QWidget*> parts) {
  auto* box = new QWidget;
  auto* layout = new QVBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  for (QWidget* part : parts) layout->addWidget(part, qobject_cast<DockHeader*>(part) ? 0 : 1);
  return box;
}

/// A small residual network with a branch, a fault and a frozen layer; 14 layers, so cards are compact.
DocumentState residualModel() {
  DocumentState state = makeTemplate(QStringLiteral("convnet"));
  Graph graph;
  graph.kind = GraphKind::Functional;
  std::uint32_t next = 1;
  const auto add = [&](const char* className, const char* name, std::vector<LayerId> inputs, FieldMap config) {
    LayerSpec layer;
    layer.id = LayerId{next++};
    layer.className = className;
    layer.name = name;
    layer.config = std::move(config);
    LayerCall call;
    for (LayerId input : inputs) call.inputs.push_back(TensorRef{input});
    if (!inputs.empty()) layer.calls.push_back(call);
    graph.layers.push_back(layer);
    return layer.id;
  };
  const auto conv = [](int filters, int stride) {
    return FieldMap{{"filters", filters},
                    {"kernelSize", FieldValue::ofInts({3, 3})},
                    {"strides", FieldValue::ofInts({stride, stride})},
                    {"padding", "same"}};
  };
  LayerId at = add("InputLayer", "image", {}, {{"batchInputShape", FieldValue::ofInts({-1, 32, 32, 3}, true)}});
  graph.inputs = {TensorRef{at}};
  at = add("Conv2D", "stem", {at}, conv(32, 1));
  at = add("BatchNormalization", "stem_bn", {at}, {});
  const LayerId split = at = add("Activation", "stem_relu", {at}, {{"activation", "relu"}});
  at = add("Conv2D", "conv_a", {at}, conv(64, 2));
  at = add("BatchNormalization", "bn_a", {at}, {});
  at = add("Activation", "relu_a", {at}, {{"activation", "relu"}});
  const LayerId left = add("Conv2D", "conv_b", {at}, conv(64, 1));
  LayerId right = add("Conv2D", "skip_conv", {split}, conv(32, 2));
  right = add("BatchNormalization", "skip_bn", {right}, {});
  at = add("Add", "block_add", {left, right}, {});
  at = add("GlobalAveragePooling2D", "pool", {at}, {});
  at = add("Dropout", "dropout", {at}, {{"rate", 0.3}});
  at = add("Dense", "classes", {at}, {{"units", 10}, {"activation", "softmax"}});
  graph.outputs = {TensorRef{at}};
  graph.layers[1].isTrainable = false;
  state.graph = graph;
  state.weights = {};
  state.positions.clear();
  return state;
}

struct Studio {
  ComputeThread compute;
  DocumentContext context;
  std::unique_ptr<QWidget> window;
  LayerCanvas* canvas = new LayerCanvas;
  InspectorPanel* inspector = new InspectorPanel;

  Studio(DocumentState state, bool withOutline) : context(std::move(state), compute), window(new QWidget) {
    auto* palette = new LayerPalette;
    auto* outline = new OutlineView;
    auto* problems = new ProblemsPanel;
    canvas->canvasScene().setAnimated(false);
    canvas->setContext(&context);
    palette->setContext(&context);
    outline->setContext(&context);
    inspector->setContext(&context);
    problems->setContext(&context);
    QWidget* left = withOutline ? column({new DockHeader(QStringLiteral("Outline")), outline})
                                : column({new DockHeader(QStringLiteral("Layers")), palette});
    QWidget* right = column(
        {new DockHeader(QStringLiteral("Inspector")), inspector, new DockHeader(QStringLiteral("Problems")), problems});
    left->setFixedWidth(withOutline ? 340 : 240);
    right->setFixedWidth(int(320 * theme().fontScale()));
    auto* row = new QHBoxLayout(window.get());
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(1);
    row->addWidget(left);
    row->addWidget(canvas, 1);
    row->addWidget(right);
    setBackgroundToken(window.get(), "line");
    window->resize(1440, 900);
    window->show();
    window->activateWindow();
    QTest::qWait(30);
    if (withOutline)
      delete palette;
    else
      delete outline;
  }
};

void checkTextFits(QWidget* root) {
  for (QLabel* label : root->findChildren<QLabel*>()) {
    if (!label->isVisible() || label->text().isEmpty() || label->wordWrap() || qobject_cast<ElidedLabel*>(label))
      continue;
    QVERIFY2(label->width() >= label->sizeHint().width() - 1, qPrintable(label->text()));
  }
  for (QPushButton* button : root->findChildren<QPushButton*>())
    if (button->isVisible()) QVERIFY2(button->width() >= button->sizeHint().width() - 1, qPrintable(button->text()));
  for (QComboBox* combo : root->findChildren<QComboBox*>())
    if (combo->isVisible() && !combo->currentText().isEmpty())
      QVERIFY2(combo->width() >= combo->fontMetrics().horizontalAdvance(combo->currentText()) + 34,
               qPrintable(combo->currentText()));
}

}  // namespace

class TestComposePictures : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }
  void cleanup() { theme().setFontScale(1); }

  void pictures_data() {
    QTest::addColumn<bool>("isDark");
    QTest::addColumn<double>("scale");
    for (bool isDark : {false, true})
      for (double scale : {1., 2.}) QTest::addRow("%s-%g", isDark ? "dark" : "light", scale) << isDark << scale;
  }
  void pictures() {
    QFETCH(bool, isDark);
    QFETCH(double, scale);
    theme().setMode(isDark ? Theme::Mode::Dark : Theme::Mode::Light);
    theme().setFontScale(scale);
    const QString folder = QCoreApplication::applicationDirPath() + u'/';
    const QString tag = QString::fromLatin1(QTest::currentDataTag());
    {
      Studio studio(smallModel(), false);
      studio.context.selection().set({studio.context.document().report().order.at(1)});
      QTest::qWait(10);
      QVERIFY(studio.window->grab().save(folder + QStringLiteral("compose-%1.png").arg(tag)));
      checkTextFits(studio.window.get());
    }
    {
      Studio studio(residualModel(), true);
      studio.context.selection().set({studio.context.state().graph.layers[8].id});
      QTest::qWait(10);
      QVERIFY(studio.window->grab().save(folder + QStringLiteral("graph-%1.png").arg(tag)));
      checkTextFits(studio.window.get());
      QVERIFY(studio.canvas->canvasScene().isCompact());
    }
  }

  void costs_data() { pictures_data(); }
  void costs() {
    QFETCH(bool, isDark);
    QFETCH(double, scale);
    theme().setMode(isDark ? Theme::Mode::Dark : Theme::Mode::Light);
    theme().setFontScale(scale);
    DocumentState state = residualModel();
    for (LayerSpec& layer : state.graph.layers)
      if (layer.name == "skip_conv") layer.config.set("filters", 64);
    state.fit.batchSize = 8;
    Studio studio(state, true);
    studio.context.cost().setActive(true);
    QTRY_VERIFY_WITH_TIMEOUT(studio.context.cost().cost(), kPatienceMs);
    studio.context.selection().set({studio.context.state().graph.findByName("conv_b")->id});
    QTest::qWait(10);
    auto* scroll = studio.inspector->findChild<QScrollArea*>(QStringLiteral("inspectorScroll"));
    scroll->ensureWidgetVisible(studio.inspector->findChild<QLabel*>(QStringLiteral("factKernels")));
    QVERIFY(
        studio.window->grab().save(QCoreApplication::applicationDirPath() +
                                   QStringLiteral("/costs-%1.png").arg(QString::fromLatin1(QTest::currentDataTag()))));
    checkTextFits(studio.window.get());
    for (const LayerSpec& layer : state.graph.layers)
      QCOMPARE(studio.canvas->canvasScene().card(layer.id)->content().cost.isEmpty(), layer.className == "InputLayer");
  }

  void everythingThatCanBeUsedHasItsNames() {
    Studio studio(residualModel(), false);
    studio.context.selection().set({studio.context.state().graph.layers[1].id});
    QTest::qWait(10);
    QSet<QString> seen;
    for (QWidget* widget : studio.window->findChildren<QWidget*>()) {
      const bool isPart =
          widget->objectName().startsWith(QStringLiteral("qt_")) || widget->parentWidget()->inherits("QLineEdit") ||
          widget->parentWidget()->inherits("QAbstractSpinBox") || widget->parentWidget()->inherits("QComboBox") ||
          widget->parentWidget()->inherits("QComboBoxPrivateContainer");
      if (isPart || widget->focusPolicy() == Qt::NoFocus || !widget->isVisible()) continue;
      if (widget->focusProxy() || qobject_cast<QLabel*>(widget)) continue;
      const QByteArray what = widget->metaObject()->className() + QByteArray(" ") + widget->objectName().toUtf8();
      QVERIFY2(!widget->objectName().isEmpty(), what.constData());
      QVERIFY2(!widget->accessibleName().isEmpty(), what.constData());
      QVERIFY2(!seen.contains(widget->objectName()), what.constData());
      seen.insert(widget->objectName());
    }
    QVERIFY(seen.size() > 12);
  }

  void branchesStandSideBySide() {
    Studio studio(residualModel(), true);
    const CanvasScene& scene = studio.canvas->canvasScene();
    QList<QRectF> cards;
    for (const LayerSpec& layer : studio.context.state().graph.layers) {
      const QRectF rect = scene.card(layer.id)->cardRect().translated(scene.placeOf(layer.id));
      for (const QRectF& other : cards) QVERIFY2(!other.intersects(rect), layer.name.c_str());
      cards << rect;
    }
  }

  void weightsPage() {
    theme().setMode(Theme::Mode::Dark);
    DocumentState state = smallModel();
    const LayerId hidden = state.graph.layers.at(1).id;
    std::vector<float> kernel(16);
    for (std::size_t i = 0; i < kernel.size(); ++i) kernel[i] = float(i) * 0.4f - 3;
    state.weights.set(hidden, "kernel", WeightBuffer::ofFloats({2, 8}, kernel));
    state.weights.set(hidden, "bias", WeightBuffer::ofFloats({8}, std::span(kernel).first(8)));
    Studio studio(state, false);
    studio.context.selection().set({hidden});
    QTest::mouseClick(studio.inspector->findChild<QWidget*>(QStringLiteral("inspectorTabs")), Qt::LeftButton,
                      Qt::NoModifier, QPoint(200, 14));
    QTest::qWait(10);
    QVERIFY(studio.inspector->findChild<QWidget*>(QStringLiteral("weight_kernel"))->isVisible());
    QVERIFY(studio.window->grab().save(QCoreApplication::applicationDirPath() + QStringLiteral("/weights-dark.png")));
  }
};

QTEST_MAIN(TestComposePictures)
#include "tst_ComposePictures.moc"
