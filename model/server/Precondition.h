#pragma once

#include "model/server/ModelRepository.h"

#include <functional>

namespace layersmith {

/// Changes a model under the If-Match of a request (empty: there is none), as one step with the check: `change` gets
/// the stamp that the place shall still have. Errors: Refusal 412 when the model has another ETag, is not there, or was
/// written meanwhile; of `change`.
void changeUnchanged(ModelRepository& repository, const QString& name, const std::string& ifMatch,
                     const std::function<void(const QString& stamp)>& change);

/// The ETag of the model.json that was saved with this stamp; one that nothing has when it was written over since, or
/// cannot be read now: whoever saves with that as If-Match is asked first. Errors: none, for the model is stored.
std::string etagOfSaved(ModelRepository& repository, const QString& name, const QString& stamp,
                        const std::string& requestId);

}  // namespace layersmith
