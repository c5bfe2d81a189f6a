#pragma once

#include "model/document/DocumentIo.h"
#include "model/document/Templates.h"
#include "tests/support/Patience.h"
#include "ui/catalog/CatalogController.h"
#include "ui/catalog/CatalogPanel.h"
#include "ui/catalog/CatalogTable.h"
#include "ui/catalog/PlacesList.h"
#include "ui/catalog/PlacesView.h"
#include "ui/main/EnglishPlurals.h"
#include "ui/main/Settings.h"
#include "ui/theme/Theme.h"

#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <functional>
#include <memory>

namespace layersmith::testing {

inline const QString kMoons = QStringLiteral("indexeddb://moons");

/// The catalog without the rest of the studio, over real stores in a folder of its own.
struct Catalog {
  QTemporaryDir home;
  EnglishPlurals plurals;
  Settings settings{home.filePath(QStringLiteral("settings.ini"))};
  StoreWorker stores{home.filePath(QStringLiteral("store.sqlite"))};
  StoreWorker transfers{home.filePath(QStringLiteral("store.sqlite")), 6};
  QWidget window;
  CatalogController* controller = nullptr;
  CatalogPanel* page = nullptr;

  explicit Catalog(SecretStore* secrets = nullptr) {
    QCoreApplication::installTranslator(&plurals);
    controller = new CatalogController(stores, transfers, settings, window, secrets);
    page = new CatalogPanel(*controller, CatalogPanel::Size::Page, &window);
    window.resize(1440, 820);
    page->resize(window.size());
  }

  CatalogModel& model() { return controller->model(); }
  CatalogTable& table() { return page->table(); }
  QUndoStack& steps() { return controller->undoStack(); }
  bool has(const QString& url) { return model().rowOf(url) >= 0; }

  /// Runs on the stores' thread and waits for it.
  bool work(std::function<void(ModelLibrary&)> what) {
    bool isDone = false, isOk = false;
    stores.run(
        &window,
        [what = std::move(what)](ModelLibrary& library) {
          what(library);
          return true;
        },
        [&](const Outcome<bool>& outcome) {
          isDone = true;
          isOk = outcome.isOk();
          if (!isOk) qWarning("%s", outcome.error().what());
        });
    return QTest::qWaitFor([&] { return isDone; }, 20'000) && isOk;
  }

  bool keep(const QString& url, const char* templateKey = "twoMoons") {
    return work([url, key = QString::fromLatin1(templateKey)](ModelLibrary& library) {
      library.save(url, artifactsFromDocument(makeTemplate(key)));
    });
  }

  QString folder(const QString& name) {
    const QString path = home.filePath(name);
    QDir().mkpath(path);
    return path;
  }

  void select(const QStringList& urls) {
    QItemSelection selection;
    for (const QString& url : urls) {
      const QModelIndex index = table().filter().mapFromSource(model().index(model().rowOf(url), 0));
      selection.select(index, index);
      table().setCurrentIndex(index);
    }
    table().selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
  }

  /// Null: the place is not listed.
  QListWidgetItem* placeRow(const QString& place) {
    PlacesView& view = page->places()->view();
    for (int row = 0; row < view.count(); ++row)
      if (view.item(row)->data(PlacesView::PlaceRole).toString() == place) return view.item(row);
    return nullptr;
  }

  QStringList trashIds() const {
    QStringList ids;
    for (const TrashEntry& entry : controller->trash()) ids << entry.id;
    return ids;
  }

  bool isIdle() const { return stores.isIdle() && transfers.isIdle(); }
};

/// Everything that was asked for is done and shown. Refreshes are gathered for 100 ms, so rest is two quiet looks.
inline bool settle(Catalog& catalog) {
  const auto rests = [&] {
    QTest::qWait(130);
    QCoreApplication::processEvents();  // a wait that was held up leaves what is due undone
    return QTest::qWaitFor([&] { return catalog.isIdle(); }, kPatienceMs);
  };
  catalog.controller->refresh();
  return rests() && rests();
}

}  // namespace layersmith::testing
