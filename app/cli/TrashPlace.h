#pragma once

#include "model/storage/ModelStore.h"

#include <string>

namespace layersmith {

class Program;

/// The Trash of the stores, or of the folder in which a store server keeps its models (--root).
class TrashPlace {
 public:
  TrashPlace(Program& program, const std::string& root) : m_program(program), m_root(QString::fromStdString(root)) {}

  std::vector<TrashEntry> list() const;  ///< Errors: NotFound when the folder is none
  QString restore(const TrashEntry& entry) const;
  void purge(const TrashEntry& entry) const;  ///< this one alone, for good
  void empty() const;

  static constexpr const char* kRootHelp = "The Trash of a store server that keeps its models in this folder";

 private:
  Program& m_program;
  QString m_root;
};

}  // namespace layersmith
