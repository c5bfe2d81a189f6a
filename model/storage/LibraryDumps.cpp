#include "model/core/Error.h"
#include "model/storage/BrowserDump.h"
#include "model/storage/ModelLibrary.h"
#include "model/storage/ModelSummary.h"
#include "model/storage/SqliteStore.h"

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

}  // namespace

QStringList ModelLibrary::importDump(QByteArrayView dump, const QString& fileName, const QStringList& only,
                                     bool overwrite) {
  const std::vector<DumpedModel> models = readDump(dump, fileName);
  QStringList wanted, found;
  for (const QString& url : only) wanted.append(parsePlace(url).url());
  for (const DumpedModel& model : models) found.append(Place{model.scheme, model.name}.url());
  for (const QString& url : wanted)
    if (!found.contains(url)) throw notFound(url, fileName);
  SaveOptions options;
  options.overwrite = overwrite;
  options.replacedToTrash = overwrite;
  QStringList imported;
  for (const DumpedModel& model : models) {
    const Place place = parsePlace(Place{model.scheme, model.name}.url());  // names are checked as typed ones are
    if (!wanted.isEmpty() && !wanted.contains(place.url())) continue;
    browserStore(*this, model.scheme).saveRecords(model.name, model.records, model.weights, options);
    imported.append(place.url());
  }
  return imported;
}

QByteArray ModelLibrary::exportDump(const QStringList& urls) {
  std::vector<DumpedModel> models;
  for (const QString& url : urls.isEmpty() ? allModels(*this) : urls) {
    const Place place = parsePlace(url);
    SqliteStore& store = browserStore(*this, place.scheme);
    models.push_back({place.scheme, place.name, store.recordsOf(place.name), store.weightsOf(place.name)});
  }
  return writeDump(models);
}

}  // namespace layersmith
