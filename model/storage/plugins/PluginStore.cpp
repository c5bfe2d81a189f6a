#include "model/storage/plugins/PluginStore.h"

#include "model/core/Error.h"
#include "model/format/BoundedJson.h"
#include "model/format/JsonAccess.h"
#include "model/format/ModelJson.h"
#include "model/storage/ModelSummary.h"
#include "model/storage/folder/FileAccess.h"

#include <QDir>
#include <QFileInfo>
#include <QScopeGuard>
#include <QUuid>

#include <cerrno>
#include <optional>

namespace layersmith {

namespace {

ErrorKind kindOf(StorePlugin::Outcome::Kind kind) {
  switch (kind) {
    case StorePlugin::Outcome::NotFound: return ErrorKind::NotFound;
    case StorePlugin::Outcome::AlreadyExists: return ErrorKind::AlreadyExists;
    case StorePlugin::Outcome::Damaged: return ErrorKind::Format;
    case StorePlugin::Outcome::NoSpace: return ErrorKind::NoSpace;
    case StorePlugin::Outcome::Network: return ErrorKind::Network;
    case StorePlugin::Outcome::Unsupported: return ErrorKind::Unsupported;
    case StorePlugin::Outcome::Changed: return ErrorKind::Changed;
    case StorePlugin::Outcome::Busy: return ErrorKind::Busy;
    case StorePlugin::Outcome::Doubtful: return ErrorKind::Format;
    case StorePlugin::Outcome::Io:
    case StorePlugin::Outcome::Done: break;
  }
  return ErrorKind::Io;
}

const char* codeOf(StorePlugin::Outcome::Kind kind) {
  switch (kind) {
    case StorePlugin::Outcome::Damaged: return "E110";
    case StorePlugin::Outcome::NoSpace:
    case StorePlugin::Outcome::Io: return "E201";
    case StorePlugin::Outcome::Network: return "E301";
    case StorePlugin::Outcome::Doubtful: return "E111";
    case StorePlugin::Outcome::Busy:
    case StorePlugin::Outcome::Changed: return "E203";
    default: return "";
  }
}

Error errorOf(const StorePlugin::Outcome& outcome, const LoadedPlugin& plugin, const QString& name) {
  const QString message = outcome.message.isEmpty()
                              ? QStringLiteral("%1 could not do that with \"%2\".").arg(plugin.title, name)
                              : outcome.message;
  return {kindOf(outcome.kind), message.toStdString(), codeOf(outcome.kind), name.toStdString()};
}

/// One call into the plug-in: alone, and what it says as an Error.
template <class Call>
void ask(const LoadedPlugin& plugin, const QString& name, Call call) {
  const std::lock_guard lock(*plugin.mutex);
  const StorePlugin::Outcome outcome = call(*plugin.plugin);
  if (outcome.kind != StorePlugin::Outcome::Done) throw errorOf(outcome, plugin, name);
}

Error changed(const QString& name) {
  return {ErrorKind::Changed,
          QStringLiteral("\"%1\" was changed by another program. Nothing was written.").arg(name).toStdString(), "E203",
          name.toStdString(), "Replace it (the other version goes to Trash), or save this one elsewhere."};
}

void requireStill(const QString& base, const QString& now, const QString& name) {
  if (!base.isEmpty() && !now.isEmpty() && now != base) throw changed(name);
}

StorePlugin::Model modelOf(const ModelArtifacts& artifacts) {
  StorePlugin::Model model;
  model.modelJson = toJsonBytes(modelJson(artifacts, singleGroup(artifacts, "weights.bin")));
  model.hasWeights = artifacts.weightData != nullptr;
  if (artifacts.weightData) model.weights = artifacts.weightData->joined();
  return model;
}

}  // namespace

PluginStore::PluginStore(const LoadedPlugin& plugin, QString trashFolder)
    : m_plugin(plugin), m_trashFolder(std::move(trashFolder)), m_kept(m_trashFolder + QStringLiteral("/trash")) {}

bool PluginStore::Found::isSame(const Found& other) const {
  return outcome.kind == other.outcome.kind && model.modelJson == other.model.modelJson &&
         model.weights == other.model.weights && model.hasWeights == other.model.hasWeights;
}

PluginStore::Found PluginStore::read(const QString& name) {
  Found found;
  const std::lock_guard lock(*m_plugin.mutex);
  found.outcome = m_plugin.plugin->load(name, &found.model);
  switch (found.outcome.kind) {
    case StorePlugin::Outcome::Done:
    case StorePlugin::Outcome::Doubtful:
    case StorePlugin::Outcome::Damaged:
    case StorePlugin::Outcome::NotFound: return found;
    default: throw errorOf(found.outcome, m_plugin, name);
  }
}

PluginStore::Found PluginStore::readStamped(const QString& name) {
  const QString before = stamp(name);
  Found found = read(name);
  found.stamp = stamp(name);
  if (found.stamp != before) throw changed(name);
  return found;
}

ModelArtifacts PluginStore::artifactsOf(const QString& name, const Found& found) const {
  if (!found.isThere() || found.outcome.kind == StorePlugin::Outcome::Damaged)
    throw errorOf(found.outcome, m_plugin, name);
  ModelArtifacts artifacts = parseModelJson(found.model.modelJson, urlOf(name));
  artifacts.groups.clear();
  if (found.model.hasWeights) artifacts.weightData = std::make_shared<const WeightBytes>(found.model.weights);
  requireEnoughBytes(artifacts, urlOf(name));
  return artifacts;
}

ModelArtifacts PluginStore::load(const QString& name, const LoadOptions& options) {
  const Found found = read(name);
  if (found.outcome.kind == StorePlugin::Outcome::Doubtful && !options.acceptChangedFiles)
    throw errorOf(found.outcome, m_plugin, name);
  ModelArtifacts artifacts = artifactsOf(name, found);
  const std::int64_t bytes = artifacts.weightData ? artifacts.weightData->size() : 0;
  report(options.progress, bytes, bytes);
  return artifacts;
}

SaveResult PluginStore::save(const QString& name, const ModelArtifacts& artifacts, const SaveOptions& options,
                             const StoreProgress& progress) {
  SaveResult result = saveResult(urlOf(name), artifacts, QDateTime::currentDateTimeUtc());
  report(progress, 0, result.info.weightDataBytes);
  const StorePlugin::Model model = modelOf(artifacts);
  if (!options.overwrite)
    ask(m_plugin, name, [&](StorePlugin& plugin) { return plugin.save(name, model, false); });
  else if (options.replacedToTrash)
    replaceKept(name, model, options.base);
  else
    put(name, model, options.base);
  result.stamp = stamp(name);
  return result;
}

/// One that had a stamp and has none now was removed: what has come since is not replaced unseen.
void PluginStore::put(const QString& name, const StorePlugin::Model& model, const QString& base) {
  ask(m_plugin, name, [&](StorePlugin& plugin) {
    const QString now = plugin.stamp(name);
    requireStill(base, now, name);
    const bool replaces = base.isEmpty() || !now.isEmpty();
    const StorePlugin::Outcome outcome = plugin.save(name, model, replaces);
    if (!replaces && outcome.kind == StorePlugin::Outcome::AlreadyExists) throw changed(name);
    return outcome;
  });
}

void PluginStore::replaceKept(const QString& name, const StorePlugin::Model& model, const QString& base) {
  const Found found = readToKeep(name);
  requireStill(base, found.stamp, name);
  if (found.isThere()) {
    keepWhile(name, found, [&] { put(name, model, found.stamp); });
    return;
  }
  ask(m_plugin, name, [&](StorePlugin& plugin) {
    const StorePlugin::Outcome outcome = plugin.save(name, model, false);
    if (outcome.kind == StorePlugin::Outcome::AlreadyExists) throw changed(name);
    return outcome;
  });
}

bool PluginStore::contains(const QString& name) {
  return read(name).isThere();
}

QString PluginStore::stamp(const QString& name) {
  const std::lock_guard lock(*m_plugin.mutex);
  return m_plugin.plugin->stamp(name);
}

std::vector<ModelEntry> PluginStore::listBelow(const QString& where) {
  QList<StorePlugin::Entry> found;
  ask(m_plugin, where, [&](StorePlugin& plugin) { return plugin.list(where, &found); });
  std::vector<ModelEntry> entries;
  for (const StorePlugin::Entry& one : found) {
    ModelEntry entry;
    entry.url = urlOf(one.name);
    entry.name = one.name.mid(one.name.lastIndexOf(u'#') + 1);
    try {
      const ModelArtifacts artifacts = parseModelJson(one.modelJson, entry.url);
      const ModelSummary summary = summarise(artifacts);
      entry.info = artifactsInfo(artifacts, one.saved);
      entry.layerCount = summary.layerCount;
      entry.parameters = summary.parameters;
    } catch (const Error& error) {
      entry.problem = QString::fromStdString(error.message());
    }
    if (!one.problem.isEmpty()) entry.problem = one.problem;
    entry.info.dateSaved = one.saved;
    entry.info.weightDataBytes = one.weightBytes;
    entries.push_back(std::move(entry));
  }
  return entries;
}

TrashEntry PluginStore::keep(const QString& name, const Found& found) {
  const QString id = QUuid::createUuid().toString(QUuid::WithoutBraces);
  const QString folder = m_trashFolder + u'/' + id;
  const QDateTime deleted = QDateTime::currentDateTimeUtc();
  auto undo = qScopeGuard([&] { discard(id); });
  QString damage;
  const std::int64_t bytes = keepIn(folder, name, found, &damage);
  Json info = {
      {"name", name.toStdString()}, {"deleted", deleted.toString(Qt::ISODateWithMs).toStdString()}, {"bytes", bytes}};
  if (!damage.isEmpty()) info["damage"] = damage.toStdString();
  writeSynced(folder + QStringLiteral("/info.json"), toJsonBytes(info));
  syncFolder(folder);
  undo.dismiss();
  return {id, urlOf(name), name, deleted, bytes};
}

/// What is no model for us is kept as it came.
std::int64_t PluginStore::keepIn(const QString& folder, const QString& name, const Found& found, QString* damage) {
  std::optional<ModelArtifacts> artifacts;
  try {
    artifacts = artifactsOf(name, found);
  } catch (const Error& error) {
    *damage = QString::fromStdString(error.message());
  }
  if (artifacts) return m_kept.save(folder + QStringLiteral("/model"), *artifacts).info.totalBytes();
  const QString raw = folder + QStringLiteral("/damaged");
  if (!QDir().mkpath(raw)) throw unwritten(raw, errno);
  writeSynced(raw + QStringLiteral("/model.json"), found.model.modelJson);
  writeSynced(raw + QStringLiteral("/weights.bin"), found.model.weights);
  syncFolder(raw);
  return found.model.modelJson.size() + found.model.weights.size();
}

bool PluginStore::discard(const QString& trashId) const {
  return trashId.isEmpty() || QDir(m_trashFolder + u'/' + trashId).removeRecursively();
}

void PluginStore::requireDiscarded(const QString& trashId) const {
  if (discard(trashId)) return;
  throw Error(ErrorKind::Io,
              QStringLiteral("%1 could not be removed from the Trash %2. What is left of it goes when the Trash is "
                             "emptied.")
                  .arg(trashId, m_trashFolder)
                  .toStdString(),
              "E201", m_trashFolder.toStdString());
}

PluginStore::Found PluginStore::readToKeep(const QString& name) {
  try {
    return readStamped(name);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Changed) throw;
    throw Error(error.kind(),
                "\"" + name.toStdString() +
                    "\" cannot be read now, so it cannot be kept in the Trash. Nothing was changed. " + error.message(),
                error.code(), error.where(), "Try again when it can be read.");
  }
}

