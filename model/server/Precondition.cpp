#include "model/server/Precondition.h"

#include "model/core/Error.h"
#include "model/server/EntityTags.h"

namespace layersmith {

namespace {

const QString kModelJson = QStringLiteral("model.json");

Refusal written() {
  return {412, "E203",
          "The model is not the one that If-Match names: it was written or removed since. Nothing was changed."};
}

}  // namespace

void changeUnchanged(ModelRepository& repository, const QString& name, const std::string& ifMatch,
                     const std::function<void(const QString& stamp)>& change) {
  if (ifMatch.empty()) return change({});
  const QString stamp = repository.stamp(name);  // before the ETag: a save in between makes the change fail
  const auto served = repository.open(name, kModelJson);
  if (!served || stamp.isEmpty() || !namesEtag(ifMatch, served->etag, TagMatch::Strong)) throw written();
  try {
    change(stamp);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::NotFound || repository.stamp(name) != stamp) throw written();
    throw;
  }
}

std::string etagOfSaved(ModelRepository& repository, const QString& name, const QString& stamp,
                        const std::string& requestId) {
  try {
    const auto served = repository.open(name, kModelJson);
    if (served && repository.stamp(name) == stamp) return served->etag;
  } catch (...) {  // a busy store, a disk that fails: the model is stored all the same, and the answer must say so
  }
  return '"' + requestId + '"';
}

}  // namespace layersmith
