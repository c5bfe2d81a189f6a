// Leaves pictures of the studio in the build folder, and checks that each shows what it is of.
#include "model/document/DocumentIo.h"
#include "model/document/Templates.h"
#include "model/session/BrowserBridge.h"
#include "tests/support/Patience.h"
#include "tests/ui/main/StudioFixture.h"
#include "ui/catalog/CatalogController.h"
#include "ui/catalog/CatalogQuestions.h"
#include "ui/dialogs/AnswerDialog.h"
#include "ui/dialogs/ComparisonDialog.h"
#include "ui/dialogs/PlaceDialog.h"
#include "ui/dialogs/SaveDialog.h"
#include "ui/dialogs/SaveForm.h"
#include "ui/main/RecoveryController.h"
#include "ui/training/EvaluationPanel.h"
#include "ui/training/TrainingPanel.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QSet>

using namespace layersmith;
using namespace layersmith::testing;

namespace {

QString pictureFolder() {
  const QString folder = QString::fromUtf8(LAYERSMITH_BIN_DIR "/../screenshots");
  QDir().mkpath(folder);
  return folder;
}

/// A grab that is not blank.
bool keep(QWidget& widget, const char* name) {
  const QImage image = widget.grab().toImage();
  QSet<QRgb> colors;
  for (int y = 0; y < image.height(); y += 7)
    for (int x = 0; x < image.width(); x += 7) colors.insert(image.pixel(x, y));
  return image.save(pictureFolder() + QLatin1Char('/') + QString::fromLatin1(name) + QStringLiteral(".png")) &&
         colors.size() > 12;
}

}  // namespace

