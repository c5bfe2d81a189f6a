// What the catalog's controller does to models: each job becomes a step that can be undone.
#include "ui/catalog/CatalogQuestions.h"
#include "ui/catalog/CatalogStep.h"
#include "ui/dialogs/ErrorDialog.h"
#include "ui/dialogs/PlaceDialog.h"
#include "ui/main/OpenController.h"
#include "ui/main/Settings.h"

#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QMimeData>

#include <algorithm>

namespace layersmith {

namespace {

bool isOnServer(const QString& url) {
  return placeKind(url) == CatalogPlace::Kind::Server;
}

/// "moons", or "3 models".
QString whatText(const QStringList& urls) {
  return urls.size() == 1 ? modelNameOf(urls.front())
                          : CatalogController::tr("%Ln model(s)", nullptr, static_cast<int>(urls.size()));
}

}  // namespace

StoreWorker& CatalogController::workerFor(const QStringList& urls, const QString& place) {
  return isOnServer(place) || std::ranges::any_of(urls, isOnServer) ? m_transfers : m_stores;
}

bool CatalogController::tellFailure(const CatalogChange& change, const QString& title) {
  if (!change.failure) return false;
  if (change.failure->kind() == ErrorKind::Cancelled)
    Q_EMIT noted(tr("Stopped after %Ln model(s).", nullptr, change.done));
  else
    ErrorDialog::show(title, *change.failure, {}, &m_window);
  return true;
}

/// `isFinal`: nothing of it can be undone.
void CatalogController::took(const CatalogChange& change, const QString& title, const QString& step,
                             const QString& text, const QString& iconName, bool isFinal) {
  refresh();
  for (const CatalogChange::Rename& rename : change.renamed) Q_EMIT renamed(rename.url, rename.newUrl);
  if (!change.isEmpty() && !isFinal) {
    CatalogChange kept = change;
    kept.failure.reset();
    m_steps.push(new CatalogStep(*this, step, kept));
  }
  if (tellFailure(change, title) || change.done == 0) return;
  change.isEmpty() || isFinal ? Q_EMIT noted(text) : Q_EMIT done(text, iconName);
}

void CatalogController::reverse(const Change& change, const QString& text) {
  m_reversing.emplace_back(change, text);
  if (m_reversing.size() == 1) reverseNext();
}

/// One after the other, whichever thread each takes.
void CatalogController::reverseNext() {
  const auto [change, text] = m_reversing.front();
  std::shared_ptr<JobProgress> progress;
  if (change->hasServers()) {
    progress = std::make_shared<JobProgress>();
    const CatalogChange::Rename& moved = change->movedOnServers.front();
    Q_EMIT started(tr("Moving %1 to %2").arg(modelNameOf(moved.newUrl), placeTitle(placeOf(moved.url))), progress);
  }
  (progress ? m_transfers : m_stores)
      .run(
          this,
          [change = change, access = m_access, progress](ModelLibrary& library) {
            const StoreProgress tell = progress ? JobProgress::reporter(progress) : StoreProgress();
            CatalogChange back = reversed(library, *change, access, tell);
            *change = back;
            return back;
          },
          [this, progress, text = text](const Outcome<CatalogChange>& outcome) {
            m_reversing.pop_front();
            if (progress) Q_EMIT ended(progress);
            refresh();
            if (outcome.isOk()) {
              for (const CatalogChange::Rename& rename : outcome.value().renamed)
                Q_EMIT renamed(rename.url, rename.newUrl);
              // The stores are no longer as the steps found them.
              if (tellFailure(outcome.value(), tr("This step could not be undone.")))
                m_steps.clear();
              else
                Q_EMIT noted(text);
            }
            if (!m_reversing.empty()) reverseNext();
          });
}

void CatalogController::rename(const QString& url, const QString& newName) {
  m_stores.run(
      this, [url, newName](ModelLibrary& library) { return renameModel(library, url, newName); },
      [this, url, newName](const Outcome<CatalogChange>& outcome) {
        const QString old = modelNameOf(url);
        took(outcome.value(), tr("The model was not renamed."), tr("rename %1").arg(old),
             tr("Renamed %1 to %2.").arg(old, newName), QStringLiteral("rename"));
      });
}

void CatalogController::remove(const QStringList& urls) {
  QStringList own, others;
  for (const QString& url : urls) (isOnServer(url) ? others : own) << url;
  if (!others.isEmpty()) askToRemoveFromServers(others);
  if (own.isEmpty()) return;
  m_stores.run(
      this, [own](ModelLibrary& library) { return removeModels(library, own); },
      [this, own](const Outcome<CatalogChange>& outcome) {
        const CatalogChange& change = outcome.value();
        const QString text = own.size() == 1 ? tr("Deleted %1. It stays in the trash for 30 days.").arg(whatText(own))
                                             : tr("Deleted %Ln models. They stay in the trash for 30 days.", nullptr,
                                                  static_cast<int>(change.removed.size()));
        took(change, tr("Not everything was deleted."), tr("delete %1").arg(whatText(own)), text,
             QStringLiteral("delete"));
      });
}

void CatalogController::askToRemoveFromServers(const QStringList& urls) {
  const QString host = placeTitle(placeOf(urls.front()));
  const QString title = urls.size() == 1 ? tr("Delete %1 from %2?").arg(modelNameOf(urls.front()), host)
                                         : tr("Delete %Ln models from %1?", nullptr, int(urls.size())).arg(host);
  auto* question = new ConfirmDialog(QStringLiteral("deleteOnServer"), title,
                                     tr("The server removes it for everyone. Layersmith cannot bring it back."),
                                     tr("Delete"), &m_window);
  connect(question, &QDialog::accepted, this, [this, urls] {
    m_transfers.run(
        this,
        [urls, access = m_access](ModelLibrary& library) {
          return layersmith::removeFromServers(library, urls, access);
        },
        [this, urls](const Outcome<CatalogChange>& outcome) {
          took(outcome.value(), tr("Not everything was deleted."), {},
               tr("Deleted %1 from the server.").arg(whatText(urls)), {}, true);
        });
  });
  question->open();
}

void CatalogController::restore(const QStringList& trashIds) {
  m_stores.run(
      this, [trashIds](ModelLibrary& library) { return restoreModels(library, trashIds); },
      [this](const Outcome<CatalogChange>& outcome) {
        const CatalogChange& change = outcome.value();
        took(change, tr("Not everything was restored."), tr("restore %1").arg(whatText(change.created)),
             tr("Restored %1.").arg(whatText(change.created)), QStringLiteral("undo"));
      });
}

void CatalogController::emptyTrash() {
  m_stores.run(
      this,
      [](ModelLibrary& library) {
        library.emptyTrash();
        return true;
      },
      [this](const Outcome<bool>& outcome) {
        refresh();
        m_steps.clear();  // what they would bring back is gone
        if (outcome.isOk())
          Q_EMIT noted(tr("The trash is empty."));
        else
          ErrorDialog::show(tr("The trash was not emptied."), outcome.error(), {}, &m_window);
      });
}

void CatalogController::askAndTransfer(const QStringList& urls, bool isMove, QWidget& parent) {
  auto* dialog =
      new PlaceDialog(isMove ? tr("Move to") : tr("Copy to"), m_settings.folders(), m_settings.servers(), &parent);
  connect(dialog, &PlaceDialog::chosen, this,
          [this, urls, isMove](const QString& place) { transfer(urls, place, isMove); });
  dialog->open();
}

void CatalogController::transfer(const QStringList& urls, const QString& place, bool isMove) {
  QStringList moving;
  for (const QString& url : urls)
    if (!isMove || placeOf(url) != place) moving << url;
  if (moving.isEmpty()) return;
  workerFor(moving, place)
      .run(
          this,
          [moving, place, access = m_access](ModelLibrary& library) {
            return planTransfer(library, moving, place, access);
          },
          [this, place, isMove](const Outcome<std::vector<Transfer>>& outcome) {
            if (outcome.isOk())
              resolve(std::make_shared<std::vector<Transfer>>(outcome.value()), 0, place, isMove);
            else
              ErrorDialog::show(isMove ? tr("Nothing was moved.") : tr("Nothing was copied."), outcome.error(), {},
                                &m_window);
          });
}

/// Asks about one taken name after the other, or once for all; then does it.
void CatalogController::resolve(std::shared_ptr<std::vector<Transfer>> transfers, std::size_t next,
                                const QString& place, bool isMove) {
  const auto isTaken = [](const Transfer& transfer) { return transfer.isTaken; };
  const auto found = std::find_if(transfers->begin() + static_cast<std::ptrdiff_t>(next), transfers->end(), isTaken);
  if (found == transfers->end()) {
    run(*transfers, place, isMove);
    return;
  }
  const auto at = static_cast<std::size_t>(found - transfers->begin());
  const auto left = static_cast<int>(std::count_if(found, transfers->end(), isTaken));
  const auto describe = [this](const QString& url) {
    const int row = m_model.rowOf(url);
    return row < 0 ? QString() : NameTakenDialog::describe(m_model.entry(row));
  };
  auto* dialog =
      new NameTakenDialog(found->name, placeTitle(place), describe(found->from), describe(found->to), left, &m_window);
  connect(dialog, &NameTakenDialog::answered, this,
          [this, transfers, at, place, isMove](Transfer::IfTaken answer, bool isForAll) {
            for (std::size_t i = at; i < transfers->size() && (i == at || isForAll); ++i)
              (*transfers)[i].ifTaken = answer;
            resolve(transfers, isForAll ? transfers->size() : at + 1, place, isMove);
          });
  dialog->open();
}

void CatalogController::run(const std::vector<Transfer>& transfers, const QString& place, bool isMove) {
  QStringList urls;
  for (const Transfer& transfer : transfers)
    if (!transfer.isTaken || transfer.ifTaken != Transfer::IfTaken::Skip) urls << transfer.from;
  if (urls.isEmpty()) {
    Q_EMIT noted(isMove ? tr("Nothing was moved.") : tr("Nothing was copied."));
    return;
  }
  auto progress = std::make_shared<JobProgress>();
  Q_EMIT started((isMove ? tr("Moving %1 to %2") : tr("Copying %1 to %2")).arg(whatText(urls), placeTitle(place)),
                 progress);
  workerFor(urls, place)
      .run(
          this,
          [transfers, isMove, access = m_access, progress](ModelLibrary& library) {
            return runTransfer(library, transfers, isMove, access, JobProgress::reporter(progress));
          },
          [this, urls, place, isMove, progress](const Outcome<CatalogChange>& outcome) {
            Q_EMIT ended(progress);
            const QString what = whatText(urls);
            const QString where = placeTitle(place);
            took(outcome.value(), isMove ? tr("Not everything was moved.") : tr("Not everything was copied."),
                 (isMove ? tr("move %1") : tr("copy %1")).arg(what),
                 (isMove ? tr("Moved %1 to %2.") : tr("Copied %1 to %2.")).arg(what, where),
                 isMove ? QStringLiteral("replace") : QStringLiteral("copy"));
          });
}

void CatalogController::check(const QString& url) {
  workerFor({url}).run(
      this, [url, access = m_access](ModelLibrary& library) { return checkModel(library, url, access); },
      [this, url](const Outcome<QString>& outcome) {
        const QString& problem = outcome.value();
        const QString name = modelNameOf(url);
        Q_EMIT checked(url, problem);
        if (problem.isEmpty())
          Q_EMIT noted(tr("%1 is whole: it was read to its last byte.").arg(name));
        else
          ErrorDialog::show(tr("%1 is damaged.").arg(name), Error(ErrorKind::Format, problem.toStdString()), {},
                            &m_window);
      });
}

void CatalogController::exportRaw(const QString& url, const QString& folder) {
  m_stores.run(
      this, [url, folder](ModelLibrary& library) { return exportRawModel(library, url, folder); },
      [this](const Outcome<QString>& outcome) {
        if (outcome.isOk())
          Q_EMIT noted(tr("Exported to %1.").arg(outcome.value()));
        else
          ErrorDialog::show(tr("Nothing was exported."), outcome.error(), {}, &m_window);
      });
}

void CatalogController::askAndExportRaw(const QString& url, QWidget& parent) {
  auto* dialog = new QFileDialog(&parent, tr("Where shall the raw files go?"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::Directory);
  dialog->setOption(QFileDialog::ShowDirsOnly);
  connect(dialog, &QFileDialog::fileSelected, this, [this, url](const QString& folder) { exportRaw(url, folder); });
  dialog->open();
}

void CatalogController::copyToClipboard(const QStringList& urls, bool isCut) {
  if (urls.isEmpty()) return;
  QApplication::clipboard()->setMimeData(makeModelMime(urls, isCut));
  m_model.setCut(isCut ? urls : QStringList());
}

void CatalogController::paste(const QString& place) {
  bool isCut = false;
  const QMimeData* mime = QApplication::clipboard()->mimeData();
  const QStringList urls = mime ? modelUrls(*mime, &isCut) : QStringList();
  if (urls.isEmpty()) {
    Q_EMIT noted(tr("The clipboard holds no models."));
    return;
  }
  if (isCut) {
    m_model.setCut({});
    QApplication::clipboard()->clear();
  }
  if (place.isEmpty())
    askAndTransfer(urls, isCut, m_window);
  else
    transfer(urls, place, isCut);
}

void CatalogController::addFolder(const QString& folder) {
  m_settings.setFolders(m_settings.folders() << folder);
}

void CatalogController::addServer(const QString& address, const QString& token) {
  const QString root = serverRoot(address);
  HttpOptions access;
  if (!token.isEmpty()) access.setBearerToken(token);
  m_access[root] = access;
  if (m_settings.servers().contains(root))
    refreshPlace(root);
  else
    m_settings.setServers(m_settings.servers() << root);
}

void CatalogController::forgetPlace(const QString& key) {
  QStringList folders = m_settings.folders(), servers = m_settings.servers();
  m_access.erase(key);
  if (folders.removeAll(key) > 0) m_settings.setFolders(folders);
  if (servers.removeAll(key) > 0) m_settings.setServers(servers);
}

void CatalogController::replaceFolder(const QString& folder, const QString& found) {
  QStringList folders = m_settings.folders();
  std::ranges::replace(folders, folder, found);
  folders.removeDuplicates();
  m_settings.setFolders(folders);
}

void CatalogController::setQuota(const QString& scheme, std::int64_t quota) {
  m_settings.setQuota(scheme, quota);
  for (StoreWorker* worker : {&m_stores, &m_transfers}) {
    worker->run(
        this,
        [scheme, quota](ModelLibrary& library) {
          library.setQuota(scheme, quota);
          return true;
        },
        [](const Outcome<bool>&) {});
  }
  refresh();
}

}  // namespace layersmith