TrashEntry PluginStore::keepWhile(const QString& name, const Found& found, const std::function<void()>& action) {
  const TrashEntry entry = keep(name, found);
  try {
    action();
  } catch (const Error&) {
    if (isStill(name, found)) discard(entry.id);
    throw;
  }
  return entry;
}

bool PluginStore::isStill(const QString& name, const Found& found) {
  try {
    return read(name).isSame(found);
  } catch (const Error&) {
    return false;  // its place is not reachable now: then nobody knows
  }
}

bool PluginStore::holds(const QString& name, const ModelArtifacts& artifacts) {
  try {
    return contentHash(load(name)) == contentHash(artifacts);
  } catch (const Error&) {
    return false;  // not there, damaged, or its place is not reachable now: then nobody knows
  }
}

TrashEntry PluginStore::removeUnchanged(const QString& name, const QString& stamp) {
  const Found found = readToKeep(name);
  if (!found.isThere()) throw errorOf(found.outcome, m_plugin, name);
  return keepWhile(name, found, [&] {
    const QString expected = stamp.isEmpty() ? found.stamp : stamp;
    ask(m_plugin, name, [&](StorePlugin& plugin) { return plugin.removeUnchanged(name, expected); });
  });
}

void PluginStore::rename(const QString& from, const QString& to) {
  if (to.contains(u'#'))
    throw Error(ErrorKind::InvalidConfig, "A name holds no '#': it would lead into another file. Nothing was changed.",
                {}, to.toStdString());
  const QString target = from.left(from.lastIndexOf(u'#') + 1) + to;  // a name inside a file stays in its file
  const Found found = readStamped(from);
  if (found.outcome.kind == StorePlugin::Outcome::Doubtful) throw errorOf(found.outcome, m_plugin, from);
  artifactsOf(from, found);  // refuses what is no model
  QString added;
  ask(m_plugin, target, [&](StorePlugin& plugin) {
    const StorePlugin::Outcome outcome = plugin.save(target, found.model, false);
    added = plugin.stamp(target);
    return outcome;
  });
  try {
    ask(m_plugin, from, [&](StorePlugin& plugin) { return plugin.removeUnchanged(from, found.stamp); });
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Changed || isStill(from, found)) takeBack(target, added, error);
    throw Error(error.kind(), error.message() + " Its copy is at " + urlOf(target).toStdString() + ".", error.code(),
                error.where());
  }
}

