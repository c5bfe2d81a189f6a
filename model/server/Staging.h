#pragma once

#include <QString>

namespace layersmith {

/// The folder of uploads on their way, each in a folder of its own with a name the server made. Emptied when made and
/// when destroyed; one server at a time has it.
class Staging {
 public:
  /// Errors: Busy when another server has it, E201 when it cannot be made.
  explicit Staging(const QString& folder);
  ~Staging();
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  QString makeEntry(const std::string& id) const;  ///< the path of a fresh folder. Errors: E201
  static void removeEntry(const QString& path);
  void removeOlderThan(int ms) const;  ///< what was not written to for so long; -1: all
  std::int64_t freeBytes() const;      ///< of the volume, for a person without privileges

 private:
  QString m_folder;
  int m_lock = -1;
};

}  // namespace layersmith
