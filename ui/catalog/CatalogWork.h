#pragma once

#include "model/core/Error.h"
#include "model/storage/ModelLibrary.h"

#include <map>
#include <optional>
#include <vector>

namespace layersmith {

/// What is done to the stores from the catalog, as functions of a library. Thread rule: a storage worker, never the GUI
/// thread. Errors do not leave a change: it says how far it came and what ended it.

/// Headers for each server, by its root address. In memory only.
using ServerAccess = std::map<QString, HttpOptions>;
HttpOptions accessFor(const ServerAccess& servers, const QString& url);

/// One model on its way, and what stands at the target already.
struct Transfer {
  enum class IfTaken { KeepBoth, Replace, Skip };

  QString from, to;  ///< URLs
  QString name;      ///< at the target
  bool isTaken = false;
  IfTaken ifTaken = IfTaken::KeepBoth;
};

/// What an action did, in a form that can be taken back: what it made can go to Trash, what it took lies there.
struct CatalogChange {
  struct Rename {
    QString url, newUrl;
  };
  QStringList created;              ///< URLs
  std::vector<TrashEntry> removed;  ///< in Trash now
  std::vector<Rename> renamed;
  std::vector<Rename> moved;           ///< what of `created` came from where; that lies in Trash
  std::vector<Rename> movedOnServers;  ///< between a server and another place: moved back, not taken from a Trash
  QStringList purged;                  ///< ids of the Trash, gone for good: nothing takes that back
  int done = 0;                        ///< models
  std::optional<Error> failure;        ///< what ended it early; nothing else was changed

  bool isEmpty() const { return created.isEmpty() && removed.empty() && renamed.empty() && movedOnServers.empty(); }
  bool needs(const QStringList& trashIds) const;  ///< for being taken back
  bool hasServers() const { return !movedOnServers.empty(); }
};

/// Asks the target place, "indexeddb", a folder or a server's root, which names are taken. Errors: of the stores.
std::vector<Transfer> planTransfer(ModelLibrary& library, const QStringList& urls, const QString& place,
                                   const ServerAccess& servers);
CatalogChange runTransfer(ModelLibrary& library, const std::vector<Transfer>& transfers, const QString& place,
                          bool isMove, const ServerAccess& servers, const StoreProgress& progress);
/// Between two models `progress` is asked whether to go on; what was done until then stays and is told.
CatalogChange removeModels(ModelLibrary& library, const QStringList& urls, const StoreProgress& progress);
/// `replaces`: what lies where a model was goes to the Trash first.
CatalogChange restoreModels(ModelLibrary& library, const QStringList& trashIds, bool replaces,
                            const StoreProgress& progress);
QString renamedUrl(const QString& url, const QString& newName);
CatalogChange renameModel(ModelLibrary& library, const QString& url, const QString& newName);
CatalogChange removeFromServers(ModelLibrary& library, const QStringList& urls, const ServerAccess& servers,
                                const StoreProgress& progress);
/// These entries of the Trash, for good. One that is not there any more is as good as gone.
CatalogChange purgeModels(ModelLibrary& library, const QStringList& trashIds, const StoreProgress& progress);
/// These entries for good, and what lies there without being one, unless others came meanwhile; then false.
/// Errors: of the stores, Cancelled.
bool emptyTrash(ModelLibrary& library, const QStringList& trashIds, const StoreProgress& progress);

/// Takes a change back; what that did can be taken back in turn.
CatalogChange reversed(ModelLibrary& library, const CatalogChange& change, const ServerAccess& servers,
                       const StoreProgress& progress);

/// What reading a saved model to its last byte gave.
struct CheckResult {
  QString findings;       ///< what is wrong with it; empty: nothing
  bool isDamaged = true;  ///< of findings: false when its bytes may be right, but not for this program
};
/// Errors: whatever keeps the model from being read and says nothing of it (see isFinding()), such as Network,
/// Cancelled.
CheckResult checkModel(ModelLibrary& library, const QString& url, const ServerAccess& servers,
                       const StoreProgress& progress);

/// Copies what the place holds of a model, readable or not, to a new folder in `folder`: its files, or its records as a
/// browser dump. Gives the new folder, which is gone again when it fails. Errors: Unsupported for a server, Io,
/// Cancelled.
QString exportRawModel(ModelLibrary& library, const QString& url, const QString& folder, const StoreProgress& progress);

}  // namespace layersmith
