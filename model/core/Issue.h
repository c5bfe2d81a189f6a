#pragma once

#include "model/core/FieldValue.h"
#include "model/core/LayerId.h"

#include <string>
#include <vector>

namespace layersmith {

enum class Severity { Hint, Warning, Error };

/// One way to mend an issue with one click. The document carries it out (model/document/Edits.h, applyRepair).
struct Repair {
  enum class Action {
    InsertBefore,  ///< put a new layer `className` with `config` on the edge that leads into `layer`
    SetField,      ///< config[fieldKey] = value of `layer`
    RemoveLayer,   ///< take `layer` out and join its neighbours
    ConnectToEnd   ///< put the loose `layer` at the end of the chain
  };
  Action action = Action::InsertBefore;
  LayerId layer;
  std::string className;
  FieldMap config;
  std::string fieldKey;
  FieldValue value;
  std::string label;  ///< "Insert Flatten"
};

/// A state of a model that a person should know of. Not an error: an unfinished model is full of them.
struct Issue {
  Severity severity = Severity::Error;
  LayerId layer;         ///< invalid when it concerns the whole model
  std::string fieldKey;  ///< the schema field it concerns, or empty
  std::string message;   ///< one or two sentences; layer names in backticks
  std::string code;      ///< "E120", may be empty
  std::vector<Repair> repairs;
};

}  // namespace layersmith
