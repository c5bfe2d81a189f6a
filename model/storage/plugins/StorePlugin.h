#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QString>
#include <QtPlugin>

namespace layersmith {

/// A place for models that a shared library adds under a scheme of its own: "archive://moons". This header needs QtCore
/// alone and is all that a plug-in includes; model/storage/plugins/README.md shows how to build one.
///
/// Names are what stands after "scheme://", as typed; what they mean is the plug-in's. A model is the text of its
/// model.json, whose manifest names one file, and the bytes of that file; a plug-in keeps both as they are. save()
/// leaves the old model or the new one, whole, and returns when it is on disk. Nothing may be thrown. Thread rule:
/// called from any thread, one call at a time.
class StorePlugin {
 public:
  struct Model {
    QByteArray modelJson;
    QByteArray weights;
    bool hasWeights = true;
  };

  struct Entry {
    QString name;
    QDateTime saved;
    QByteArray modelJson;
    qint64 weightBytes = 0;
    QString problem = {};  ///< not empty: what is known to be wrong with it, for people
  };

  struct Outcome {
    enum Kind {
      Done,
      NotFound,
      AlreadyExists,
      Damaged,  ///< for good. What is out of reach at the moment is Io, Network or Busy: then nothing is replaced
      NoSpace,
      Io,
      Network,
      Unsupported,
      Changed,
      Busy,     ///< another program holds it
      Doubtful  ///< of load(): the model is given, whole, but a newer version of it may be lost
    };
    Kind kind = Done;
    QString message;  ///< for people: what was found, what to do
  };

  virtual ~StorePlugin() = default;

  virtual QString scheme() const = 0;  ///< lower case letters, digits, '-'
  virtual QString title() const = 0;   ///< "Append-only archive", as the catalog names the place
  /// Once, before any other call. `dataFolder` is where the program keeps its things; it may not be there yet.
  virtual void initialize(const QString& dataFolder) = 0;

  /// NotFound, Damaged, Doubtful, ... With Damaged the model may hold the bytes that can be read: they are kept when a
  /// person removes or replaces it.
  virtual Outcome load(const QString& name, Model* model) = 0;
  virtual Outcome save(const QString& name, const Model& model, bool overwrite) = 0;  ///< AlreadyExists, ...
  virtual Outcome remove(const QString& name) = 0;
  /// The models below `where` ("archive:///a/file" gives "/a/file"); empty: of the plug-in's own place.
  virtual Outcome list(const QString& where, QList<Entry>* entries) = 0;

  // Optional: a plug-in whose place other programs write to as well has both.
  /// A few words that change whenever the model there is written, also with equal bytes. Empty: there is no such model,
  /// or nobody can know.
  virtual QString stamp(const QString& /*name*/) { return {}; }
  /// As remove(), but Changed when it no longer has this stamp. Check and removal are one step.
  virtual Outcome removeUnchanged(const QString& name, const QString& /*stamp*/) { return remove(name); }
};

}  // namespace layersmith

/// The number is the version of the interface: a plug-in of another version is refused before its code runs.
#define LAYERSMITH_STORE_PLUGIN_IID "org.layersmith.StorePlugin/3"
Q_DECLARE_INTERFACE(layersmith::StorePlugin, LAYERSMITH_STORE_PLUGIN_IID)
