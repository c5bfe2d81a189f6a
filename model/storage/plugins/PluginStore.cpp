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
    case StorePlugin::Outcome::Changed: return "E203";
    default: return "";
  }
}

/// One call into the plug-in: alone, and what it says as an Error.
template <class Call>
void ask(const LoadedPlugin& plugin, const QString& name, Call call) {
  const std::lock_guard lock(*plugin.mutex);
  const StorePlugin::Outcome outcome = call(*plugin.plugin);
  if (outcome.kind == StorePlugin::Outcome::Done) return;
  const QString message = outcome.message.isEmpty()
                              ? QStringLiteral("%1 could not do that with \"%2\".").arg(plugin.title, name)
                              : outcome.message;
  throw Error(kindOf(outcome.kind), message.toStdString(), codeOf(outcome.kind), name.toStdString());
}

void requireStill(const QString& base, const QString& now, const QString& name) {
  if (base.isEmpty() || now.isEmpty() || now == base) return;
  throw Error(ErrorKind::Changed,
              QStringLiteral("\"%1\" was changed by another program. Nothing was written.").arg(name).toStdString(),
              "E203", name.toStdString(), "Replace it (the other version goes to Trash), or save this one elsewhere.");
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

ModelArtifacts PluginStore::load(const QString& name, const LoadOptions& options) {
  StorePlugin::Model model;
  ask(m_plugin, name, [&](StorePlugin& plugin) { return plugin.load(name, &model); });
  ModelArtifacts artifacts = parseModelJson(model.modelJson, urlOf(name));
  artifacts.groups.clear();
  if (model.hasWeights) artifacts.weightData = std::make_shared<const WeightBytes>(std::move(model.weights));
  requireEnoughBytes(artifacts, urlOf(name));
  const std::int64_t bytes = artifacts.weightData ? artifacts.weightData->size() : 0;
  report(options.progress, bytes, bytes);
  return artifacts;
}

SaveResult PluginStore::save(const QString& name, const ModelArtifacts& artifacts, const SaveOptions& options,
                             const StoreProgress& progress) {
  SaveResult result = saveResult(urlOf(name), artifacts, QDateTime::currentDateTimeUtc());
  report(progress, 0, result.info.weightDataBytes);
  if (options.overwrite) requireStill(options.base, stamp(name), name);
  const StorePlugin::Model model = modelOf(artifacts);
  const auto save = [&] {
    ask(m_plugin, name, [&](StorePlugin& plugin) { return plugin.save(name, model, options.overwrite); });
  };
  if (options.overwrite && options.replacedToTrash && contains(name))
    keepWhile(name, save);
  else
    save();
  result.stamp = stamp(name);
  return result;
}

bool PluginStore::contains(const QString& name) {
  StorePlugin::Model model;
  const std::lock_guard lock(*m_plugin.mutex);
  return m_plugin.plugin->load(name, &model).kind == StorePlugin::Outcome::Done;
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
    entry.info.dateSaved = one.saved;
    entry.info.weightDataBytes = one.weightBytes;
    entries.push_back(std::move(entry));
  }
  return entries;
}

TrashEntry PluginStore::keep(const QString& name, const ModelArtifacts& artifacts) {
  const QString id = QUuid::createUuid().toString(QUuid::WithoutBraces);
  const QString folder = m_trashFolder + u'/' + id;
  const QDateTime deleted = QDateTime::currentDateTimeUtc();
  auto undo = qScopeGuard([&] { discard(id); });
  const SaveResult kept = m_kept.save(folder + QStringLiteral("/model"), artifacts);
  writeSynced(folder + QStringLiteral("/info.json"),
              toJsonBytes(Json{{"name", name.toStdString()},
                               {"deleted", deleted.toString(Qt::ISODateWithMs).toStdString()},
                               {"bytes", kept.info.totalBytes()}}));
  syncFolder(folder);
  undo.dismiss();
  return {id, urlOf(name), name, deleted, kept.info.totalBytes()};
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

TrashEntry PluginStore::keepWhile(const QString& name, const std::function<void()>& action) {
  const ModelArtifacts artifacts = load(name);
  const TrashEntry entry = keep(name, artifacts);
  try {
    action();
  } catch (const Error&) {
    if (holds(name, artifacts)) discard(entry.id);
    throw;
  }
  return entry;
}

bool PluginStore::holds(const QString& name, const ModelArtifacts& artifacts) {
  try {
    return contains(name) && contentHash(load(name)) == contentHash(artifacts);
  } catch (const Error&) {
    return false;  // damaged, or its place is not reachable now: then nobody knows
  }
}

TrashEntry PluginStore::removeUnchanged(const QString& name, const QString& stamp) {
  return keepWhile(
      name, [&] { ask(m_plugin, name, [&](StorePlugin& plugin) { return plugin.removeUnchanged(name, stamp); }); });
}

void PluginStore::rename(const QString& from, const QString& to) {
  const qsizetype inside = from.lastIndexOf(u'#') + 1;  // a name inside a file stays in its file
  const ModelArtifacts artifacts = load(from);
  const StorePlugin::Model model = modelOf(artifacts);
  ask(m_plugin, to, [&](StorePlugin& plugin) { return plugin.save(from.left(inside) + to, model, false); });
  ask(m_plugin, from, [&](StorePlugin& plugin) { return plugin.remove(from); });
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
  const ModelArtifacts artifacts = m_kept.load(m_trashFolder + u'/' + trashId + QStringLiteral("/model"));
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
