#include "model/core/Error.h"
#include "model/format/ModelJson.h"
#include "model/storage/ModelLibrary.h"
#include "model/storage/ModelSummary.h"
#include "model/storage/browser/BrowserDump.h"
#include "model/storage/browser/SqliteStore.h"

#include <algorithm>
#include <vector>

namespace layersmith {

namespace {

SqliteStore& browserStore(ModelLibrary& library, const QString& scheme) {
  if (auto* store = dynamic_cast<SqliteStore*>(&library.store(scheme))) return *store;
  throw Error(
      ErrorKind::InvalidConfig,
      "A browser keeps models in localstorage:// and indexeddb:// only, not in " + scheme.toStdString() + "://.", {},
      scheme.toStdString());
}

QStringList allModels(ModelLibrary& library) {
  QStringList urls;
  for (const char* scheme : {"localstorage", "indexeddb"})
    for (const ModelEntry& entry : library.store(QLatin1String(scheme)).list()) urls.append(entry.url);
  return urls;
}

/// The same error, with the model it is of and what was done before it.
Error ofModel(const Error& error, const QString& url, const QStringList& imported, qsizetype count) {
  const QString done = imported.isEmpty() ? QStringLiteral("Nothing was imported.")
                                          : QStringLiteral("%1 of %2 were imported: %3.")
                                                .arg(imported.size())
                                                .arg(count)
                                                .arg(imported.join(QStringLiteral(", ")));
  const bool hasOthers = imported.isEmpty() && count > 1;
  return {error.kind(), (url + QStringLiteral(": ")).toStdString() + error.message() + ' ' + done.toStdString(),
          error.code(), error.where(),
          error.hint().empty() && hasOthers ? "Name the other models to import them alone." : error.hint()};
}

/// Finds out before anything is stored which models would be refused.
void requireImportable(ModelLibrary& library, const std::vector<DumpedModel>& models, bool overwrite) {
  QStringList taken;
  for (const DumpedModel& model : models) {
    const QString url = Place{model.scheme, model.name}.url();
    try {
      parsePlace(url);  // names are checked as typed ones are
      const bool isLocal = model.scheme == QStringLiteral("localstorage");
      const BrowserFormat& format = isLocal ? localStorageFormat() : indexedDbFormat();
      requireEnoughBytes(format.decode(model.records, model.weights), url);
    } catch (const Error& error) {
      throw ofModel(error, url, {}, qsizetype(models.size()));
    }
    if (!overwrite && library.contains(url)) taken.append(url);
  }
  if (taken.isEmpty()) return;
  const QString message = taken.join(QStringLiteral(", ")) +
                          (taken.size() > 1 ? QStringLiteral(" exist already.") : QStringLiteral(" exists already.")) +
                          QStringLiteral(" Nothing was imported.");
  throw Error(ErrorKind::AlreadyExists, message.toStdString(), {}, taken.front().toStdString());
}

}  // namespace

QStringList ModelLibrary::importDump(QByteArrayView dump, const QString& fileName, const QStringList& only,
                                     bool overwrite) {
  std::vector<DumpedModel> models = readDump(dump, fileName);
  QStringList wanted, urls;
  for (const QString& url : only) wanted.append(parsePlace(url).url());
  for (const DumpedModel& model : models) urls.append(Place{model.scheme, model.name}.url());
  for (const QString& url : wanted)
    if (!urls.contains(url)) throw notFound(url, fileName);
  if (!wanted.isEmpty()) {
    std::erase_if(models, [&](const DumpedModel& one) { return !wanted.contains(Place{one.scheme, one.name}.url()); });
    urls.removeIf([&](const QString& url) { return !wanted.contains(url); });
  }
  requireImportable(*this, models, overwrite);
  SaveOptions options;
  options.overwrite = overwrite;
  options.replacedToTrash = overwrite;
  QStringList imported;
  for (const DumpedModel& model : models) {
    const QString url = Place{model.scheme, model.name}.url();
    try {
      browserStore(*this, model.scheme).saveRecords(model.name, model.records, model.weights, options);
    } catch (const Error& error) {
      throw ofModel(error, url, imported, urls.size());
    }
    imported.append(url);
  }
  return imported;
}

QByteArray ModelLibrary::exportDump(const QStringList& urls) {
  std::vector<DumpedModel> models;
  const QStringList wanted = urls.isEmpty() ? allModels(*this) : urls;
  for (const QString& url : wanted) {
    const Place place = parsePlace(url);
    SqliteStore& store = browserStore(*this, place.scheme);
    try {
      SqliteStore::Dumped found = store.dumped(place.name);
      models.push_back({place.scheme, place.name, std::move(found.records), std::move(found.weights)});
    } catch (const Error& error) {
      throw Error(error.kind(), place.url().toStdString() + ": " + error.message() + " Nothing was exported.",
                  error.code(), error.where(),
                  wanted.size() > 1 ? "Name the other models to export them alone." : error.hint());
    }
  }
  return writeDump(models);
}

}  // namespace layersmith
