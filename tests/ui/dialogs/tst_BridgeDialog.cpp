#include "model/session/BrowserBridge.h"
#include "tests/support/Patience.h"
#include "ui/dialogs/BridgeDialog.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QPlainTextEdit>
#include <QTemporaryDir>
#include <QTest>

using namespace layersmith;
using State = BrowserBridge::State;

/// The dialog over a real bridge: what it shows is what the bridge says, and its buttons ask for the right thing.
class TestBridgeDialog : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void startsShowsAndStops();
  void saysWhatFailed();
};

void TestBridgeDialog::startsShowsAndStops() {
  QTemporaryDir folder;
  BrowserBridge bridge;
  auto* dialog = new BridgeDialog(bridge, QStringLiteral("moons"), nullptr);
  connect(dialog, &BridgeDialog::startRequested, &bridge, [&] {
    bridge.start(
        {QStringLiteral(LAYERSMITH_BIN_DIR "/layersmith-server"), folder.filePath(QStringLiteral("s.sqlite")), 0});
  });
  connect(dialog, &BridgeDialog::stopRequested, &bridge, &BrowserBridge::stop);
  dialog->show();
  const auto find = [&]<class Widget>(Widget*, const char* name) {
    return dialog->findChild<Widget*>(QStringLiteral("bridgeDialog.") + QString::fromLatin1(name));
  };
  auto* button = find(static_cast<QPushButton*>(nullptr), "switch");
  auto* code = find(static_cast<QPlainTextEdit*>(nullptr), "code");
  auto* choice = find(static_cast<QComboBox*>(nullptr), "snippet");
  auto* copy = find(static_cast<QPushButton*>(nullptr), "copy");
  auto* token = find(static_cast<QLabel*>(nullptr), "token");
  QVERIFY(code->toPlainText().isEmpty() && !copy->isEnabled() && !token->isVisible());

  QTest::mouseClick(button, Qt::LeftButton);
  QTRY_COMPARE_WITH_TIMEOUT(int(bridge.state()), int(State::Listening), kPatienceMs);
  QCOMPARE(token->text(), bridge.token());
  QVERIFY(find(static_cast<QLabel*>(nullptr), "state")->text().contains(bridge.address()));
  for (int i = 0; i < choice->count(); ++i) {
    choice->setCurrentIndex(i);
    QVERIFY(code->toPlainText().contains(bridge.address()) && code->toPlainText().contains(bridge.token()));
  }
  QVERIFY(code->toPlainText().contains(QStringLiteral("/models/moons/model.json")));
  QTest::mouseClick(copy, Qt::LeftButton);
  QCOMPARE(QGuiApplication::clipboard()->text(), bridge.loadSnippet(QStringLiteral("moons")));

  QTest::mouseClick(button, Qt::LeftButton);
  QCOMPARE(int(bridge.state()), int(State::Stopped));
  QVERIFY(code->toPlainText().isEmpty() && !token->isVisible());
  delete dialog;
}

void TestBridgeDialog::saysWhatFailed() {
  BrowserBridge bridge;
  BridgeDialog dialog(bridge, QStringLiteral("moons"), nullptr);
  bridge.start({QStringLiteral("/nowhere/layersmith-server"), {}, 0});
  QTRY_COMPARE_WITH_TIMEOUT(int(bridge.state()), int(State::Failed), kPatienceMs);
  QVERIFY(dialog.findChild<QLabel*>(QStringLiteral("bridgeDialog.state"))->text().contains(bridge.problem()));
}

QTEST_MAIN(TestBridgeDialog)
#include "tst_BridgeDialog.moc"
