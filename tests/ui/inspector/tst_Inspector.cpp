// The inspector's rows come from schemas: every kind has an editor, an edit is one undo step, problems mend in one
// click.
#include "model/nn/LayerRegistry.h"
#include "tests/ui/canvas/CanvasFixture.h"
#include "ui/inspector/FieldEditor.h"
#include "ui/inspector/InspectorPanel.h"
#include "ui/inspector/NamedTypeEditor.h"
#include "ui/inspector/ProblemsPanel.h"
#include "ui/inspector/ValueEditors.h"
#include "ui/inspector/WeightStatistics.h"
#include "ui/theme/Theme.h"

#include <QAbstractButton>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

#include <cmath>
#include <limits>

using namespace layersmith;
using namespace layersmith::test;

namespace {

struct InspectorFixture {
  ComputeThread compute;
  DocumentContext context;
  InspectorPanel panel;

  InspectorFixture() : context(smallModel(), compute) {
    panel.resize(320, 700);
    panel.setContext(&context);
    panel.show();
    panel.activateWindow();
    QApplication::processEvents();
  }
  LayerId at(int index) { return context.document().report().order.at(std::size_t(index)); }
  const LayerSpec& layer(int index) { return *context.state().graph.find(at(index)); }
  template <class Control>
  Control* find(const char* name) {
    return panel.findChild<Control*>(QLatin1String(name));
  }
};

FieldSpec specOf(FieldKind kind) {
  switch (kind) {
    case FieldKind::Integer: return positiveInt("units").help("Help");
    case FieldKind::Number: return number("rate");
    case FieldKind::Flag: return flag("useBias");
    case FieldKind::Choice: return choice("activation", {"linear", "relu"});
    case FieldKind::Text: return text("label");
    case FieldKind::IntTuple: return intTuple("kernelSize", 2);
    case FieldKind::IntPairs: return intPairs("padding", 2);
    case FieldKind::Dims: return dims("targetShape");
    case FieldKind::Initializer: return initializer("kernelInitializer");
    case FieldKind::Regularizer: return regularizer("kernelRegularizer");
    case FieldKind::Constraint: return constraint("kernelConstraint");
  }
  return text("none");
}

}  // namespace

