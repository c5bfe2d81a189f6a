// Closing loses nothing: neither what is changed while a save runs, nor a save that is under way.
#include "tests/support/Patience.h"
#include "tests/ui/main/StudioFixture.h"
#include "ui/dialogs/ClosePrompt.h"
#include "ui/dialogs/ErrorDialog.h"
#include "ui/main/CloseController.h"
#include "ui/main/OpenController.h"
#include "ui/main/SaveController.h"
#include "ui/main/Workspace.h"

#include <QPointer>

using namespace layersmith;
using namespace layersmith::testing;

namespace {

SaveRequest requestFor(const Studio& studio, const QString& name) {
  SaveRequest request;
  request.name = name;
  request.url = studio.home.filePath(QStringLiteral("models/") + name);
  return request;
}

/// Opens the sample and saves it under this name.
bool openSaved(Studio& studio, const QString& name) {
  studio.window->start({}, QStringLiteral("twoMoons"));
  studio.window->show();
  bool isSaved = false;
  studio.window->saver().perform(studio.current(), requestFor(studio, name), [&](bool ok) { isSaved = ok; });
  return studio.waitForStores() && isSaved && studio.waitForStores();
}

ClosePrompt* prompt(Studio& studio) {
  for (auto* one : studio.window->findChildren<ClosePrompt*>())
    if (one->isVisible()) return one;
  return nullptr;
}

void press(Studio& studio, const char* button) {
  prompt(studio)->findChild<QPushButton*>(QString::fromLatin1(button))->click();
}

std::size_t countOf(const Studio& studio) {
  return studio.window->workspace().documents().size();
}

}  // namespace

class tst_Closing : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }

  void asksAgainWhenATabWasChangedMeanwhile();
  void asksAgainWhenTheWindowWasChangedMeanwhile();
  void aTabClosesWhenItIsSaved();
  void aTabStaysWhenItIsNotSaved();
  void theWindowWaitsForASave();
  void saveAllPassesOverWhatWasClosed();
  void whatIsTypedDuringASaveIsUnsaved();
  void aStepTakenBackDuringASaveIsUnsaved();
  void aSaveDuringASaveAsGoesToTheNewPlace();
};

void tst_Closing::asksAgainWhenATabWasChangedMeanwhile() {
  Studio studio;
  QVERIFY(openSaved(studio, QStringLiteral("a")) && studio.addLayer());
  Gate gate(studio);
  studio.trigger(ActionId::CloseTab);
  press(studio, "closePrompt.save");
  QVERIFY(studio.addLayer());
  gate.open();
  QTRY_VERIFY_WITH_TIMEOUT(prompt(studio), kPatienceMs);
  QCOMPARE(countOf(studio), std::size_t(1));
  press(studio, "closePrompt.save");
  QTRY_COMPARE_WITH_TIMEOUT(countOf(studio), std::size_t(0), kPatienceMs);
}

void tst_Closing::asksAgainWhenTheWindowWasChangedMeanwhile() {
  Studio studio;
  QVERIFY(openSaved(studio, QStringLiteral("a")) && studio.addLayer());
  Gate gate(studio);
  studio.window->close();
  press(studio, "closePrompt.save");
  QVERIFY(studio.addLayer());
  gate.open();
  QTRY_VERIFY_WITH_TIMEOUT(prompt(studio), kPatienceMs);
  QVERIFY(studio.window->isVisible());
  press(studio, "closePrompt.discard");
  QTRY_VERIFY_WITH_TIMEOUT(!studio.window->isVisible(), kPatienceMs);
}

void tst_Closing::aTabClosesWhenItIsSaved() {
  Studio studio;
  QVERIFY(openSaved(studio, QStringLiteral("a")));
  Gate gate(studio);
  studio.window->saver().perform(studio.current(), requestFor(studio, QStringLiteral("b")));
  studio.trigger(ActionId::CloseTab);
  QCOMPARE(countOf(studio), std::size_t(1));
  QVERIFY(!prompt(studio));
  gate.open();
  QTRY_COMPARE_WITH_TIMEOUT(countOf(studio), std::size_t(0), kPatienceMs);
  QVERIFY(QFileInfo::exists(studio.home.filePath(QStringLiteral("models/b/model.json"))));
}

