#pragma once

#include "model/document/Edits.h"
#include "ui/main/EnglishPlurals.h"
#include "ui/main/MainWindow.h"
#include "ui/main/Settings.h"
#include "ui/main/StoreWorker.h"

#include <QDir>
#include <QPushButton>
#include <QSemaphore>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <memory>
#include <utility>

namespace layersmith::testing {

inline QPushButton* buttonWith(const QWidget& where, const QString& text) {
  const auto buttons = where.findChildren<QPushButton*>();
  const auto found = std::ranges::find(buttons, text, &QPushButton::text);
  return found == buttons.end() ? nullptr : *found;
}

/// A studio with a home folder of its own.
struct Studio {
  QTemporaryDir home;
  Settings settings{home.filePath(QStringLiteral("settings.ini"))};
  ComputeThread compute;
  StoreWorker stores{home.filePath(QStringLiteral("store.sqlite"))};
  StoreWorker transfers{home.filePath(QStringLiteral("store.sqlite")), 6};
  EnglishPlurals plurals;
  SecretStore* secrets = nullptr;
  std::unique_ptr<MainWindow> window;

  explicit Studio(SecretStore* keychain = nullptr) : secrets(keychain) {
    QCoreApplication::installTranslator(&plurals);
    window = std::make_unique<MainWindow>(services());
  }

  Services services() {
    return {settings,
            compute,
            stores,
            transfers,
            home.filePath(QStringLiteral("recovery")),
            2,
            home.filePath(QStringLiteral("store.sqlite")),
            secrets};
  }

  DocumentContext& current() { return *window->workspace().current(); }
  bool waitForStores() {
    return QTest::qWaitFor([this] { return stores.isIdle() && transfers.isIdle(); }, 20'000);
  }
  void trigger(ActionId id) { window->actions()[id]->trigger(); }

  template <class Widget>
  Widget* find(const char* name) {
    return window->findChild<Widget*>(QString::fromLatin1(name));
  }

  /// One more Dense layer at the end of the model in front.
  bool addLayer() {
    DocumentContext& context = current();
    const LayerId last = context.document().report().order.empty() ? context.state().graph.layers.back().id
                                                                   : context.document().report().order.back();
    const edits::InsertPlace place{edits::InsertPlace::Kind::AfterLayer, last, 0, {}};
    return context.apply(QStringLiteral("insert Dense"),
                         edits::insertLayer(context.state(), "Dense", place, {{"units", 3}}));
  }
};

/// The stores' thread stands still until it is opened.
class Gate {
 public:
  explicit Gate(Studio& studio) {
    studio.stores.run(
        studio.window.get(),
        [this](ModelLibrary&) {
          m_semaphore.acquire();
          return true;
        },
        [](const Outcome<bool>&) {});
  }
  ~Gate() { open(); }
  void open() {
    if (!std::exchange(m_isOpen, true)) m_semaphore.release();
  }

 private:
  QSemaphore m_semaphore;
  bool m_isOpen = false;
};

}  // namespace layersmith::testing
