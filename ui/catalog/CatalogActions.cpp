// What the catalog's controller does to models: each job becomes a step that can be undone.
#include "ui/catalog/CatalogPlaces.h"
#include "ui/catalog/CatalogQuestions.h"
#include "ui/catalog/CatalogStep.h"
#include "ui/dialogs/ErrorDialog.h"
#include "ui/dialogs/PlaceDialog.h"
#include "ui/widgets/SizeText.h"

#include <QApplication>
#include <QClipboard>
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

bool isSkipped(const Transfer& transfer) {
  return transfer.isTaken && transfer.ifTaken == Transfer::IfTaken::Skip;
}

/// What is left of them when so many were done.
std::vector<Transfer> withoutFirst(std::vector<Transfer> transfers, int done) {
  std::erase_if(transfers, [&](const Transfer& transfer) { return isSkipped(transfer) || done-- > 0; });
  return transfers;
}

}  // namespace

StoreWorker& CatalogController::workerFor(const QStringList& urls, const QString& place) {
  return isOnServer(place) || std::ranges::any_of(urls, isOnServer) ? m_transfers : m_stores;
}

/// `again` does what is left, once the server that refused it got another token.
bool CatalogController::tellFailure(const CatalogChange& change, const QString& title,
                                    const std::function<void()>& again) {
  if (!change.failure) return false;
  if (change.failure->kind() == ErrorKind::Cancelled)
    Q_EMIT noted(change.done == 0 ? QString::fromStdString(change.failure->message())
                                  : tr("Stopped after %Ln model(s).", nullptr, change.done));
  else
    ErrorDialog::show(title, *change.failure, tokenActions(*change.failure, again), &m_window);
  return true;
}

/// Documents that are open follow what happened to their models.
void CatalogController::tellOthers(const CatalogChange& change) {
  QStringList left;
  for (const auto* renames : {&change.renamed, &change.movedOnServers, &change.moved}) {
    for (const CatalogChange::Rename& rename : *renames) {
      left << rename.url;
      Q_EMIT renamed(rename.url, rename.newUrl);
    }
  }
  QStringList taken;
  for (const TrashEntry& entry : change.removed) taken << entry.url;
  for (const QString& url : taken)
    if (!left.contains(url)) Q_EMIT removed(url);  // also when another stands there now
  for (const QString& url : change.created)
    if (!taken.contains(url)) Q_EMIT restored(url);  // what replaced a model is another one
}

/// `isFinal`: nothing of it can be undone.
void CatalogController::took(const CatalogChange& change, const QString& title, const QString& step,
                             const QString& text, const QString& iconName, bool isFinal,
                             const std::function<void()>& again) {
  refresh();
  tellOthers(change);
  if (!change.isEmpty() && !isFinal) {
    CatalogChange kept = change;
    kept.failure.reset();
    m_steps.push(new CatalogStep(*this, step, kept));
  }
  if (tellFailure(change, title, again) || change.done == 0) return;
  change.isEmpty() || isFinal ? Q_EMIT noted(text) : Q_EMIT done(text, iconName);
}

void CatalogController::reverse(const Change& change, const QString& doing, const QString& text) {
  m_reversing.push_back({change, doing, text});
  if (m_reversing.size() == 1) reverseNext();
}

