// What the Save As dialog promises is what is written.
#include "model/document/Templates.h"
#include "model/storage/ModelLibrary.h"
#include "tests/support/Patience.h"
#include "tests/ui/main/StudioFixture.h"
#include "ui/dialogs/ErrorDialog.h"
#include "ui/dialogs/PreviewText.h"
#include "ui/dialogs/SaveDialog.h"
#include "ui/dialogs/SaveForm.h"
#include "ui/dialogs/SavePreviewPane.h"
#include "ui/widgets/MessageStrip.h"

#include <QComboBox>
#include <QDirIterator>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

using namespace layersmith;
using namespace layersmith::testing;

class tst_SaveDialog : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }

  void previewBytesAreWritten() {
    const QTemporaryDir folder;
    ModelLibrary library(folder.filePath(QStringLiteral("store.sqlite")));
    const DocumentState state = makeTemplate(QStringLiteral("twoMoons"));
    SaveRequest request;
    request.url = folder.filePath(QStringLiteral("moons"));
    request.name = QStringLiteral("moons");
    const SavePreview preview = makeSavePreview(library, state, request);
    library.save(parsePlace(request.url).url(), artifactsFromDocument(state, request.contents), request.options);
    std::int64_t written = 0;
    for (QDirIterator it(request.url, QDir::Files); it.hasNext();) {
      it.next();
      written += it.fileInfo().size();
    }
    QCOMPARE(preview.totalBytes, written);
  }

  void aSmallerSaveTellsWhatItCosts() {
    Studio studio;
    studio.window->start({}, QStringLiteral("iris"));
    SaveDialog dialog(studio.current(), studio.stores, studio.home.path(), studio.window.get());
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.open();
    auto* precision = dialog.findChild<QComboBox*>(QStringLiteral("saveDialog.precision"));
    const auto says = [&](const QString& words) {
      const auto labels = dialog.form().findChildren<QLabel*>();
      return std::ranges::any_of(
          labels, [&](const QLabel* label) { return label->isVisible() && label->text().contains(words); });
    };
    QVERIFY(!dialog.form().request().contents.storedAs);
    precision->setCurrentIndex(3);
    QVERIFY(dialog.form().request().contents.storedAs == DType::UInt8);
    QTRY_VERIFY_WITH_TIMEOUT(says(QStringLiteral("Answers change by at most")), kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(dialog.previewPane().text().contains(QStringLiteral("weights.bin")), kPatienceMs);
    precision->setCurrentIndex(0);
    QTRY_VERIFY_WITH_TIMEOUT(!says(QStringLiteral("Answers change")), kPatienceMs);
    auto* pieces = dialog.findChild<QComboBox*>(QStringLiteral("saveDialog.pieces"));
    pieces->setCurrentIndex(2);
    QCOMPARE(dialog.form().request().options.shardBytes, std::int64_t(16) << 20);
  }

  /// A name can be typed at once, Tab goes down the form, and Return saves from any field.
  void keysAloneSave() {
    Studio studio;
    studio.window->start({}, QStringLiteral("twoMoons"));
    studio.window->show();
    auto* dialog = new SaveDialog(studio.current(), studio.stores, studio.home.path(), studio.window.get());
    QSignalSpy accepted(dialog, &SaveDialog::accepted);
    dialog->open();
    QVERIFY(QTest::qWaitForWindowActive(dialog));
    QTest::keyClicks(dialog->focusWidget(), QStringLiteral("luna"));
    QCOMPARE(dialog->form().request().name, QStringLiteral("luna"));
    for (const char* next : {"folder", "browse", "pieces", "precision", "optimizer"}) {
      QTest::keyClick(dialog->focusWidget(), Qt::Key_Tab);
      const bool isSkipped =
          !dialog->findChild<QWidget*>(QStringLiteral("saveDialog.") + QLatin1String(next))->isEnabled();
      if (!isSkipped)
        QCOMPARE(dialog->focusWidget()->objectName(), QStringLiteral("saveDialog.") + QLatin1String(next));
    }
    auto* name = dialog->findChild<QLineEdit*>(QStringLiteral("saveDialog.name"));
    name->setFocus();
    QTest::keyClick(name, Qt::Key_Backtab);
    QCOMPARE(dialog->focusWidget()->objectName(), QStringLiteral("saveDialog.targets"));
    name->setFocus();
    QTest::keyClick(name, Qt::Key_Return);
    QVERIFY(accepted.wait(kPatienceMs));
    QVERIFY(studio.waitForStores());
  }

  /// Said while there is still a choice, not after Save.
  void whatDoesNotFitIsSaidBefore() {
    Studio studio;
    studio.window->start({}, QStringLiteral("digits"));
    studio.stores.run(
        this,
        [](ModelLibrary& library) {
          library.setQuota(QStringLiteral("localstorage"), 1000);
          return true;
        },
        [](const Outcome<bool>&) {});
    SaveDialog dialog(studio.current(), studio.stores, studio.home.path(), studio.window.get());
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.open();
    auto* strip = dialog.findChild<MessageStrip*>();
    dialog.setTarget(SaveTarget::LocalStorage);
    QTRY_VERIFY_WITH_TIMEOUT(strip->isVisible(), kPatienceMs);
    QVERIFY2(strip->text().contains(QStringLiteral("is free")), qPrintable(strip->text()));
    dialog.setTarget(SaveTarget::IndexedDb);
    QTRY_VERIFY_WITH_TIMEOUT(!strip->isVisible(), kPatienceMs);
  }

  /// A model called "moons " is not "moons"; what a person types is meant without blanks at its ends.
  void namesAreKeptAsTheyAre() {
    SaveForm form(QStringLiteral("moons "), QStringLiteral("/tmp"));
    auto* name = form.findChild<QLineEdit*>(QStringLiteral("saveDialog.name"));
    form.setTarget(SaveTarget::IndexedDb);
    QCOMPARE(form.request().url, QStringLiteral("indexeddb://moons "));
    name->setText(QStringLiteral(" luna "));
    QCOMPARE(form.request().url, QStringLiteral("indexeddb://luna"));
    name->setText(QStringLiteral("a/b"));
    QCOMPARE(form.request().url, QStringLiteral("indexeddb://a/b"));
    form.setTarget(SaveTarget::Folder);
    for (const char* bad : {"a/b", "..", ".hidden", " "}) {
      name->setText(QLatin1String(bad));
      QVERIFY2(form.request().url.isEmpty() && !form.nameProblem().isEmpty(), bad);
    }
  }

  void isSavedOnce() {
    Studio studio;
    studio.window->start({}, QStringLiteral("iris"));
    SaveDialog dialog(studio.current(), studio.stores, studio.home.path(), studio.window.get());
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.open();
    dialog.setTarget(SaveTarget::IndexedDb);
    QSignalSpy accepted(&dialog, &SaveDialog::accepted);
    auto* save = dialog.findChild<QPushButton*>(QStringLiteral("saveDialog.save"));
    save->click();
    dialog.form().setName(QStringLiteral("two"));  // the store has not answered yet
    QVERIFY(!save->isEnabled());
    QTRY_COMPARE_WITH_TIMEOUT(accepted.size(), 1, kPatienceMs);
  }

  void failuresAnswerToReturn() {
    QWidget window;
    window.show();
    bool isRetried = false;
    ErrorDialog* dialog =
        ErrorDialog::show(QStringLiteral("Not saved."), Error(ErrorKind::Io, "No."),
                          {{QStringLiteral("retry"), QStringLiteral("Retry"), [&] { isRetried = true; }},
                           {QStringLiteral("other"), QStringLiteral("Other"), [] {}}},
                          &window);
    QVERIFY(QTest::qWaitForWindowActive(dialog));
    QTest::keyClick(dialog, Qt::Key_Return);
    QVERIFY(isRetried);
  }

  void secretsAreMasked() {
    Studio studio;
    studio.window->start({}, QStringLiteral("twoMoons"));
    SaveDialog dialog(studio.current(), studio.stores, studio.home.path(), studio.window.get());
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.setTarget(SaveTarget::Http);
    dialog.form().setAddress(QStringLiteral("https://lab.example/models/moons"));
    dialog.findChild<QComboBox*>(QStringLiteral("saveDialog.signIn"))->setCurrentIndex(2);
    dialog.findChild<QLineEdit*>(QStringLiteral("saveDialog.secret"))->setText(QStringLiteral("s3cr3t-token"));
    QSignalSpy ready(&dialog, &SaveDialog::previewReady);
    QVERIFY(ready.wait(kPatienceMs));
    QTRY_VERIFY_WITH_TIMEOUT(dialog.previewPane().text().contains(QStringLiteral("Authorization")), kPatienceMs);
    QVERIFY(!dialog.previewPane().text().contains(QStringLiteral("s3cr3t")));
    QVERIFY(dialog.previewPane().text().contains(QStringLiteral("model.weights.bin")));
    const SaveRequest request = dialog.form().request();
    QVERIFY(request.options.http.headers.contains(
        {QStringLiteral("Authorization"), QStringLiteral("Bearer s3cr3t-token")}));
  }

  void replacingAsksFirst() {
    Studio studio;
    studio.window->start({}, QStringLiteral("twoMoons"));
    for (int round = 0; round < 2; ++round) {
      auto* dialog = new SaveDialog(studio.current(), studio.stores, studio.home.path(), studio.window.get());
      QSignalSpy accepted(dialog, &SaveDialog::accepted);
      dialog->setTarget(SaveTarget::IndexedDb);
      dialog->open();
      QPushButton* save = dialog->findChild<QPushButton*>(QStringLiteral("saveDialog.save"));
      QTRY_VERIFY_WITH_TIMEOUT(save->isEnabled(), kPatienceMs);
      save->click();
      if (round == 0) {
        QVERIFY(accepted.wait(kPatienceMs));
        const auto request = accepted.front().front().value<SaveRequest>();
        QVERIFY(!request.options.overwrite);
        bool isDone = false;
        studio.stores.run(
            this,
            [request, state = studio.current().state()](ModelLibrary& library) {
              return library.save(request.url, artifactsFromDocument(state, request.contents), request.options).url;
            },
            [&](const Outcome<QString>& outcome) { isDone = outcome.isOk(); });
        QTRY_VERIFY_WITH_TIMEOUT(isDone, kPatienceMs);
      } else {
        QPushButton* replace = nullptr;
        QTRY_VERIFY_WITH_TIMEOUT((replace = buttonWith(*dialog, QStringLiteral("Replace"))) != nullptr, kPatienceMs);
        QVERIFY(accepted.isEmpty());
        replace->click();
        QTRY_COMPARE_WITH_TIMEOUT(accepted.size(), 1, kPatienceMs);
        QVERIFY(accepted.front().front().value<SaveRequest>().options.overwrite);
        QVERIFY(accepted.front().front().value<SaveRequest>().options.replacedToTrash);
      }
    }
  }
};

QTEST_MAIN(tst_SaveDialog)
#include "tst_SaveDialog.moc"