class tst_Screenshots : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { installLook(*qApp); }
  void cleanup() { theme().setMode(Theme::Mode::Light); }

  void firstStart_data() { themes(); }
  void firstStart() {
    QFETCH(bool, isDark);
    theme().setMode(isDark ? Theme::Mode::Dark : Theme::Mode::Light);
    Studio studio;
    studio.window->start({}, {});
    studio.window->show();
    QVERIFY(studio.waitForStores());
    QTest::qWait(400);
    QVERIFY(keep(*studio.window, isDark ? "first-start-dark" : "first-start"));
  }

  void trainingHalfWay_data() { themes(); }
  void trainingHalfWay() {
    QFETCH(bool, isDark);
    theme().setMode(isDark ? Theme::Mode::Dark : Theme::Mode::Light);
    Studio studio;
    studio.window->start({}, {});
    studio.window->show();
    studio.trigger(ActionId::LayoutTraining);
    studio.trigger(ActionId::Train);
    QTRY_VERIFY_WITH_TIMEOUT(studio.current().session().history().size() >= 48, kPatienceMs);
    studio.trigger(ActionId::Pause);
    QTest::qWait(800);
    QVERIFY(keep(*studio.window, isDark ? "training-half-way-dark" : "training-half-way"));
    const auto& history = studio.current().session().history();
    QVERIFY(history.back().valueOf("loss") < history.front().valueOf("loss") / 2);
  }

  void costs_data() { themes(); }
  void costs() {
    QFETCH(bool, isDark);
    theme().setMode(isDark ? Theme::Mode::Dark : Theme::Mode::Light);
    Studio studio;
    studio.window->show();
    studio.window->start({}, QStringLiteral("digits"));
    studio.trigger(ActionId::ShowCost);
    DocumentContext& context = studio.current();
    QTRY_VERIFY_WITH_TIMEOUT(context.cost().cost(), kPatienceMs);
    context.selection().set({context.document().report().order.at(1)});
    QTest::qWait(400);
    QVERIFY(keep(*studio.window, isDark ? "costs-dark" : "costs"));
    QVERIFY(studio.find<QLabel>("factTime")->isVisible());
  }

  void evaluation() {
    Studio studio;
    studio.window->start({}, {});
    studio.window->show();
    studio.trigger(ActionId::FullSpeed);
    studio.trigger(ActionId::Train);
    QTRY_VERIFY_WITH_TIMEOUT(!studio.current().session().isActive() && studio.current().isModified(), kPatienceMs);
    studio.trigger(ActionId::LayoutEvaluation);
    const std::pair<EvaluationPanel::View, const char*> views[] = {{EvaluationPanel::Boundary, "boundary"},
                                                                   {EvaluationPanel::Confusion, "confusion"},
                                                                   {EvaluationPanel::Predictions, "predictions"}};
    for (const auto& [view, name] : views) {
      studio.window->evaluationPanel().showView(view);
      QTest::qWait(1000);
      QVERIFY(keep(*studio.window, name));
    }
  }

  void saveAs_data() { themes(); }
  void saveAs() {
    QFETCH(bool, isDark);
    theme().setMode(isDark ? Theme::Mode::Dark : Theme::Mode::Light);
    Studio studio;
    studio.window->start({}, {});
    studio.window->show();
    studio.trigger(ActionId::SaveAs);
    auto* dialog = studio.find<SaveDialog>("saveDialog");
    QVERIFY(dialog);
    for (const auto& [target, name] :
         {std::pair(SaveTarget::Folder, "save-as-folder"), std::pair(SaveTarget::LocalStorage, "save-as-local"),
          std::pair(SaveTarget::Http, "save-as-http")}) {
      dialog->setTarget(target);
      dialog->findChild<QComboBox*>(QStringLiteral("saveDialog.precision"))
          ->setCurrentIndex(target == SaveTarget::Folder ? 3 : 0);
      dialog->form().setAddress(QStringLiteral("https://lab.example/models/two-moons"));
      QSignalSpy ready(dialog, &SaveDialog::previewReady);
      QVERIFY(ready.wait(kPatienceMs));
      QTest::qWait(200);
      QVERIFY(keep(*dialog, qPrintable(QString::fromLatin1(name) + (isDark ? QStringLiteral("-dark") : QString()))));
    }
    dialog->reject();
  }

  void catalog_data() { themes(); }
  void catalog() {
    QFETCH(bool, isDark);
    theme().setMode(isDark ? Theme::Mode::Dark : Theme::Mode::Light);
    const auto named = [&](const char* name) {
      return QString::fromLatin1(name) + (isDark ? QStringLiteral("-dark") : QString());
    };
    Studio studio;
    QVERIFY(keepModels(studio));
    studio.settings.setFolders({studio.home.filePath(QStringLiteral("Models")),
                                studio.home.filePath(QStringLiteral("Class 7b")), QStringLiteral("/media/stick/Nets")});
    studio.settings.setServers({QStringLiteral("http://127.0.0.1:9")});
    studio.window->show();
    studio.window->start({}, QStringLiteral("twoMoons"));
    auto* dock = studio.find<QAbstractItemView>("catalogDock.table");
    QTRY_COMPARE_WITH_TIMEOUT(dock->model()->rowCount(), 11, kPatienceMs);
    QVERIFY(studio.waitForStores());
    QTest::qWait(400);
    QVERIFY(keep(*studio.window, qPrintable(named("catalog-dock"))));
    studio.trigger(ActionId::LayoutCatalog);
    auto* table = studio.find<QAbstractItemView>("catalogPage.table");
    table->setFocus();
    for (int row = 0; row < 3; ++row)
      table->selectionModel()->select(table->model()->index(row, 0),
                                      QItemSelectionModel::Select | QItemSelectionModel::Rows);
    table->selectionModel()->setCurrentIndex(table->model()->index(0, 0), QItemSelectionModel::NoUpdate);
    studio.window->catalog().remove({QStringLiteral("indexeddb://circles")});
    QTest::qWait(800);
    QVERIFY(studio.waitForStores());
    QTest::qWait(400);
    QVERIFY(keep(*studio.window, qPrintable(named("catalog"))));
    studio.find<QPushButton>("catalogPage.group")->click();
    QTest::qWait(100);
    QVERIFY(keep(*studio.window, qPrintable(named("catalog-grouped"))));
  }

  void catalogQuestions_data() { themes(); }
  void catalogQuestions() {
    QFETCH(bool, isDark);
    theme().setMode(isDark ? Theme::Mode::Dark : Theme::Mode::Light);
    const auto keepDialog = [&](QDialog* dialog, const char* name) {
      dialog->open();
      QTest::qWait(100);
      const QString whole = QLatin1String(name) + (isDark ? QLatin1String("-dark") : QLatin1String());
      const bool isKept = keep(*dialog, qPrintable(whole));
      dialog->close();
      return isKept;
    };
    Studio studio;
    QVERIFY(keepModels(studio));
    studio.window->show();
    studio.window->start({}, QStringLiteral("twoMoons"));
    studio.trigger(ActionId::LayoutCatalog);
    auto* table = studio.find<QAbstractItemView>("catalogPage.table");
    QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 6, kPatienceMs);
    studio.window->catalog().remove({QStringLiteral("indexeddb://circles"), QStringLiteral("indexeddb://xor")});
    QVERIFY(studio.waitForStores());
    auto* server = new ServerDialog(studio.window.get(), QStringLiteral("https://lab.example:8080"));
    server->offerKeychain({}, true);
    QVERIFY(keepDialog(server, "question-token"));
    server = new ServerDialog(studio.window.get());
    server->offerKeychain(QStringLiteral("No keychain service runs here."), false);
    QVERIFY(keepDialog(server, "question-server"));
    QVERIFY(
        keepDialog(new PlaceDialog(QStringLiteral("Copy to"), studio.window->catalog().places(), studio.window.get()),
                   "question-place"));
    QVERIFY(
        keepDialog(new QuotaDialog(QStringLiteral("localstorage"), 5'242'880, studio.window.get()), "question-quota"));
    QVERIFY(keepDialog(
        new NameTakenDialog(QStringLiteral("moons"), QStringLiteral("Class 7b"), QStringLiteral("13 kB, Today 10:41"),
                            QStringLiteral("2.1 kB, Yesterday"), 3, studio.window.get()),
        "question-name-taken"));
    studio.find<QListWidget>("places.list")->setCurrentRow(studio.find<QListWidget>("places.list")->count() - 1);
    QTest::qWait(300);
    QVERIFY(keep(*studio.window, isDark ? "trash-dark" : "trash"));
    studio.find<QPushButton>("trash.empty")->click();
    auto* question = studio.find<QDialog>("emptyTrashDialog");
    QVERIFY(question);
    QTest::qWait(200);
    QVERIFY(keep(*question, isDark ? "question-empty-trash-dark" : "question-empty-trash"));
    question->reject();
  }

  void afterACrash_data() { themes(); }
  void afterACrash() {
    QFETCH(bool, isDark);
    theme().setMode(isDark ? Theme::Mode::Dark : Theme::Mode::Light);
    Studio studio;
    QVERIFY(leaveWork(studio));
    studio.window->show();
    QSignalSpy recovered(&studio.window->recovery(), &RecoveryController::recovered);
    studio.window->start({}, QStringLiteral("twoMoons"));
    QVERIFY(recovered.wait(kPatienceMs));
    auto* dialog = studio.find<QDialog>("recoveryDialog");
    QVERIFY(dialog);
    QTest::qWait(200);
    QVERIFY(keep(*dialog, isDark ? "recovery-dark" : "recovery"));
    QPushButton* compare = buttonWith(*dialog, QStringLiteral("Compare"));
    QVERIFY(compare);
    compare->click();
    auto* comparison = studio.find<ComparisonDialog>("comparisonDialog");
    QSignalSpy compared(comparison, &ComparisonDialog::compared);
    QVERIFY(compared.wait(kPatienceMs));
    QTest::qWait(200);
    QVERIFY(keep(*comparison, isDark ? "comparison-dark" : "comparison"));
    comparison->accept();
    studio.find<QPushButton>("recoveryDialog.discard")->click();
    QTest::qWait(100);
    QVERIFY(keep(*dialog, isDark ? "recovery-discard-dark" : "recovery-discard"));
  }

  void answer_data() { themes(); }
  void answer() {
    QFETCH(bool, isDark);
    theme().setMode(isDark ? Theme::Mode::Dark : Theme::Mode::Light);
    SaveResult result;
    result.url = QStringLiteral("https://lab.example/models/two-moons");
    result.info.weightDataBytes = 2'846'120;
    result.httpStatus = 201;
    result.replyHeaders = {{QStringLiteral("Content-Type"), QStringLiteral("application/json; charset=utf-8")},
                           {QStringLiteral("Date"), QStringLiteral("Thu, 26 Nov 2026 10:41:07 GMT")},
                           {QStringLiteral("Location"), QStringLiteral("/models/two-moons/model.json")},
                           {QStringLiteral("Server"), QStringLiteral("nginx/1.22.1")}};
    result.replyBody = "{\n  \"ok\": true,\n  \"name\": \"two-moons\",\n  \"bytes\": 2846120\n}\n";
    auto* dialog = new AnswerDialog(result, 412, nullptr);
    dialog->show();
    QTest::qWait(100);
    QVERIFY(keep(*dialog, isDark ? "answer-dark" : "answer"));
    dialog->close();
  }

  void bridge_data() { themes(); }
  void bridge() {
    QFETCH(bool, isDark);
    theme().setMode(isDark ? Theme::Mode::Dark : Theme::Mode::Light);
    Studio studio;
    studio.window->show();
    studio.window->start({}, QStringLiteral("twoMoons"));
    studio.trigger(ActionId::BrowserBridge);
    auto* dialog = studio.find<QDialog>("bridgeDialog");
    QVERIFY(dialog);
    QTest::qWait(100);
    QVERIFY(keep(*dialog, isDark ? "bridge-off-dark" : "bridge-off"));
    studio.window->bridge().start({QStringLiteral(LAYERSMITH_BIN_DIR "/layersmith-server"),
                                   studio.home.filePath(QStringLiteral("store.sqlite")), 0});
    QTRY_COMPARE_WITH_TIMEOUT(int(studio.window->bridge().state()), int(BrowserBridge::State::Listening), kPatienceMs);
    QTest::qWait(100);
    QVERIFY(keep(*dialog, isDark ? "bridge-dark" : "bridge"));
  }

 private:
  /// As a crash leaves them: a saved model that was edited and was being trained, and one that was saved nowhere.
  static bool leaveWork(const Studio& studio) {
    RecoveryJournal journal(studio.home.filePath(QStringLiteral("recovery")));
    const QString url = QStringLiteral("indexeddb://two-moons");
    ModelLibrary library(studio.stores.storePath());
    const DocumentState saved = makeTemplate(QStringLiteral("twoMoons"));
    library.save(url, artifactsFromDocument(saved));
    const RecoveryLabel label{QStringLiteral("a"), QStringLiteral("two-moons"), url, library.stamp(url), 4};
    const edits::InsertPlace place{edits::InsertPlace::Kind::AfterLayer, saved.graph.findByName("hidden")->id, 0, {}};
    DocumentState state = edits::insertLayer(saved, "Dropout", place, {{"rate", 0.2}});
    state = edits::setField(state, {state.graph.findByName("hidden")->id}, "units", 16);
    TrainingConfig config = state.training;
    config.optimizerConfig.set("learningRate", 0.01);
    state = edits::setTraining(state, config, state.fit);
    journal.write(label, state);
    ComputeThread compute;
    TrainingSession session(compute);
    bool isWritten = false;
    QObject::connect(&session, &TrainingSession::checkpointTaken,
                     [&](const auto& taken) { isWritten = journal.writeCheckpoint(label, state, *taken); });
    session.start(state);
    const bool isTrained = QTest::qWaitFor([&] { return session.history().size() >= 37; }, 20'000);
    session.pause();
    session.requestCheckpoint();
    const bool isKept = QTest::qWaitFor([&] { return isWritten; }, 20'000);
    const RecoveryLabel other{QStringLiteral("b"), QStringLiteral("digits-cnn"), {}, {}, 1};
    journal.write(other, makeTemplate(QStringLiteral("digits")));
    return isTrained && isKept;
  }

  /// Eleven models in four places; one of them damaged.
  static bool keepModels(Studio& studio) {
    const QString home = studio.home.path();
    const std::pair<QString, const char*> models[] = {{QStringLiteral("indexeddb://two-moons"), "twoMoons"},
                                                      {QStringLiteral("indexeddb://digits-cnn"), "digits"},
                                                      {QStringLiteral("indexeddb://circles"), "circles"},
                                                      {QStringLiteral("indexeddb://xor"), "xor"},
                                                      {QStringLiteral("localstorage://iris"), "iris"},
                                                      {QStringLiteral("localstorage://spirals"), "spirals"},
                                                      {home + QStringLiteral("/Models/digits"), "digits"},
                                                      {home + QStringLiteral("/Models/residual"), "convnet"},
                                                      {home + QStringLiteral("/Models/table"), "mlp"},
                                                      {home + QStringLiteral("/Class 7b/moons of Jana"), "twoMoons"},
                                                      {home + QStringLiteral("/Class 7b/broken"), "iris"}};
    bool isOk = false, isDone = false;
    studio.stores.run(
        studio.window.get(),
        [&models, home](ModelLibrary& library) {
          for (const auto& [url, key] : models)
            library.save(url, artifactsFromDocument(makeTemplate(QString::fromLatin1(key))));
          library.setQuota(QStringLiteral("localstorage"), 11'000);
          return QFile::remove(home + QStringLiteral("/Class 7b/broken/weights.bin"));
        },
        [&](const Outcome<bool>& outcome) {
          isDone = true;
          isOk = outcome.isOk() && outcome.value();
        });
    return QTest::qWaitFor([&] { return isDone; }, 20'000) && isOk;
  }

  static void themes() {
    QTest::addColumn<bool>("isDark");
    QTest::newRow("light") << false;
    QTest::newRow("dark") << true;
  }
};

QTEST_MAIN(tst_Screenshots)
#include "tst_Screenshots.moc"
