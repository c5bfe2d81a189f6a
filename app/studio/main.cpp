#include "model/core/Limits.h"
#include "model/nn/Threads.h"
#include "model/storage/ModelLibrary.h"
#include "ui/catalog/KeychainSecrets.h"
#include "ui/main/EnglishPlurals.h"
#include "ui/main/MainWindow.h"
#include "ui/main/Settings.h"
#include "ui/main/SingleInstance.h"
#include "ui/main/StoreWorker.h"
#include "ui/theme/Icons.h"
#include "ui/theme/Theme.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QScreen>
#include <QTimer>

#include <cstdio>

namespace {

using namespace layersmith;

struct Arguments {
  QStringList places;
  QString templateKey;
  QString themeName;
  bool isNewWindow = false;
  bool printsStartupTime = false;
};

Arguments readArguments(const QApplication& application) {
  QCommandLineParser parser;
  parser.setApplicationDescription(QObject::tr("A desktop studio for TensorFlow.js Layers models."));
  parser.addHelpOption();
  parser.addVersionOption();
  const QCommandLineOption newWindow(QStringLiteral("new-window"), QObject::tr("Open a window of its own."));
  const QCommandLineOption templateKey(QStringLiteral("template"),
                                       QObject::tr("Start with a template: twoMoons, iris, digits, ..."),
                                       QStringLiteral("name"));
  const QCommandLineOption themeName(QStringLiteral("theme"), QObject::tr("light, dark or system."),
                                     QStringLiteral("name"));
  const QCommandLineOption startupTime(QStringLiteral("startup-time"),
                                       QObject::tr("Print the time to the first paint."));
  parser.addOptions({newWindow, templateKey, themeName, startupTime});
  parser.addPositionalArgument(QStringLiteral("places"), QObject::tr("Folders, model.json files or URLs to open."),
                               QStringLiteral("[places...]"));
  parser.process(application);
  Arguments arguments;
  for (const QString& place : parser.positionalArguments()) {
    arguments.places << (place.contains(QStringLiteral("://")) ? place : QFileInfo(place).absoluteFilePath());
  }
  arguments.templateKey = parser.value(templateKey);
  arguments.themeName = parser.value(themeName);
  arguments.isNewWindow = parser.isSet(newWindow);
  arguments.printsStartupTime = parser.isSet(startupTime);
  return arguments;
}

Theme::Mode modeOf(const QString& name, Theme::Mode fallback) {
  if (name == QStringLiteral("light")) return Theme::Mode::Light;
  if (name == QStringLiteral("dark")) return Theme::Mode::Dark;
  return name == QStringLiteral("system") ? Theme::Mode::System : fallback;
}

/// Says on stdout when the window was painted for the first time.
class FirstPaint : public QObject {
 public:
  FirstPaint(QWidget& window, const QElapsedTimer& clock) : QObject(&window), m_clock(clock) {
    window.installEventFilter(this);
  }

  bool eventFilter(QObject* watched, QEvent* event) override {
    if (event->type() == QEvent::Paint && !m_isDone) {
      m_isDone = true;
      QTimer::singleShot(0, this, [this] {
        std::printf("first paint after %lld ms\n", static_cast<long long>(m_clock.elapsed()));
        std::fflush(stdout);
      });
    }
    return QObject::eventFilter(watched, event);
  }

 private:
  const QElapsedTimer& m_clock;
  bool m_isDone = false;
};

}  // namespace

int main(int argc, char** argv) {
  guardedReexecForSpin(argc, argv);
  QElapsedTimer clock;
  clock.start();
  QApplication application(argc, argv);
  QApplication::setApplicationName(QStringLiteral("layersmith"));
  QApplication::setApplicationDisplayName(QStringLiteral("Layersmith"));
  QApplication::setApplicationVersion(QStringLiteral(LAYERSMITH_VERSION));
  QApplication::setDesktopFileName(QStringLiteral("layersmith"));
  EnglishPlurals plurals;
  QApplication::installTranslator(&plurals);
  const Arguments arguments = readArguments(application);
  if (const std::string problem = limits::settingsProblem(); !problem.empty())
    std::fprintf(stderr, "%s\n", problem.c_str());

  SingleInstance instance(QFileInfo(defaultStorePath()).path());
  if (!arguments.isNewWindow && instance.handOver(arguments.places)) return 0;
  if (!arguments.isNewWindow) instance.listen();

  Settings settings;
  theme().setMode(modeOf(arguments.themeName, settings.themeMode()));
  installLook(application);
  QApplication::setWindowIcon(applicationIcon());
  QDir().mkpath(QFileInfo(defaultStorePath()).path());

  setThreadCount(settings.threads());
  ComputeThread compute;
  StoreWorker stores(defaultStorePath());
  constexpr int kTransfersAtOnce = 6;  // as many as browsers open to one server
  StoreWorker transfers(defaultStorePath(), kTransfersAtOnce);
  KeychainSecrets secrets;
  MainWindow window({settings, compute, stores, transfers, defaultRecoveryFolder(), threadCount(), {}, &secrets});
  if (arguments.printsStartupTime) new FirstPaint(window, clock);
  QObject::connect(&instance, &SingleInstance::placesReceived, &window, [&window](const QStringList& places) {
    window.openPlaces(places);
    window.showNormal();
    window.raise();
    window.activateWindow();
  });
  window.start(arguments.places, arguments.templateKey);
  constexpr QSize kFrame(16, 48);  // about what a title bar and borders take; they are not known before it is shown
  window.resize(window.size().boundedTo(window.screen()->availableSize() - kFrame));
  window.show();
  return QApplication::exec();
}
