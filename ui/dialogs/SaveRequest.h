#pragma once

#include "model/document/DocumentIo.h"
#include "model/storage/ModelStore.h"

#include <optional>

namespace layersmith {

class ModelLibrary;

enum class SaveTarget { Folder, Pair, LocalStorage, IndexedDb, Http, Plugin };

/// A Layersmith server that models can be sent to, and the way in.
struct UploadServer {
  QString root;  ///< "http://lab.example:8080"
  QString title;
  HttpOptions access;
  QString problem{};  ///< not empty: it was not reached lately, and why
};

/// Where and how a model shall be saved: what the Save As dialog gives.
struct SaveRequest {
  SaveTarget target = SaveTarget::Folder;
  QString url;  ///< what parsePlace takes; empty: the form is not complete
  QString name;
  QString server;  ///< root of a known server, which says when a name is taken; empty: none
  QString
      secretHeader;  ///< name of the header of options.http that holds the secret, where it is one of the server's own
  SaveContents contents;
  SaveOptions options;
};

std::optional<SaveTarget> targetOf(const QString& url);  ///< none: a .zip
QString folderOf(const QString& url);                    ///< the one that holds the model's folder or its .json
QString ownUrl(const SaveRequest& request);              ///< what the model is known by after the save
QString sendingUrl(const SaveRequest& request);          ///< where the request goes
/// Not a second try of the same save, which a server that has it answers as the first.
SaveRequest asAnother(SaveRequest request);
bool knowsTakenNames(const SaveRequest& request);               ///< whether freeNameFor() can ask
SaveRequest renamed(SaveRequest request, const QString& name);  ///< the same place, another name

/// "moons-2" when "moons" is taken where the request goes. Errors: of the stores and servers.
QString freeNameFor(ModelLibrary& library, const SaveRequest& request);

}  // namespace layersmith