class TestInspector : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }

  void everyKindHasAnEditor_data() {
    QTest::addColumn<int>("kind");
    for (int kind = int(FieldKind::Integer); kind <= int(FieldKind::Constraint); ++kind)
      QTest::addRow("kind %d", kind) << kind;
  }
  void everyKindHasAnEditor() {
    QFETCH(int, kind);
    std::unique_ptr<FieldEditor> editor(makeFieldEditor(specOf(FieldKind(kind))));
    QVERIFY(editor);
    QCOMPARE(qobject_cast<TextEditor*>(editor.get()) != nullptr, FieldKind(kind) == FieldKind::Text);
    QVERIFY(editor->focusProxy());
    QVERIFY(!editor->focusProxy()->accessibleName().isEmpty());
    QVERIFY(!editor->focusProxy()->objectName().isEmpty());
    QSignalSpy edited(editor.get(), &FieldEditor::edited);
    editor->setValue(editor->field().defaultValue);
    editor->setValue(std::nullopt);
    QCOMPARE(edited.count(), 0);  // showing is not editing
  }

  void everyFieldOfTheRegistryIsShown() {
    for (const LayerType& type : layerTypes())
      for (const FieldSpec& field : type.fields()) {
        std::unique_ptr<FieldEditor> editor(makeFieldEditor(field));
        QSignalSpy edited(editor.get(), &FieldEditor::edited);
        editor->setValue(field.defaultValue);
        QVERIFY2(edited.isEmpty(), field.key.c_str());
      }
  }

  void typingIsOneUndoStep() {
    InspectorFixture f;
    f.context.selection().set({f.at(1)});
    auto* units = f.find<QSpinBox>("field_units");
    QVERIFY(units);
    QCOMPARE(units->value(), 8);
    units->setFocus();
    units->selectAll();
    QTest::keyClicks(units, QStringLiteral("128"));
    QCOMPARE(f.layer(1).config.intAt("units", 0), 128);
    QCOMPARE(f.context.undoStack().count(), 1);
    QCOMPARE(f.context.undoStack().undoText(), QStringLiteral("change units"));
    f.context.undoStack().undo();
    QCOMPARE(f.layer(1).config.intAt("units", 0), 8);
    QCOMPARE(units->value(), 8);  // the row follows, and is the same row
  }

  void twoVisitsAreTwoSteps() {
    InspectorFixture f;
    f.context.selection().set({f.at(1)});
    auto* units = f.find<QSpinBox>("field_units");
    units->setFocus();
    QTest::keyClick(units, Qt::Key_Up);
    QTest::keyClick(units, Qt::Key_Up);
    QCOMPARE(f.context.undoStack().count(), 1);
    f.find<QLineEdit>("field_name")->setFocus();
    units->setFocus();
    QTest::keyClick(units, Qt::Key_Up);
    QCOMPARE(f.context.undoStack().count(), 2);
  }

  void choiceAndFlagChangeTheDocument() {
    InspectorFixture f;
    f.context.selection().set({f.at(1)});
    auto* activation = f.find<QComboBox>("field_activation");
    QCOMPARE(activation->currentText(), QStringLiteral("tanh"));
    const int sigmoid = activation->findText(QStringLiteral("sigmoid"));
    QVERIFY(sigmoid >= 0);
    activation->setFocus();
    while (activation->currentIndex() > sigmoid) QTest::keyClick(activation, Qt::Key_Up);
    while (activation->currentIndex() < sigmoid) QTest::keyClick(activation, Qt::Key_Down);
    QCOMPARE(QString::fromStdString(f.layer(1).config.stringAt("activation")), QStringLiteral("sigmoid"));
    QTest::mouseClick(f.find<QCheckBox>("field_useBias"), Qt::LeftButton, Qt::NoModifier, QPoint(8, 14));
    QCOMPARE(f.layer(1).config.boolAt("useBias", true), false);
    QTest::mouseClick(f.find<QCheckBox>("field_trainable"), Qt::LeftButton, Qt::NoModifier, QPoint(8, 14));
    QCOMPARE(f.layer(1).isTrainable, false);
  }

  void aTakenNameIsRefusedWithAReason() {
    InspectorFixture f;
    f.context.selection().set({f.at(1)});
    const std::string other = f.layer(2).name;
    auto* name = f.find<QLineEdit>("field_name");
    name->setFocus();
    name->selectAll();
    QTest::keyClicks(name, QString::fromStdString(other));
    QVERIFY(f.layer(1).name != other);
    QVERIFY(name->property("invalid").toBool());
    name->selectAll();
    QTest::keyClicks(name, QStringLiteral("first"));
    QCOMPARE(f.layer(1).name, std::string("first"));
    QVERIFY(!name->property("invalid").toBool());
  }

  void severalLayersShareTheirFields() {
    InspectorFixture f;
    f.context.selection().set({f.at(1), f.at(2)});
    auto* units = f.find<QSpinBox>("field_units");
    QVERIFY(units);
    QVERIFY(units->text().isEmpty());  // 8 and 1: nothing to show
    QVERIFY(!f.find<QLineEdit>("field_name"));
    units->setFocus();
    QTest::keyClicks(units, QStringLiteral("5"));
    QCOMPARE(f.layer(1).config.intAt("units", 0), 5);
    QCOMPARE(f.layer(2).config.intAt("units", 0), 5);
    QCOMPARE(f.context.undoStack().count(), 1);
  }

  void initializerKeepsItsName() {
    InspectorFixture f;
    f.context.selection().set({f.at(1)});
    auto* kernel = f.find<QComboBox>("field_kernelInitializer");
    QVERIFY(kernel);
    const int he = kernel->findText(QStringLiteral("heNormal"));
    QVERIFY(he >= 0);
    kernel->setCurrentIndex(he);
    Q_EMIT kernel->activated(he);
    const FieldValue* value = f.layer(1).config.find("kernelInitializer");
    QVERIFY(value);
    QCOMPARE(value->asMap().stringAt("className"), std::string("VarianceScaling"));
    QCOMPARE(namedTypeText(FieldKind::Initializer, *value), QStringLiteral("heNormal"));
    QCOMPARE(kernel->currentText(), QStringLiteral("heNormal"));
  }

  void dimsSayWhatIsWrong() {
    std::unique_ptr<FieldEditor> editor(makeFieldEditor(specOf(FieldKind::Dims)));
    QSignalSpy edited(editor.get(), &FieldEditor::edited);
    auto* edit = editor->findChild<QLineEdit*>();
    QTest::keyClicks(edit, QStringLiteral("28, x"));
    QVERIFY(!editor->problem().isEmpty());
    edit->clear();
    edited.clear();
    QTest::keyClicks(edit, QStringLiteral("28,?,1"));
    QVERIFY(editor->problem().isEmpty());
    const auto value = edited.constLast().constFirst().value<FieldValue>();
    QCOMPARE(value.asInts(), (std::vector<std::int64_t>{28, -1, 1}));
  }

  void numbersAreShortAndStepByTheirMagnitude() {
    NumberBox box;
    box.setRange(0, 10);
    box.setValue(1e-7);
    QCOMPARE(box.text(), QStringLiteral("1e-07"));
    box.setValue(0.03);
    QCOMPARE(box.text(), QStringLiteral("0.03"));
    box.stepUp();
    QCOMPARE(box.text(), QStringLiteral("0.04"));
    box.setValue(0.01);
    box.stepDown();
    QCOMPARE(box.text(), QStringLiteral("0.009"));
  }

  void aRepairIsOneClickAndOneUndoStep() {
    ComputeThread compute;
    // An image straight into Dense: the classic fault.
    DocumentContext context(makeTemplate(QStringLiteral("convnet")), compute);
    LayerId flatten;
    for (const LayerSpec& layer : context.state().graph.layers)
      if (layer.className == "Flatten") flatten = layer.id;
    QVERIFY(flatten.isValid());
    ProblemsPanel problems;
    problems.setContext(&context);
    problems.resize(320, 400);
    problems.show();
    const int before = problems.errorCount();
    QSignalSpy counts(&problems, &ProblemsPanel::countsChanged);
    context.apply(QStringLiteral("delete"), edits::removeLayers(context.state(), {flatten}));
    QVERIFY(problems.errorCount() > before);
    QVERIFY(!counts.isEmpty());
    auto* mend = problems.findChild<QAbstractButton*>(QStringLiteral("problem0repair0"));
    QVERIFY(mend);
    QCOMPARE(mend->text(), QStringLiteral("Insert Flatten"));
    const int steps = context.undoStack().count();
    mend->click();
    QCOMPARE(context.undoStack().count(), steps + 1);
    QCOMPARE(context.undoStack().undoText(), QStringLiteral("insert Flatten"));
    QCOMPARE(problems.errorCount(), before);
    context.undoStack().undo();
    QVERIFY(problems.errorCount() > before);
    QSignalSpy revealed(&context.selection(), &LayerSelection::revealRequested);
    QVERIFY(problems.revealFirst());
    QCOMPARE(revealed.count(), 1);
    QVERIFY(context.selection().current().isValid());
  }

  void revealFocusesTheField() {
    InspectorFixture f;
    Q_EMIT f.context.selection().revealRequested(f.at(1), QStringLiteral("activation"));
    QCOMPARE(f.context.selection().current(), f.at(1));
    QVERIFY(f.find<QComboBox>("field_activation")->hasFocus() ||
            f.panel.focusWidget() == f.find<QComboBox>("field_activation"));
  }

  void statisticsLeaveNotNumbersOut() {
    const float values[] = {0, 1, 2, 3, std::numeric_limits<float>::quiet_NaN()};
    const WeightStatistics found = weightStatistics(values, 3);
    QCOMPARE(found.notNumbers, std::int64_t(1));
    QCOMPARE(found.mean, 1.5);
    QVERIFY(std::abs(found.deviation - std::sqrt(1.25)) < 1e-12);
    QCOMPARE(found.zeroShare, 0.25);
    QCOMPARE(found.histogram, (std::vector<int>{1, 1, 2}));
  }

  void withoutADocumentItIsEmpty() {
    InspectorFixture f;
    f.context.selection().set({f.at(1)});
    f.panel.setContext(nullptr);
    f.context.selection().clear();
    ProblemsPanel problems;
    problems.setContext(nullptr);
    QCOMPARE(problems.errorCount(), 0);
  }
};

QTEST_MAIN(TestInspector)
#include "tst_Inspector.moc"
