#include "ui/catalog/ModelFacts.h"

#include "model/data/Generators.h"
#include "model/document/DocumentIo.h"
#include "ui/canvas/ModelFamily.h"
#include "ui/catalog/CatalogPlaces.h"

#include <QElapsedTimer>

#include <algorithm>

namespace layersmith {

namespace {

constexpr int kPatienceMs = 5'000;  // with a server: nobody waits for these

/// Gives up in time, in a pause between two tries too.
LoadOptions impatient(const HttpOptions& access) {
  LoadOptions options;
  options.http = access;
  options.http.timeoutMs = std::min(access.timeoutMs, kPatienceMs);
  QElapsedTimer clock;
  clock.start();
  options.progress = [clock](std::int64_t, std::int64_t) { return clock.elapsed() < kPatienceMs; };
  return options;
}

/// An answer with an error's status (E305) is of one model alone.
bool isSilent(const Error& error) {
  return error.kind() == ErrorKind::Cancelled || (error.kind() == ErrorKind::Network && error.code() != "E305");
}

}  // namespace

ModelFacts ModelFacts::of(const DocumentState& state) {
  ModelFacts facts;
  if (state.hasRecipe) facts.trainedOn = generatorTitle(state.recipe.source);
  facts.score = scoreOf(state.userDefinedMetadata);
  facts.family = familyOf(state.graph);
  return facts;
}

ReadFacts readModelFacts(ModelLibrary& library, const QStringList& urls, const ServerAccess& servers) {
  ReadFacts read;
  for (const QString& url : urls) {
    if (read.silentPlaces.contains(placeOf(url))) continue;
    ModelFacts facts;
    try {
      facts = ModelFacts::of(documentFromArtifacts(library.peek(url, impatient(accessFor(servers, url)))).state);
    } catch (const Error& error) {
      if (isSilent(error)) {
        read.silentPlaces << placeOf(url);
        continue;
      }
    }
    read.urls << url;
    read.facts.push_back(std::move(facts));
  }
  return read;
}

}  // namespace layersmith