/// One after the other, whichever thread each takes.
void CatalogController::reverseNext() {
  const auto [change, doing, text] = m_reversing.front();
  runShown(
      change->hasServers() ? m_transfers : m_stores, doing,
      [change = change, access = m_access](ModelLibrary& library, const StoreProgress& progress) {
        CatalogChange back = reversed(library, *change, access, progress);
        *change = back;
        return back;
      },
      [this, text = text](const Outcome<CatalogChange>& outcome) {
        m_reversing.pop_front();
        refresh();
        if (outcome.isOk()) {
          tellOthers(outcome.value());
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
  runChange(
      m_stores, tr("Renaming %1").arg(modelNameOf(url)),
      [url, newName](ModelLibrary& library, const StoreProgress&) { return renameModel(library, url, newName); },
      [this, url, newName](const Outcome<CatalogChange>& outcome) {
        const std::optional<Error>& failure = outcome.value().failure;
        if (failure && (failure->kind() == ErrorKind::AlreadyExists || failure->kind() == ErrorKind::InvalidConfig)) {
          refresh();
          Q_EMIT renameRefused(url, newName, QString::fromStdString(failure->message()));
          return;
        }
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
  runChange(
      m_stores, tr("Deleting %1").arg(whatText(own)),
      [own](ModelLibrary& library, const StoreProgress& progress) { return removeModels(library, own, progress); },
      [this, own](const Outcome<CatalogChange>& outcome) {
        const CatalogChange& change = outcome.value();
        const QString text = own.size() == 1 ? tr("Deleted %1. It stays in the Trash for 30 days.").arg(whatText(own))
                                             : tr("Deleted %Ln models. They stay in the Trash for 30 days.", nullptr,
                                                  static_cast<int>(change.removed.size()));
        took(change, tr("Not everything was deleted."), tr("delete %1").arg(whatText(own)), text,
             QStringLiteral("delete"));
      });
}

void CatalogController::askToRemoveFromServers(const QStringList& urls) {
  QStringList hosts;
  for (const QString& url : urls) hosts << placeTitle(placeOf(url));
  hosts.removeDuplicates();
  const QString host = hosts.join(tr(" and "));
  const QString title = urls.size() == 1 ? tr("Delete %1 from %2?").arg(modelNameOf(urls.front()), host)
                                         : tr("Delete %Ln models from %1?", nullptr, int(urls.size())).arg(host);
  auto* question = new ConfirmDialog(QStringLiteral("deleteOnServer"), title,
                                     tr("The server removes it for everyone. Layersmith cannot bring it back."),
                                     tr("Delete"), &m_window);
  connect(question, &QDialog::accepted, this, [this, urls] { removeFromServers(urls); });
  question->open();
}

void CatalogController::removeFromServers(const QStringList& urls) {
  runChange(
      m_transfers, tr("Deleting %1 from the server").arg(whatText(urls)),
      [urls, access = m_access](ModelLibrary& library, const StoreProgress& progress) {
        return layersmith::removeFromServers(library, urls, access, progress);
      },
      [this, urls](const Outcome<CatalogChange>& outcome) {
        const QStringList left = urls.mid(outcome.value().done);
        took(outcome.value(), tr("Not everything was deleted."), {},
             tr("Deleted %1 from the server.").arg(whatText(urls)), {}, true,
             [this, left] { removeFromServers(left); });
      });
}

/// A name that is taken is asked about; what is there then goes to the Trash.
void CatalogController::restore(const QStringList& trashIds, bool replaces) {
  runChange(
      m_stores, tr("Restoring %Ln model(s)", nullptr, static_cast<int>(trashIds.size())),
      [trashIds, replaces](ModelLibrary& library, const StoreProgress& progress) {
        return restoreModels(library, trashIds, replaces, progress);
      },
      [this, trashIds](const Outcome<CatalogChange>& outcome) {
        CatalogChange change = outcome.value();
        if (change.failure && change.failure->kind() == ErrorKind::AlreadyExists) {
          const QStringList rest = trashIds.mid(change.done);
          ErrorDialog::show(tr("There is one of this name already."), *change.failure,
                            {{QStringLiteral("replace"), tr("Replace it"), [this, rest] { restore(rest, true); }}},
                            &m_window);
          change.failure.reset();
        }
        took(change, tr("Not everything was restored."), tr("restore %1").arg(whatText(change.created)),
             tr("Restored %1.").arg(whatText(change.created)), QStringLiteral("undo"));
      });
}

/// Steps that would bring them back end with them.
void CatalogController::purge(const QStringList& trashIds) {
  std::int64_t bytes = 0;
  for (const TrashEntry& entry : m_trash)
    if (trashIds.contains(entry.id)) bytes += entry.bytes;
  runChange(
      m_stores, tr("Deleting %Ln model(s) for good", nullptr, static_cast<int>(trashIds.size())),
      [trashIds](ModelLibrary& library, const StoreProgress& progress) {
        return purgeModels(library, trashIds, progress);
      },
      [this, bytes](const Outcome<CatalogChange>& outcome) {
        refresh();
        const CatalogChange& change = outcome.value();
        endStepsThatNeed(change.purged);
        if (tellFailure(change, tr("Not everything was deleted."))) return;
        Q_EMIT noted(tr("Deleted %Ln model(s) for good. That freed %1.", nullptr, change.done).arg(sizeText(bytes)));
      });
}

void CatalogController::endStepsThatNeed(const QStringList& trashIds) {
  for (int i = 0; i < m_steps.count(); ++i) {
    const auto* step = dynamic_cast<const CatalogStep*>(m_steps.command(i));
    if (step && step->needs(trashIds)) return m_steps.clear();
  }
}

void CatalogController::emptyTrash(const QStringList& trashIds) {
  runChange(
      m_stores, tr("Emptying the Trash"),
      [trashIds](ModelLibrary& library, const StoreProgress& progress) {
        return layersmith::emptyTrash(library, trashIds, progress);
      },
      [this, trashIds](const Outcome<bool>& outcome) {
        refresh();
        if (!outcome.isOk() && outcome.error().kind() == ErrorKind::Cancelled) {
          Q_EMIT noted(tr("Stopped. What is still in the Trash stays there."));
          return;
        }
        endStepsThatNeed(trashIds);
        if (outcome.isOk())
          Q_EMIT noted(outcome.value() ? tr("The Trash is empty.")
                                       : tr("The Trash was emptied. What came to it meanwhile is still there."));
        else
          ErrorDialog::show(tr("The Trash was not emptied."), outcome.error(), {}, &m_window);
      });
}

void CatalogController::askAndTransfer(const QStringList& urls, bool isMove, QWidget& parent) {
  auto* dialog = new PlaceDialog(isMove ? tr("Move to") : tr("Copy to"), m_places, &parent);
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
          [this, moving, place, isMove](const Outcome<std::vector<Transfer>>& outcome) {
            if (outcome.isOk())
              resolve(std::make_shared<std::vector<Transfer>>(outcome.value()), 0, place, isMove);
            else
              ErrorDialog::show(
                  isMove ? tr("Nothing was moved.") : tr("Nothing was copied."), outcome.error(),
                  tokenActions(outcome.error(), [this, moving, place, isMove] { transfer(moving, place, isMove); }),
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
    if (!isSkipped(transfer)) urls << transfer.from;
  if (urls.isEmpty()) {
    Q_EMIT noted(isMove ? tr("Nothing was moved.") : tr("Nothing was copied."));
    return;
  }
  runChange(
      workerFor(urls, place),
      (isMove ? tr("Moving %1 to %2") : tr("Copying %1 to %2")).arg(whatText(urls), placeTitle(place)),
      [transfers, place, isMove, access = m_access](ModelLibrary& library, const StoreProgress& progress) {
        return runTransfer(library, transfers, place, isMove, access, progress);
      },
      [this, urls, transfers, place, isMove](const Outcome<CatalogChange>& outcome) {
        const QString what = whatText(urls);
        const QString where = placeTitle(place);
        took(outcome.value(), isMove ? tr("Not everything was moved.") : tr("Not everything was copied."),
             (isMove ? tr("move %1") : tr("copy %1")).arg(what),
             (isMove ? tr("Moved %1 to %2.") : tr("Copied %1 to %2.")).arg(what, where),
             isMove ? QStringLiteral("replace") : QStringLiteral("copy"), false,
             [this, left = withoutFirst(transfers, outcome.value().done), place, isMove] { run(left, place, isMove); });
      });
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

}  // namespace layersmith