void tst_Closing::aTabStaysWhenItIsNotSaved() {
  Studio studio;
  QVERIFY(openSaved(studio, QStringLiteral("a")));
  Gate gate(studio);
  studio.window->saver().perform(studio.current(), requestFor(studio, QStringLiteral("a")));  // the name is taken
  studio.trigger(ActionId::CloseTab);
  gate.open();
  QTRY_VERIFY_WITH_TIMEOUT(studio.find<ErrorDialog>("errorDialog"), kPatienceMs);
  QCOMPARE(countOf(studio), std::size_t(1));
}

void tst_Closing::theWindowWaitsForASave() {
  Studio studio;
  QVERIFY(openSaved(studio, QStringLiteral("a")));
  Gate gate(studio);
  studio.window->saver().perform(studio.current(), requestFor(studio, QStringLiteral("b")));
  studio.window->close();
  QVERIFY(studio.window->isVisible());
  QVERIFY(!prompt(studio));
  gate.open();
  QTRY_VERIFY_WITH_TIMEOUT(!studio.window->isVisible(), kPatienceMs);
  QVERIFY(QFileInfo::exists(studio.home.filePath(QStringLiteral("models/b/model.json"))));
}

void tst_Closing::saveAllPassesOverWhatWasClosed() {
  Studio studio;
  QVERIFY(openSaved(studio, QStringLiteral("a")) && studio.addLayer());
  QPointer<DocumentContext> first = &studio.current();
  studio.window->opener().openTemplate(QStringLiteral("xor"));
  QPointer<DocumentContext> second = &studio.current();
  QVERIFY(studio.addLayer());
  Gate gate(studio);
  bool isSaved = false;
  studio.window->saver().saveAll({first, second}, [&](bool ok) { isSaved = ok; });
  studio.window->workspace().close(second);
  gate.open();
  QTRY_VERIFY_WITH_TIMEOUT(isSaved, kPatienceMs);
  QVERIFY(first && !first->isModified());
}

void tst_Closing::whatIsTypedDuringASaveIsUnsaved() {
  Studio studio;
  QVERIFY(openSaved(studio, QStringLiteral("a")));
  DocumentContext& context = studio.current();
  const auto type = [&context](double rate) {
    DocumentState state = context.state();
    state.fit.epochs = int(rate);
    return context.apply(QStringLiteral("epochs"), state, QStringLiteral("epochs"));
  };
  QVERIFY(type(7));
  Gate gate(studio);
  studio.trigger(ActionId::Save);
  const int index = context.undoStack().index();
  QVERIFY(type(77));
  QCOMPARE(context.undoStack().index(), index);  // one step, and another state
  gate.open();
  QVERIFY(studio.waitForStores());
  QVERIFY(context.isModified());
  studio.trigger(ActionId::Save);
  QVERIFY(studio.waitForStores());
  QVERIFY(!context.isModified());
}

void tst_Closing::aStepTakenBackDuringASaveIsUnsaved() {
  Studio studio;
  QVERIFY(openSaved(studio, QStringLiteral("a")) && studio.addLayer());
  Gate gate(studio);
  studio.trigger(ActionId::Save);
  const int index = studio.current().undoStack().index();
  studio.current().undoStack().undo();
  DocumentState other = studio.current().state();
  other.fit.epochs = 77;
  QVERIFY(studio.current().apply(QStringLiteral("epochs"), other));
  QCOMPARE(studio.current().undoStack().index(), index);
  gate.open();
  QVERIFY(studio.waitForStores());
  QVERIFY(studio.current().isModified());
}

void tst_Closing::aSaveDuringASaveAsGoesToTheNewPlace() {
  Studio studio;
  QVERIFY(openSaved(studio, QStringLiteral("a")) && studio.addLayer());
  const QString old = studio.home.filePath(QStringLiteral("models/a/model.json"));
  const QDateTime written = QFileInfo(old).lastModified();
  Gate gate(studio);
  studio.window->saver().perform(studio.current(), requestFor(studio, QStringLiteral("b")));
  studio.trigger(ActionId::Save);
  gate.open();
  QVERIFY(studio.waitForStores());
  QTRY_VERIFY_WITH_TIMEOUT(!studio.window->saver().isSaving(), kPatienceMs);
  QVERIFY(studio.current().document().url().endsWith(QStringLiteral("models/b")));
  QCOMPARE(QFileInfo(old).lastModified(), written);
  QVERIFY(!studio.current().isModified());
}

QTEST_MAIN(tst_Closing)
#include "tst_Closing.moc"