/// Throws `cause` when the copy is gone again; returns when it stays.
void PluginStore::takeBack(const QString& copy, const QString& stamp, const Error& cause) {
  try {
    ask(m_plugin, copy, [&](StorePlugin& plugin) { return plugin.removeUnchanged(copy, stamp); });
  } catch (const Error&) {
    return;
  }
  throw cause;
}

std::vector<TrashEntry> PluginStore::trash() {
  std::vector<TrashEntry> entries;
  for (const QString& id : QDir(m_trashFolder).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
    try {
      const Json info =
          parseBoundedJson(OpenFolder(m_trashFolder + u'/' + id).read(QStringLiteral("info.json"), 1 << 20),
                           QStringLiteral("info.json"));
      const QString name = QString::fromStdString(memberOf(info, "name").get<std::string>());
      entries.push_back({id, urlOf(name), name,
                         QDateTime::fromString(QString::fromStdString(memberOf(info, "deleted").get<std::string>()),
                                               Qt::ISODateWithMs),
                         memberOf(info, "bytes").get<std::int64_t>()});
    } catch (const std::exception& damaged) {
      continue;  // half of a removal that was killed: the model is still in its place
    }
  }
  return entries;
}

QString PluginStore::trashName(const QString& trashId) {
  for (const TrashEntry& entry : trash())
    if (entry.id == trashId) return entry.name;
  throw notFound(trashId, QStringLiteral("the Trash"));
}

void PluginStore::restore(const QString& trashId) {
  const QString name = trashName(trashId);
  const QString folder = m_trashFolder + u'/' + trashId;
  if (const QString raw = folder + QStringLiteral("/damaged"); QFileInfo::exists(raw))
    throw Error(
        ErrorKind::Format,
        QStringLiteral("\"%1\" was damaged when it was removed, and cannot be put back. What could be read of it "
                       "lies in %2 until the Trash is emptied.")
            .arg(name, raw)
            .toStdString(),
        "E110", raw.toStdString());
  const ModelArtifacts artifacts = m_kept.load(folder + QStringLiteral("/model"));
  // One that is there and equal was put back by a restore that was killed.
  if (!holds(name, artifacts)) {
    const StorePlugin::Model model = modelOf(artifacts);
    ask(m_plugin, name, [&](StorePlugin& plugin) { return plugin.save(name, model, false); });
  }
  discard(trashId);
}

void PluginStore::purge(const QString& trashId) {
  trashName(trashId);
  requireDiscarded(trashId);
}

/// Halves of removals that were killed go too.
void PluginStore::emptyTrash() {
  for (const QString& id : QDir(m_trashFolder).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) requireDiscarded(id);
}

}  // namespace layersmith
